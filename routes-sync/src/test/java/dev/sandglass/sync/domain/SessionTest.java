package dev.sandglass.sync.domain;

import static dev.sandglass.sync.domain.Frames.change;
import static dev.sandglass.sync.domain.Frames.changes;
import static dev.sandglass.sync.domain.Frames.list;
import static dev.sandglass.sync.domain.Frames.ofList;
import static dev.sandglass.sync.domain.Frames.said;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.Role;
import dev.sandglass.events.TaskList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-005")
@Tag("FR-014")
@Tag("SC-008")
class SessionTest {
    private final Session session = new Session("bob");
    private Feed feed = Feed.of(list(5, "alice", "bob"));

    private void hear(Frame... frames) {
        feed = feed.with(List.of(frames));
    }

    @Test
    void readyNamesEveryListWithItsNumber() {
        assertEquals("{\"type\":\"ready\",\"lists\":{\"l\":5}}", session.ready(Map.of("l", 5L)));
    }

    @Test
    @Tag("FR-013")
    void aSocketForSomeListsIsToldOfNoOther() {
        Session limited = new Session("bob", "mine"::equals);
        assertEquals("{\"type\":\"ready\",\"lists\":{\"mine\":2}}", limited.ready(Map.of("l", 5L, "mine", 2L)));
        limited.resume(Map.of("l", 3L));
        hear(change(6));
        assertEquals(List.of(), said(limited, feed));
        assertTrue(limited.asks());
        limited.checked();
        assertEquals("{\"type\":\"gone\",\"list\":\"l\"}", limited.nextNotice());
        hear(change(7));
        assertEquals(List.of(), said(limited, feed));
    }

    @Test
    void changesWaitForTheFirstWord() {
        session.ready(Map.of("l", 5L));
        hear(change(6), change(7));
        assertEquals(List.of(), said(session, feed));
        session.live();
        assertEquals(List.of("6", "7"), said(session, feed));
        assertEquals(List.of(), said(session, feed));
    }

    @Test
    void resumeIsAnsweredFromMemoryWhereItReachesBack() {
        session.ready(Map.of("l", 5L));
        feed = feed.with(changes(3, 7));
        session.resume(Map.of("l", 3L));
        assertEquals(List.of("4", "5", "6", "7"), said(session, feed));
        session.resume(Map.of("l", 6L));
        assertEquals(List.of("7"), said(session, feed), "a later one again");
    }

    @Test
    void resumeFurtherBackAsksTheLedgerPageByPage() {
        session.ready(Map.of("l", 5L));
        hear(change(6));
        session.resume(Map.of("l", 1L));
        assertEquals(List.of("ask:1"), said(session, feed));
        assertEquals(List.of(), said(session, feed), "asked once");
        session.answered("l", 1, changes(2, 3), 6);
        assertEquals(List.of("2", "3", "ask:3"), said(session, feed));
        hear(change(7));
        session.answered("l", 3, changes(4, 6), 7);
        assertEquals(List.of("4", "5", "6", "7"), said(session, feed));
    }

    @Test
    void whatIsForgottenIsAskedForAgain() {
        session.ready(Map.of("l", 5L));
        session.resume(Map.of("l", 1L));
        assertEquals(List.of("ask:1"), said(session, feed));
        session.answered("l", 1, changes(2, 5), 5);
        long all = session.held();
        assertTrue(session.next(feed) instanceof Step.Send);
        assertEquals(all / 4 * 3, session.held());
        session.forget();
        assertEquals(0, session.held());
        assertEquals(List.of("ask:2"), said(session, feed));
        session.answered("l", 2, changes(3, 5), 5);
        session.resume(Map.of("l", 4L));
        assertEquals(0, session.held());
        assertEquals(List.of("ask:4"), said(session, feed));
        session.answered("l", 4, changes(5, 5), 5);
        hear(ofList(6, "list.unshared", "alice"));
        assertEquals(List.of("gone"), said(session, feed));
        assertEquals(0, session.held());
    }

    @Test
    void anAnswerToAQuestionNoLongerAskedIsPassedOver() {
        session.ready(Map.of("l", 5L));
        session.resume(Map.of("l", 1L));
        assertEquals(List.of("ask:1"), said(session, feed));
        session.resume(Map.of("l", 2L));
        assertEquals(List.of("ask:2"), said(session, feed));
        session.answered("l", 1, changes(2, 5), 5);
        assertEquals(List.of(), said(session, feed));
        session.answered("l", 2, changes(3, 5), 5);
        assertEquals(List.of("3", "4", "5"), said(session, feed));
    }

    @Test
    void aResumeThatIsThereBeforeReadyCounts() {
        session.resume(Map.of("l", 4L));
        feed = feed.with(changes(5, 5));
        session.ready(Map.of("l", 5L));
        assertEquals(List.of("5"), said(session, feed));
    }

