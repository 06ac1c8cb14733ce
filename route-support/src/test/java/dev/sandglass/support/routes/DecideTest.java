package dev.sandglass.support.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.MemoryDapr.Mishap;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How a decision gets into the store, whatever the store answers. */
@Tag("FR-012")
class DecideTest {
    private boolean readOnly;
    private boolean overtaken;
    private final MemoryDapr dapr = new MemoryDapr(1) {
        @Override
        public synchronized void commit(Transaction transaction) {
            if (readOnly) {
                throw new Unavailable("the state store", new IllegalStateException("cannot execute in a read-only"));
            }
            if (overtaken) {
                tamper("count", "{\"v\":1,\"n\":7,\"by\":\"\"}");
            }
            super.commit(transaction);
        }
    };
    private final CamelContext camel = new DefaultCamelContext();

    /** A counter; each step leaves a witness of its own. */
    record Count(int v, int n, String by) {}

    @BeforeEach
    void start() throws Exception {
        Flows.prepare(camel, dapr, "test");
        Flows.load(camel, "decide");
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    private Exchange decide(Decision<?> decision) {
        return camel.createProducerTemplate()
                .request(
                        "direct:state.decide", exchange -> exchange.getMessage().setBody(decision));
    }

    private static Decision<Integer> next() {
        String by = UUID.randomUUID().toString();
        return documents -> {
            Stored stored = documents.get("count");
            int n = stored.absent() ? 1 : stored.as(Count.class).n + 1;
            return new Accepted<>(new Transaction().replace(stored, new Count(1, n, by)), n, "count");
        };
    }

    private int count() {
        return dapr.read("count").as(Count.class).n;
    }

    @Test
    void whatIsDecidedIsWrittenAndAnswered() {
        assertEquals(1, decide(next()).getMessage().getBody());
        assertEquals(2, decide(next()).getMessage().getBody());
        assertEquals(2, count());
    }

    @Test
    void anAnswerThatIsLostOrLateDoesNothingTwice() {
        int expected = 0;
        for (Mishap mishap : Mishap.values()) {
            dapr.next(mishap);
            expected++;
            assertEquals(expected, decide(next()).getMessage().getBody(), mishap.toString());
            assertEquals(expected, count(), mishap.toString());
        }
    }

    @Test
    void nobodyIsOvertakenWhereManyDecideAtOnce() throws Exception {
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                for (int done = 0; done < 25; ) {
                    done += decide(next()).getException() == null ? 1 : 0;
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(100, count());
    }

    @Test
    void whatIsRememberedIsNotReadAndWhatIsRememberedWronglyCostsATry() {
        decide(next());
        Decision<Integer> next = next();
        Decision<Integer> remembering = new Decision<>() {
            @Override
            public Map<String, Stored> known() {
                return Map.of("count", new Stored("count", "{\"v\":1,\"n\":7,\"by\":\"\"}", "old"));
            }

            @Override
            public Accepted<Integer> on(Documents documents) {
                return next.on(documents);
            }
        };
        assertEquals(2, decide(remembering).getMessage().getBody());
    }

    /** Else it could still be written after another decision, made on what is there meanwhile, was answered. */
    @Test
    void whileItMayBeWrittenYetTheSameGoesOutAgain() {
        List<Integer> decided = new ArrayList<>();
        Decision<Integer> counted = documents -> {
            Accepted<Integer> accepted = next().on(documents);
            decided.add(accepted.answer());
            return accepted;
        };
        dapr.next(Mishap.LOST);
        assertEquals(1, decide(counted).getMessage().getBody());
        assertEquals(List.of(1), decided);
    }

    @Test
    void whileTheStoreIsAwayItIsToldAtOnceAndNothingSaysThatSomethingMayHaveBeenDone() {
        dapr.fail(1);
        Unavailable away = assertInstanceOf(Unavailable.class, decide(next()).getException());
        assertEquals(false, away.isOutcomeUnknown());
    }

    @Test
    void whereItCannotBeToldInTimeTheAnswerSaysSo() {
        dapr.read("count");
        Decision<Integer> decision = documents -> {
            Accepted<Integer> accepted = next().on(documents);
            dapr.fail(1);
            return accepted;
        };
        Unavailable away = assertInstanceOf(Unavailable.class, decide(decision).getException());
        assertTrue(away.isOutcomeUnknown());
    }

    @Test
    void aStoreThatIsReadAndTakesNoWriteEndsTheAttemptInTime() {
        readOnly = true;
        assertTrue(endsInTime().isOutcomeUnknown());
    }

    @Test
    void whoIsAlwaysOvertakenIsToldInTimeThatNothingWasDone() {
        overtaken = true;
        assertEquals(false, endsInTime().isOutcomeUnknown());
    }

    private Unavailable endsInTime() {
        return assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertInstanceOf(Unavailable.class, decide(next()).getException()));
    }
}
