package dev.sandglass.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class LoadGeneratorTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final Duration HALF = Duration.ofMillis(500);

    @AfterAll
    static void close() {
        VERTX.close();
    }

    @Test
    void aStallIsSeenByAllThatWereDueInIt() {
        // A server that does nothing for 400 ms, then answers all at once.
        List<Promise<Void>> waiting = new ArrayList<>();
        VERTX.setTimer(400, over -> waiting.forEach(Promise::complete));
        Stat stat = new LoadGenerator(VERTX)
                .open(100, Duration.ofMillis(300), n -> {
                    Promise<Void> promise = Promise.promise();
                    waiting.add(promise);
                    return promise.future();
                })
                .stat();
        assertEquals(30, stat.count());
        // Due from 0 to 290 ms: the first waited for 400, the last for 110. A client that waits would have seen one
        // slow answer.
        assertTrue(stat.p50() > 200 && stat.p50() < 320, stat.toString());
        assertTrue(stat.max() > 350, stat.toString());
    }

    @Test
    void aRateIsKeptWhateverTheAnswersTake() {
        Stat stat = new LoadGenerator(VERTX)
                .open(200, HALF, n -> {
                    Promise<Void> promise = Promise.promise();
                    VERTX.setTimer(100, later -> promise.complete());
                    return promise.future();
                })
                .stat();
        assertEquals(100, stat.count());
        assertTrue(stat.p50() >= 100 && stat.p50() < 150, stat.toString());
    }

    @Test
    void clientsWaitForTheirAnswers() {
        Stat stat = new LoadGenerator(VERTX)
                .closed(5, HALF, n -> {
                    Promise<Void> promise = Promise.promise();
                    VERTX.setTimer(50, later -> promise.complete());
                    return promise.future();
                })
                .stat();
        assertTrue(stat.count() >= 25 && stat.count() <= 55, stat.toString());
        assertTrue(stat.perSecond() > 40 && stat.perSecond() <= 101, stat.toString());
    }

    @Test
    void aBadAnswerIsAnErrorAndNoTime() {
        Stat stat = new LoadGenerator(VERTX)
                .open(
                        100,
                        Duration.ofMillis(100),
                        n -> n % 2 == 0 ? Future.failedFuture("bad") : Future.succeededFuture())
                .stat();
        assertEquals(5, stat.count());
        assertEquals(5, stat.errors());
        assertEquals("bad", stat.firstError());
    }
}
