package dev.sandglass.task.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.task.domain.finding.Page;
import dev.sandglass.task.routes.Replica;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A change costs the calls of the sidecar that it needs, and no more. */
class DaprCallsTest {
    private static final Request ALICE = new Request("alice", Set.of(), null, null, Instant.now());

    private final List<String> calls = new ArrayList<>();
    private final Replica replica = new Replica(new MemoryDapr(1) {
        @Override
        public synchronized Map<String, Stored> read(Collection<String> keys) {
            calls.add("read " + keys.size());
            return super.read(keys);
        }

        @Override
        public synchronized void commit(Transaction transaction) {
            calls.add("write");
            super.commit(transaction);
        }
    });
    private final CreateTask create = new CreateTask(new Users(ZoneOffset.UTC));
    private String list = "";

    @BeforeEach
    void makeList() {
        replica.start();
        replica.send("direct:users.know", "", Map.of("request", ALICE));
        Answer made = replica.write(new ChangeList(new Users(ZoneOffset.UTC))
                .create(ALICE, Json.object().put("name", "home")));
        list = made.body().path("id").asText();
        calls.clear();
    }

    @AfterEach
    void stop() {
        replica.stop();
    }

    @Test
    void aNewTaskIsOneReadAndOneTransaction() {
        create(ALICE);
        assertEquals(List.of("read 2", "write"), calls);
    }

    @Test
    void aTaskThatIsThereIsFoundByTwoReadsOfOneKey() {
        String id = create(ALICE).body().path("id").asText();
        calls.clear();
        replica.send("direct:ledger.change-where-it-is", CompleteTask.complete(ALICE.about(id)), Map.of());
        assertEquals(List.of("read 1", "read 1", "read 2", "write"), calls);
    }

    @Test
    void anIdempotencyKeyCostsNoRead() {
        create(once());
        assertEquals(List.of("read 2", "write"), calls);
    }

    /** Rare, and so it may cost more: it is found by the write that does not fit. */
    @Test
    void aRepeatedRequestIsAnsweredByWhatTheFirstOneLeft() {
        Answer first = create(once());
        calls.clear();
        assertEquals(first, create(once()));
        assertEquals(List.of("read 2", "write", "read 3", "read 1"), calls);
    }

    @Test
    void aRepeatedRequestThatWouldBeRefusedByNowIsAnsweredAsBefore() {
        Answer first = create(once());
        replica.write(new ChangeList(new Users(ZoneOffset.UTC)).delete(ALICE.about(list)));
        assertEquals(first, create(once()));
    }

    @Test
    void aNewListReadsTheDocumentsOfItsShardInItsTurn() {
        replica.write(new ChangeList(new Users(ZoneOffset.UTC))
                .create(ALICE, Json.object().put("name", "other")));
        assertEquals(List.of("read 2", "read 2", "write"), calls);
    }

    @Test
    void aSearchOfOneListReadsTheHeadOfThatListAlone() {
        create(ALICE);
        find(Map.of("list", list));
        assertEquals(1, find(Map.of("list", list)).total());
        assertEquals(List.of("read 1"), calls);
        find(Map.of());
        assertEquals(List.of("read 2"), calls.subList(0, 1));
    }

    private Page find(Map<String, String> query) {
        User alice = replica.decide(new Users(ZoneOffset.UTC).find(ALICE));
        calls.clear();
        return replica.send("direct:tasks.find", null, Map.of("user", alice, "request", ALICE, "query", query));
    }

    private static Request once() {
        return new Request("alice", Set.of(), Once.of("alice", "/api/tasks", "a key", "{}"), null, Instant.now());
    }

    private Answer create(Request request) {
        return replica.write(
                create.create(request, null, Json.object().put("title", "x").put("list", list)));
    }
}
