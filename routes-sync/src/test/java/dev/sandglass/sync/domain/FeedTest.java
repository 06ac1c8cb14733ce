package dev.sandglass.sync.domain;

import static dev.sandglass.sync.domain.Frames.change;
import static dev.sandglass.sync.domain.Frames.changes;
import static dev.sandglass.sync.domain.Frames.list;
import static dev.sandglass.sync.domain.Frames.ofList;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-005")
@Tag("FR-014")
@Tag("SC-008")
class FeedTest {
    private final Feed feed = Feed.of(list(5, "alice", "bob"));

    @Test
    void takesWhatFollowsAndWhatLeadsUp() {
        Feed grown = feed.with(changes(3, 8));
        assertEquals(3, grown.first());
        assertEquals(8, grown.head());
        assertEquals(change(4), grown.at(4));
        assertTrue(grown.covers(2));
        assertFalse(grown.covers(1));
    }

    @Test
    void passesOverWhatItHasAndWhatIsBeyondAHole() {
        Feed grown = feed.with(changes(6, 7));
        assertSame(grown, grown.with(List.of(change(7))));
        assertSame(grown, grown.with(List.of(change(9))));
        assertSame(grown, grown.with(changes(1, 3)));
        assertEquals(8, grown.with(List.of(change(7), change(8), change(10))).head());
    }

    @Test
    void keepsTheLatestOnly() {
        Feed long_ = feed.with(changes(6, 2_005));
        assertEquals(2_005, long_.head());
        assertEquals(Feed.CHANGES_KEPT, long_.frames().size());
        assertEquals(10, long_.trimmed(10).frames().size());
        assertEquals(2_005, long_.trimmed(10).head());
    }

    @Test
    void knowsItsMembersAsOfTheLatestChange() {
        Feed shared = feed.with(List.of(ofList(6, "list.shared", "alice", "bob", "carol")));
        assertTrue(shared.has("carol"));
        assertTrue(shared.with(list(5, "alice")).has("carol"), "what was read before it does not count");
        assertFalse(shared.with(list(7, "alice")).has("carol"));
        assertEquals(Set.of(), shared.deleted().members());
        assertEquals(Set.of(), shared.deleted().with(list(9, "alice")).members());
        assertEquals(
                Set.of(),
                shared.with(List.of(ofList(7, "list.deleted", "alice", "bob"))).members());
    }

    @Test
    void aPastMembershipDoesNotComeBack() {
        Feed unshared = feed.with(List.of(ofList(6, "list.unshared", "alice")));
        assertFalse(unshared.with(List.of(change(4), ofList(5, "list.shared", "alice", "bob")))
                .has("bob"));
    }

    @Test
    void goesOnWhereTheLedgerIsWhenTheRestIsLost() {
        assertEquals(20, feed.startingAfter(20).head());
        assertFalse(feed.startingAfter(20).covers(7));
    }

    @Test
    void showsAFrameAsTheIntegratorsWantItUnlessItIsNoneOfThisChange() {
        Frame frame = change(3);
        String less = "{\"type\":\"change\",\"list\":\"l\",\"seq\":3,\"event\":\"task.updated\"}";
        assertEquals(less, frame.shownAs(less).text());
        for (String not : new String[] {"", "x", "{}", less.replace("3", "4"), less.replace("\"l\"", "\"m\"")}) {
            assertSame(frame, frame.shownAs(not), not);
        }
        assertSame(frame, frame.shownAs(null));
    }
}
