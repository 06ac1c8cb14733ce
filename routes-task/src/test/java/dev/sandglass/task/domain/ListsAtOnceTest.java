package dev.sandglass.task.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Portions;
import dev.sandglass.task.routes.Replica;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Lists made at once meet in the documents of their users and shards: they queue there, and none has to be decided again. */
@Tag("FR-012")
class ListsAtOnceTest {
    private static final int LISTS = 400;
    private static final int USERS = 4;

    private final AtomicInteger lost = new AtomicInteger();

    private final MemoryDapr dapr = new MemoryDapr(1) {
        @Override
        public void commit(Transaction transaction) {
            try {
                // Time enough for others to read what this is about to change.
                Thread.sleep(1);
                super.commit(transaction);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } catch (Unavailable e) {
                lost.incrementAndGet();
                throw e;
            }
        }
    };

    @Test
    void noneIsDecidedTwice() throws Exception {
        Replica replica = new Replica(dapr).start();
        ExecutorService threads = Executors.newFixedThreadPool(32);
        try {
            List<Future<?>> made = new ArrayList<>();
            for (int i = 0; i < LISTS; i++) {
                Request request = new Request("user" + i % USERS, Set.of(), null, null, Instant.now());
                made.add(threads.submit(() -> {
                    replica.send("direct:users.know", "", Map.of("request", request));
                    replica.write(new ChangeList(new Users(ZoneOffset.UTC))
                            .create(request, Json.object().put("name", "List")));
                }));
            }
            for (Future<?> one : made) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(0, lost.get(), "transactions lost to others");
        for (int i = 0; i < USERS; i++) {
            String user = "user" + i;
            Portions<String> theirs = Users.listsOf(user);
            List<String> lists = replica.decide(documents -> Accepted.unchanged(theirs.in(documents)));
            assertEquals(LISTS / USERS + 1, lists.size());
        }
        replica.stop();
    }
}
