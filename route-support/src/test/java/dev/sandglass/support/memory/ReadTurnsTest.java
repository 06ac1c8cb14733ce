package dev.sandglass.support.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.support.domain.UserQuestion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("FR-012")
@Timeout(20)
class ReadTurnsTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration OVER = Duration.ofMillis(-1);

    private final ReadTurns turns = new ReadTurns(1);
    private final List<String> order = new ArrayList<>();

    @Test
    void whoAskedForLittleGoesBeforeAllWhoAskedForMuch() throws Exception {
        turns.enter("first", 1, patience(LONG));
        List<Thread> all = new ArrayList<>();
        for (String user : List.of("a", "b", "a", "c")) {
            all.add(reads(user, 500_000, 3));
        }
        turns.leave("first", 1, 1);
        waitFor(4);
        all.add(reads("calm", 1_000, 3));
        for (Thread one : all) {
            one.join();
        }
        int calm = order.indexOf("calm");
        assertTrue(
                calm <= 6 && order.subList(calm, calm + 3).stream().distinct().count() == 1, order::toString);
        // Users who ask for much take turns, however many questions they have.
        assertTrue(order.lastIndexOf("c") < order.lastIndexOf("a"), order::toString);
    }

    @Test
    void whoDoesNotGetATurnInTimeLeavesTheLine() throws Exception {
        turns.enter("a", 1, patience(LONG));
        assertThrows(Rejection.class, () -> turns.enter("b", 1, patience(SHORT)));
        Thread last = reads("c", 1, 1);
        turns.leave("a", 1, 1);
        last.join();
        turns.enter("a", 1, patience(OVER));
    }

    @Test
    void whoWantsManyPlacesIsNotOvertakenByWhoeverWantsFewAndHadAsMuch() throws Exception {
        ReadTurns three = new ReadTurns(3);
        three.enter("a", 2, patience(LONG));
        Thread all = new Thread(() -> three.enter("b", 10, patience(LONG)));
        all.start();
        while (all.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        assertThrows(Rejection.class, () -> three.enter("c", 1, patience(SHORT)));
        three.leave("a", 2, 1);
        all.join();
        assertThrows(Rejection.class, () -> three.enter("c", 1, patience(SHORT)));
        three.leave("b", 10, 1);
        three.enter("c", 3, patience(OVER));
    }

    @Test
    void besideOthersAQuestionIsAnsweredWithWhatItHas() {
        FairLookup<Integer> beside = new FairLookup<>(new Counting(), turns, OVER, LONG);
        assertThrows(Documents.Unseen.class, () -> beside.on(Documents.of(Map.of())));
        Thread other = new Thread(() -> turns.enter("other", 1, patience(LONG)));
        other.start();
        while (other.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        assertEquals(1, beside.on(Documents.of(Counting.ONE)).answer());
    }

    @Test
    void aloneItGoesOnUntilNobodyWaitsForItAnyMore() {
        FairLookup<Integer> alone = new FairLookup<>(new Counting(), turns, OVER, LONG);
        Documents documents = Documents.of(Map.of());
        for (int i = 0; i < 5; i++) {
            assertThrows(Documents.Unseen.class, () -> alone.on(documents));
        }
        alone.end();
        FairLookup<Integer> late = new FairLookup<>(new Counting(), turns, OVER, OVER);
        Rejection why = assertThrows(Rejection.class, () -> late.on(Documents.of(Map.of())));
        assertEquals(Reason.TOO_MANY, why.reason());
    }

    /** An endless question, whose answer is the number of its portions. */
    private static final class Counting implements UserQuestion<Integer> {
        static final Map<String, Stored> ONE = Map.of("one more", new Stored("one more", "{}", null));

        private int portions;

        @Override
        public Accepted<Integer> on(Documents documents) {
            portions += documents.seen().size();
            documents.forget(ONE.keySet());
            throw new Documents.Unseen(Set.of("one more"));
        }

        @Override
        public String user() {
            return "a";
        }

        @Override
        public Optional<Integer> soFar() {
            return Optional.of(portions).filter(n -> n > 0);
        }
    }

    private Thread reads(String user, int characters, int portions) {
        Thread reader = new Thread(() -> {
            turns.enter(user, 1, patience(LONG));
            for (int i = 1; i <= portions; i++) {
                synchronized (order) {
                    order.add(user);
                }
                sleep();
                if (i < portions) {
                    turns.enterAgain(user, 1, characters, 1, patience(LONG));
                }
            }
            turns.leave(user, 1, characters);
        });
        reader.start();
        return reader;
    }

    private void waitFor(int portions) {
        while (true) {
            synchronized (order) {
                if (order.size() >= portions) {
                    return;
                }
            }
            sleep();
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Patience patience(Duration limit) {
        return new Patience(limit, Reason.TOO_MANY, "late");
    }
}
