package dev.sandglass.task.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Role;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.CountingDapr;
import dev.sandglass.task.domain.finding.Page;
import dev.sandglass.task.routes.Replica;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** As many lists as a user may have, with as many members as a list may have: whoever looks through them holds a few at once. */
@Tag("FR-012")
class ManyMembersTest {
    private static final Request ALICE = new Request("alice", Set.of(), null, null, Instant.now());

    private final CountingDapr dapr = new CountingDapr();
    private final Replica replica = new Replica(dapr).start();

    @AfterEach
    void stop() {
        replica.stop();
    }

    private static final String ALICE_ALONE = "{\"users\":[\"alice\"]}";

    @Test
    void allAreAnsweredAndAFewAreHeld() {
        User alice = alice(User.MOST_LISTS, 24);
        Answer answer = read(FindLists.all(ALICE, alice));
        JsonNode lists =
                Json.read(String.valueOf(answer.body()), JsonNode.class).path("lists");
        assertEquals(User.MOST_LISTS, lists.size());
        assertEquals("Inbox", lists.at("/0/name").asText());
        assertEquals(Head.MOST_MEMBERS, lists.at("/999/members").size());
        aFewWereHeld(24);
    }

    @Test
    void whoeverElseLooksThroughThemHoldsAFew() {
        User alice = alice(User.MOST_LISTS, 24);
        Page page = replica.send("direct:tasks.find", null, Map.of("user", alice, "request", ALICE, "query", Map.of()));
        assertEquals(0, page.total());
        assertEquals(User.MOST_LISTS, lists(read(Ask.audit(ALICE, alice, Map.of()))));
        assertEquals(User.MOST_LISTS, lists(read(Ask.reminders(ALICE, alice, Map.of()))));
        ForServices.ListsOf theirs = read(ForServices.listsOf(ALICE_ALONE));
        assertEquals(User.MOST_LISTS, lists(theirs.answer().toString()));
        ObjectNode heads = read(ForServices.howFar(0, 0, Instant.now())).answer();
        assertEquals(User.MOST_LISTS, heads.path("heads").size());
        String asked = Json.object().set("lists", Json.tree(alice.lists())).toString();
        assertEquals(
                User.MOST_LISTS, lists(read(ForServices.heads(asked)).answer().toString()));
        assertEquals(
                Reason.INVALID,
                assertThrows(
                                Rejection.class,
                                () -> replica.write(new ChangeList(new Users(ZoneOffset.UTC))
                                        .create(ALICE, Json.object().put("name", "one more"))))
                        .reason());
        aFewWereHeld(24);
    }

    @Test
    void moreThanAnAnswerHoldsIsRefused() {
        User alice = alice(200, 255);
        assertEquals(
                Reason.INVALID,
                assertThrows(Rejection.class, () -> read(FindLists.all(ALICE, alice)))
                        .reason());
        assertEquals(
                Reason.INVALID,
                assertThrows(Rejection.class, () -> read(ForServices.listsOf(ALICE_ALONE)))
                        .reason());
    }

    private <T> T read(Decision<T> decision) {
        return replica.send("direct:lists.read", decision, Map.of());
    }

    private static int lists(String json) {
        return Json.read(json, JsonNode.class).path("lists").size();
    }

    private void aFewWereHeld(int name) {
        dapr.readsNoMoreAtOnceThan(64L * Head.MOST_MEMBERS * (name + 15));
    }

    /** @param name characters of the names of members */
    private User alice(int lists, int name) {
        SortedMap<String, Role> members = new TreeMap<>();
        members.put("alice", Role.OWNER);
        for (int i = 1; i < Head.MOST_MEMBERS; i++) {
            members.put("m".repeat(name - 3) + (100 + i), Role.EDITOR);
        }
        Transaction transaction = new Transaction();
        for (int i = 0; i < lists; i++) {
            String id = "l" + i;
            transaction.put(
                    Keys.head(id),
                    new Head(
                            1,
                            id,
                            i == 7 ? Head.INBOX : id,
                            "alice",
                            members,
                            1,
                            "",
                            Instant.EPOCH,
                            0,
                            false,
                            new TreeMap<>(),
                            i == 7,
                            false,
                            1,
                            List.of(),
                            Map.of()));
        }
        User alice = User.fresh("alice", ZoneOffset.UTC)
                .withInbox("l7")
                .only(IntStream.range(0, lists).mapToObj(i -> "l" + i).collect(Collectors.toCollection(TreeSet::new)));
        SortedMap<Integer, Integer> counts = new TreeMap<>();
        alice.lists().forEach(list -> {
            int number = counts.merge(Keys.shard(list), 1, Integer::sum);
            transaction.put(Keys.lists(Keys.shard(list), number), list);
        });
        counts.forEach((shard, number) -> transaction.put(Keys.lists(shard), new ListCount(1, number)));
        dapr.commit(transaction.put(Keys.user("alice"), alice));
        return alice;
    }
}
