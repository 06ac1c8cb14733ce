package dev.sandglass.task.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A refused request leaves nothing behind, and a limit once reached can be left again. */
@Tag("FR-012")
class RefusedTest {
    private static final Request ALICE = new Request("alice", Set.of(), null, null, Instant.now());
    private static final Request MALLORY = new Request("mallory", Set.of(), null, null, Instant.now());

    private final TestLedger ledger = new TestLedger(new MemoryDapr(1));

    @Test
    void aMoveBeyondTheLimitOfATaskMovesNothing() {
        JsonNode task = ledger.write(new CreateTask(ledger.users)
                        .create(ALICE, ledger.know(ALICE).inbox(), Json.object().put("title", "x")))
                .body();
        String id = task.path("id").asText();
        String list = newList();

        JsonNode tooMuch = Json.object().put("list", list).put("description", "\u017c".repeat(50_000));
        assertThrows(
                Rejection.class,
                () -> ledger.change(ChangeTask.change(ALICE.about(id), ledger.know(ALICE), tooMuch, Map.of())));

        assertEquals(task, ledger.decide(FindTasks.one(ALICE.about(id))).body());
    }

    @Test
    void listsThatAreGoneMakeRoomForNewOnes() {
        ledger.know(ALICE);
        // The Inbox is one of them.
        for (int i = 1; i < User.MOST_LISTS; i++) {
            String list = newList();
            if (i % 2 == 0) {
                ledger.write(new ChangeList(ledger.users).delete(ALICE.about(list)));
            }
        }
        for (int i = 0; i < (User.MOST_LISTS - 1) / 2; i++) {
            newList();
        }
        assertEquals(
                Reason.INVALID, assertThrows(Rejection.class, this::newList).reason());
        assertEquals(
                User.MOST_LISTS,
                ledger.decide(FindLists.all(ALICE, ledger.know(ALICE)))
                        .body()
                        .path("lists")
                        .size());
    }

    @Test
    void othersLeaveRoomForAUsersOwnLists() {
        ledger.know(ALICE);
        ledger.know(MALLORY);
        String last = "";
        for (int i = 0; i < User.MOST_OF_OTHERS; i++) {
            last = newList(MALLORY);
            share(last, "editor");
        }
        String more = newList(MALLORY);
        assertEquals(
                Reason.INVALID,
                assertThrows(Rejection.class, () -> share(more, "editor")).reason());
        // A member's role may still change, and what was left makes room.
        share(last, "viewer");
        ledger.write(new ChangeList(ledger.users).unshare(MALLORY.about(last, ALICE.user())));
        share(more, "editor");
        newList();
    }

    private void share(String list, String role) {
        ledger.write(
                new ChangeList(ledger.users).share(MALLORY.about(list, ALICE.user()), Json.tree(Map.of("role", role))));
    }

    private String newList() {
        return newList(ALICE);
    }

    private String newList(Request owner) {
        return ledger.write(new ChangeList(ledger.users).create(owner, Json.tree(Map.of("name", "L"))))
                .body()
                .path("id")
                .asText();
    }
}