    @Test
    void whatIsNotKeptAnyMoreIsReload() {
        session.ready(Map.of("l", 5L));
        session.resume(Map.of("l", 1L));
        assertEquals(List.of("ask:1"), said(session, feed));
        session.tooOld("l", 1);
        assertEquals(List.of("reload"), said(session, feed));
        hear(change(6));
        assertEquals(List.of("6"), said(session, feed));
    }

    @Test
    void aNumberTheListNeverHadIsReload() {
        session.ready(Map.of("l", 5L));
        session.resume(Map.of("l", 99L));
        assertEquals(List.of("ask:99"), said(session, feed));
        session.answered("l", 99, List.of(), 5);
        assertEquals(List.of("reload"), said(session, feed));
    }

    @Test
    void aClientThatKnowsMoreThanWeIsNotToldAgain() {
        session.ready(Map.of("l", 5L));
        session.resume(Map.of("l", 7L));
        assertEquals(List.of("ask:7"), said(session, feed));
        session.answered("l", 7, List.of(), 7);
        hear(change(6), change(7), change(8));
        assertEquals(List.of("8"), said(session, feed));
    }

    @Test
    void aNewlySharedListIsReloadAndThenLive() {
        session.ready(Map.of());
        session.live();
        Feed shared = Feed.of(change(8)).with(List.of(ofList(9, "list.shared", "alice", "bob")));
        assertEquals(List.of("reload"), said(session, shared));
        assertEquals(List.of("10"), said(session, shared.with(List.of(change(10)))));
    }

    @Test
    void aListOfOnesOwnMadeElsewhereIsToldFromItsBeginning() {
        session.ready(Map.of());
        session.live();
        Feed made = Feed.of(ofList(1, "list.created", "bob")).with(List.of(change(2)));
        assertEquals(List.of("reload", "1", "2"), said(session, made));
    }

    @Test
    @Tag("FR-012")
    void whoeverIsNoMemberIsToldNothing() {
        session.ready(Map.of("l", 5L));
        session.live();
        hear(ofList(6, "list.unshared", "alice"), change(7));
        assertEquals(List.of("gone"), said(session, feed));
        hear(change(8));
        assertEquals(List.of(), said(session, feed));
        session.resume(Map.of("l", 1L));
        assertEquals(List.of(), said(session, feed));
    }

    @Test
    void aDeletedListIsGone() {
        session.ready(Map.of("l", 5L));
        session.live();
        hear(ofList(6, "list.deleted", "alice", "bob"));
        assertEquals(List.of("gone"), said(session, feed));
    }

    @Test
    void aListUnsharedWhileTheSocketOpensIsGone() {
        hear(ofList(6, "list.unshared", "alice"));
        said(session, feed);
        session.ready(Map.of("l", 5L));
        session.live();
        assertEquals(List.of("gone"), said(session, feed));
    }

    @Test
    void newsOfAListBeforeReadyIsNotForgotten() {
        said(session, Feed.of(ofList(1, "list.created", "bob")));
        session.ready(Map.of());
        session.live();
        assertEquals(List.of("l"), List.copyOf(session.lists()));
    }

    @Test
    void nobodyIsToldAnythingWhileTheMembersAreNotKnown() {
        session.ready(Map.of("l", 5L));
        session.live();
        assertEquals(List.of(), said(session, Feed.of(change(6))));
    }

    @Test
    void remindersComeAfterReady() {
        session.remind("{}");
        assertNull(session.nextNotice());
        assertFalse(session.greeted());
        session.ready(Map.of());
        assertEquals("{}", session.nextNotice());
        assertNull(session.nextNotice());
    }

    @Test
    void aListThatIsNotTheUsersIsGoneOnceTheLedgerWasAsked() {
        session.resume(Map.of("early", 1L));
        session.ready(Map.of("l", 5L));
        assertTrue(session.asks());
        session.resume(Map.of("l", 5L, "deleted", 3L, "made", 0L));
        assertFalse(session.asks(), "one question at a time");
        session.checked();
        assertEquals("{\"type\":\"gone\",\"list\":\"early\"}", session.nextNotice());
        assertTrue(session.asks());
        assertFalse(session.asks(), "asked once");
        assertNull(session.nextNotice());
        // Made a moment ago: the ledger knows it.
        said(session, Feed.of(new TaskList("made", "Made", "bob", new TreeMap<>(Map.of("bob", Role.OWNER)), 1)));
        session.checked();
        assertEquals("{\"type\":\"gone\",\"list\":\"deleted\"}", session.nextNotice());
        assertNull(session.nextNotice());
        assertFalse(session.asks());
    }
}
