package dev.sandglass.sync.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.MemoryDapr.Mishap;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.memory.Attempts;
import dev.sandglass.support.routes.Flows;
import dev.sandglass.sync.domain.Closed;
import dev.sandglass.sync.domain.Ticket;
import dev.sandglass.sync.domain.Use;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two replicas count the sockets of a user in one document, whatever the store answers. */
@Tag("FR-014")
class LeasesTest {
    private static final int LIMIT = 10;

    private final AtomicInteger transactions = new AtomicInteger();
    private final MemoryDapr dapr = new MemoryDapr(1) {
        @Override
        public synchronized void commit(Transaction transaction) {
            transactions.incrementAndGet();
            super.commit(transaction);
        }
    };
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final Leases one = new Leases("one:8094", LIMIT);
    private final Leases other = new Leases("other:8094", LIMIT);

    @BeforeEach
    void start() throws Exception {
        Flows.prepare(camel, dapr, "sync");
        camel.getRegistry().bind("attempts", new Attempts(Duration.ofSeconds(20)));
        Flows.load(camel, "decide");
        camel.start();
        dapr.commit(one.live());
        dapr.commit(other.live());
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @SuppressWarnings("unchecked")
    private <R> R decide(Decision<R> decision) {
        return (R) camel.createProducerTemplate().requestBody("direct:state.decide", decision);
    }

    private static Leases.Reservation reservation(Leases replica, String user, String ticket, Instant until) {
        return replica.reservation(Json.object()
                .put("user", user)
                .put("ticket", ticket)
                .put("until", until.toString())
                .toString());
    }

    private boolean reserve(Leases replica, String ticket, Instant until) {
        Leases.Reservation reservation = reservation(replica, "alice", ticket, until);
        replica.settle(reservation, decide(replica.reserve(reservation)));
        return replica.answer(reservation).path("room").asBoolean();
    }

    private boolean reserve(Leases replica, String ticket) {
        return reserve(replica, ticket, Instant.now().plusSeconds(60));
    }

    private boolean use(Leases replica, String ticket, String socket) {
        Use use = use("alice", ticket, socket);
        return decide(replica.use(List.of(use))).contains(Set.of(use));
    }

    private static Use use(String user, String ticket, String socket) {
        return new Use(new Ticket(user, ticket, Instant.MAX), socket);
    }

    private void close(Leases replica, String... sockets) {
        decide(replica.close(new Closed("alice", Set.of(sockets), null)));
    }

    @Test
    void aTicketCountsUntilItIsUsedOrOver() {
        IntStream.range(0, LIMIT).forEach(n -> assertTrue(reserve(n % 2 == 0 ? one : other, "t" + n)));
        assertFalse(reserve(one, "more"));
        assertTrue(use(one, "t0", "s0"));
        assertFalse(reserve(other, "more"), "a socket now");
        close(one, "s0");
        assertTrue(reserve(other, "more"));
        assertTrue(use(other, "more", "s1"));
        close(other, "s1");
        assertTrue(reserve(one, "over", Instant.now().minusMillis(1)));
        assertTrue(reserve(one, "last"), "what is over does not count");
        assertFalse(use(one, "over", "s2"));
    }

    @Test
    void aTicketIsGoodForOneConnectionOnWhicheverReplica() {
        assertTrue(reserve(one, "t"));
        assertTrue(use(one, "t", "s"));
        assertFalse(use(other, "t", "s2"));
        assertFalse(use(one, "never given", "s3"));
    }

    @Test
    void aTicketThatIsAskedForAgainCountsOnceAndIsGoodForItsWholeMinute() throws Exception {
        assertTrue(reserve(one, "t", Instant.now().plusMillis(300)));
        assertTrue(reserve(other, "t"));
        IntStream.range(1, LIMIT).forEach(n -> assertTrue(reserve(one, "t" + n)));
        assertFalse(reserve(one, "more"));
        Thread.sleep(400);
        assertTrue(use(one, "t", "s"));
    }

    @Test
    void manyAtTheSameInstantOnTwoReplicasGetAsManyAsThereIsRoomFor() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<Boolean>> asked = IntStream.range(0, 4 * LIMIT)
                    .mapToObj(n -> threads.submit(() -> reserve(n % 2 == 0 ? one : other, "t" + n)))
                    .toList();
            int given = 0;
            for (Future<Boolean> one : asked) {
                given += one.get() ? 1 : 0;
            }
            assertEquals(LIMIT, given);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void ticketsThatWaitAreCountedAndUsedInOneTransactionEach() {
        List<String> users = List.of("alice", "bob", "carol");
        IntStream.range(0, LIMIT - 1).forEach(n -> assertTrue(reserve(other, "t" + n)));
        transactions.set(0);

        Instant until = Instant.now().plusSeconds(60);
        List<Leases.Reservation> waiting = users.stream()
                .flatMap(user -> IntStream.range(0, 2).mapToObj(n -> reservation(one, user, user + n, until)))
                .toList();
        one.settle(waiting.get(0), decide(one.reserve(waiting.get(0))));
        assertEquals(1, transactions.get());
        waiting.forEach(reservation -> assertTrue(reservation.isSettled()));
        assertEquals(
                5,
                waiting.stream()
                        .filter(reservation ->
                                one.answer(reservation).path("room").asBoolean())
                        .count(),
                "alice has room for one more");

        Set<String> good = decide(one.use(List.of(
                        use("bob", "bob0", "s0"),
                        use("bob", "bob0", "s1"),
                        use("bob", "bob1", "s2"),
                        use("carol", "carol0", "s3"),
                        use("carol", "bob1", "s4"))))
                .stream()
                .flatMap(Set::stream)
                .map(Use::socket)
                .collect(Collectors.toSet());
        assertEquals(2, transactions.get());
        assertEquals(Set.of("s0", "s2", "s3"), good);
    }

    @Test
    void ticketsThatWaitTogetherHearTogetherThatTheStoreIsAway() {
        Instant until = Instant.now().plusSeconds(60);
        List<Leases.Reservation> waiting =
                List.of(reservation(one, "alice", "a", until), reservation(one, "bob", "b", until));
        one.reserve(waiting.get(0));
        Unavailable away = new Unavailable("the state store", new IllegalStateException("no answer"));
        one.failed(waiting.get(0), away);
        waiting.forEach(reservation -> {
            assertTrue(reservation.isSettled());
            assertEquals(away, assertThrows(Unavailable.class, () -> one.answer(reservation)));
        });
    }

    @Test
    void theSocketsOfAReplicaThatWasKilledAreFree() {
        IntStream.range(0, LIMIT).forEach(n -> {
            assertTrue(reserve(one, "t" + n));
            assertTrue(use(one, "t" + n, "s" + n));
        });
        assertFalse(reserve(other, "more"));
        // As the store does once nobody says that it lives.
        dapr.commit(new Transaction().addAll(one.end()));
        assertTrue(reserve(other, "more"));
        assertTrue(dapr.read("sockets/alice")
                .as(com.fasterxml.jackson.databind.JsonNode.class)
                .path("open")
                .isEmpty());
    }

    /** It is back long before the store takes the killed one for dead. */
    @Test
    void theSocketsOfAReplicaThatWasKilledAreFreeOnceItIsBackInItsPlace() {
        IntStream.range(0, LIMIT).forEach(n -> {
            assertTrue(reserve(one, "t" + n));
            assertTrue(use(one, "t" + n, "s" + n));
        });
        Leases back = new Leases("one:8094", LIMIT);
        assertFalse(reserve(other, "more"), "nobody has said yet that it is back");
        assertTrue(reserve(back, "t"), "it knows that itself");
        assertTrue(use(back, "t", "s"));
        dapr.commit(back.live());
        IntStream.range(1, LIMIT).forEach(n -> assertTrue(reserve(other, "back" + n)));
        assertFalse(reserve(other, "more"), "those that it holds now count");
        assertFalse(reserve(back, "more"));
    }

    @Test
    void anAnswerThatIsLostOrLateCountsOnce() {
        for (Mishap mishap : Mishap.values()) {
            String name = mishap.name();
            dapr.next(mishap);
            assertTrue(reserve(one, name));
            dapr.next(mishap);
            assertTrue(use(one, name, "socket of " + name));
            assertFalse(use(one, name, "another of " + name));
            dapr.next(mishap);
            close(one, "socket of " + name);
            assertTrue(dapr.read("sockets/alice").absent());
        }
    }

    @Test
    void aUserWhoseNameDaprWouldNotTakeAsAKeyHasSocketsToo() {
        decide(one.close(new Closed("a||b", Set.of("s"), Instant.EPOCH)));
        assertFalse(dapr.read("user/a%7C%7Cb").absent());
    }
}
