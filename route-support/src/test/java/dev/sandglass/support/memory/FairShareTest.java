package dev.sandglass.support.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-012")
class FairShareTest {
    private final List<String> began = new ArrayList<>();
    private final List<FairShare.Turn> turns = new ArrayList<>();

    private FairShare.Turn enter(FairShare share, String caller) {
        return share.enter(caller, turn -> {
            began.add(caller);
            turns.add(turn);
        });
    }

    @Test
    void besideOthersWhoHasMoreWaitingHasOneAtATime() {
        AtomicLong now = new AtomicLong();
        FairShare share = new FairShare(10, 3, 10, now::get);
        for (int i = 0; i < 8; i++) {
            enter(share, "flood");
        }
        assertEquals(3, began.size(), "alone");
        enter(share, "calm");
        turns.get(0).end();
        turns.get(1).end();
        assertEquals(4, began.size(), "the third is under way");
        turns.get(2).end();
        assertEquals(List.of("flood", "flood", "flood", "calm", "flood"), began);
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(30));
        assertEquals(30, turns.get(4).rest());
        assertEquals(0, turns.get(3).rest(), "who has nothing waiting rests from nothing");
        now.addAndGet(TimeUnit.SECONDS.toNanos(2));
        turns.get(4).end();
        assertEquals(8, began.size(), "alone again");
    }

    /** Ends the work of the last turns, each a tenth of a second after it began. @return the longest rest, milliseconds */
    private long slow(FairShare share, AtomicLong now, int connections) {
        turns.clear();
        for (int i = 0; i < connections; i++) {
            enter(share, "slow");
        }
        long rest = 0;
        while (!turns.isEmpty()) {
            now.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
            for (FairShare.Turn done : List.copyOf(turns)) {
                turns.remove(done);
                rest = Math.max(rest, done.rest());
                done.end();
            }
        }
        return rest;
    }

    @Test
    void besideOthersWhoseWorkTakesMoreThanTheTimeHasOneAtATime() {
        AtomicLong now = new AtomicLong();
        FairShare share = new FairShare(10, 8, 10, now::get);
        long rest = 0;
        for (int i = 0; i < 20; i++) {
            rest = slow(share, now, 3);
            enter(share, "calm");
            turns.get(0).end();
        }
        assertEquals(100, rest);
        began.clear();
        turns.clear();
        for (int i = 0; i < 3; i++) {
            enter(share, "slow");
        }
        assertEquals(List.of("slow"), began);
        now.addAndGet(TimeUnit.SECONDS.toNanos(2));
        turns.get(0).end();
        assertEquals(3, began.size(), "alone again");
    }

    @Test
    void oneAfterTheOtherIsNeverTooMuchNorAreAFewAtOnce() {
        AtomicLong now = new AtomicLong();
        FairShare share = new FairShare(10, 8, 10, now::get);
        for (int i = 0; i < 100; i++) {
            enter(share, "calm").end();
            assertEquals(0, slow(share, now, 1));
        }
        enter(share, "calm").end();
        assertEquals(0, slow(share, now, 8));
    }

    @Test
    void whereAllWorkIsSlowNobodyIsPutOff() {
        AtomicLong now = new AtomicLong();
        FairShare share = new FairShare(40, 8, 10, now::get);
        for (int round = 0; round < 10; round++) {
            turns.clear();
            for (int i = 0; i < 30; i++) {
                enter(share, "user " + i % 10);
            }
            assertEquals(30, turns.size(), "all of round " + round);
            now.addAndGet(TimeUnit.SECONDS.toNanos(1));
            for (FairShare.Turn done : List.copyOf(turns)) {
                assertEquals(0, done.rest());
            }
            turns.forEach(FairShare.Turn::end);
        }
    }

    @Test
    void aCallerHasAShareAndTheRestWaits() {
        FairShare share = new FairShare(10, 2, 3);
        for (int i = 0; i < 5; i++) {
            enter(share, "flood");
        }
        assertEquals(
                Reason.TOO_MANY,
                assertThrows(Rejection.class, () -> enter(share, "flood")).reason());
        enter(share, "calm");
        assertEquals(List.of("flood", "flood", "calm"), began);
        turns.get(0).end();
        turns.get(0).end();
        assertEquals(1 + 1, share.running(), "ended once");
    }

    @Test
    void whereAllIsTakenCallersTakeTurns() {
        FairShare share = new FairShare(2, 2, 10);
        for (int i = 0; i < 6; i++) {
            enter(share, "flood");
        }
        enter(share, "calm");
        enter(share, "other");
        for (int i = 0; i < 4; i++) {
            turns.get(i).end();
        }
        assertTrue(began.subList(0, 5).containsAll(List.of("calm", "other")), began.toString());
    }

    @Test
    void whatGivesUpNeverBegins() {
        FairShare share = new FairShare(1, 1, 10);
        FairShare.Turn first = enter(share, "a");
        FairShare.Turn second = enter(share, "a");
        FairShare.Turn third = enter(share, "b");
        assertTrue(second.waits());
        assertTrue(second.giveUp());
        assertFalse(first.giveUp(), "it has begun");
        third.end();
        first.end();
        assertEquals(List.of("a"), began);
        assertEquals(0, share.running());
    }

    @Test
    void underManyThreadsNeverMoreThanIsAllowedAndAllGetsDone() throws Exception {
        FairShare share = new FairShare(5, 2, 1_000_000);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        Random chance = new Random(1);
        int all = 20_000;
        for (int i = 0; i < all; i++) {
            String caller = "user " + chance.nextInt(7);
            threads.execute(() -> share.enter(
                    caller,
                    turn -> threads.execute(() -> {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        running.decrementAndGet();
                        done.incrementAndGet();
                        turn.end();
                    })));
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (done.get() < all && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        threads.shutdown();
        assertEquals(all, done.get());
        assertTrue(most.get() <= 5, "at once: " + most);
        assertEquals(0, share.running());
    }
}
