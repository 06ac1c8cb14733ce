package dev.sandglass.task.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Writes of different lists that wait share a transaction, and nothing else: what one of them meets is its own. */
@Tag("FR-012")
@Tag("FR-015")
class WritesTest {
    private static final List<String> LISTS =
            IntStream.range(0, 40).mapToObj(i -> "list-" + i).toList();

    private final AtomicInteger transactions = new AtomicInteger();
    private final Store store = new Store();
    private final Replica replica = new Replica(store, Duration.ofSeconds(1), 10_000_000);
    private final ExecutorService clients = Executors.newFixedThreadPool(LISTS.size());

    /** Slow until all have come. */
    private final class Store extends MemoryDapr {
        private volatile CountDownLatch come = new CountDownLatch(0);
        private volatile String raced = "none";
        private volatile String refused = "none";

        Store() {
            super(1);
        }

        @Override
        public void commit(Transaction transaction) {
            transactions.incrementAndGet();
            try {
                come.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            Set<String> written = new HashSet<>();
            transaction.each((key, json) -> written.add(key));
            if (written.contains(Keys.head(refused))) {
                throw new Rejection(Rejection.Reason.UNREADABLE, "not this");
            }
            if (written.contains(Keys.head(raced))) {
                // Somebody else is always first.
                tamper(Keys.head(raced), Json.text(read(Keys.head(raced)).tree()));
            }
            super.commit(transaction);
        }
    }

    @BeforeEach
    void makeLists() {
        replica.start();
        LISTS.forEach(list -> replica.write(Write.alone(Set.of(list), draft -> {
            draft.register(Head.fresh(list, list, "alice", false));
            draft.record(list, ChangeType.LIST_CREATED, "alice", new TreeMap<>());
            return list;
        })));
        transactions.set(0);
    }

    @AfterEach
    void stop() {
        clients.shutdownNow();
        replica.stop();
    }

    @Test
    void thoseThatWaitShareATransaction() throws Exception {
        for (Future<String> write : writes()) {
            write.get(10, TimeUnit.SECONDS);
        }
        assertTrue(transactions.get() < 30, transactions + " transactions for " + LISTS.size());
        assertEquals(2, head(LISTS.get(7)).seq());
    }

    @Test
    void whereSomebodyElseIsAlwaysFirstTheOthersAreWritten() throws Exception {
        store.raced = LISTS.get(3);
        fails(3, Rejection.Reason.TOO_MANY);
    }

    @Test
    void whereTheStoreDoesNotTakeOneTheOthersAreWritten() throws Exception {
        store.refused = LISTS.get(3);
        fails(3, Rejection.Reason.UNREADABLE);
    }

    private void fails(int odd, Rejection.Reason how) throws Exception {
        List<Future<String>> all = writes();
        for (int i = 0; i < all.size(); i++) {
            Future<String> write = all.get(i);
            if (i == odd) {
                Throwable why = assertThrows(ExecutionException.class, () -> write.get(10, TimeUnit.SECONDS))
                        .getCause();
                assertEquals(how, ((Rejection) why).reason());
                assertEquals(1, head(LISTS.get(i)).seq());
            } else {
                assertEquals(LISTS.get(i), write.get(10, TimeUnit.SECONDS));
                assertEquals(2, head(LISTS.get(i)).seq());
            }
        }
    }

    private List<Future<String>> writes() {
        List<Future<String>> all = new ArrayList<>();
        store.come = new CountDownLatch(LISTS.size());
        for (String list : LISTS) {
            all.add(clients.submit(() -> {
                store.come.countDown();
                return replica.write(Write.to(list, draft -> {
                    draft.record(list, ChangeType.LIST_UPDATED, "alice", new TreeMap<>());
                    return list;
                }));
            }));
        }
        return all;
    }

    private Head head(String list) {
        return store.read(Keys.head(list)).as(Head.class);
    }
}
