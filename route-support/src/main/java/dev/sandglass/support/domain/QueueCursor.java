package dev.sandglass.support.domain;

import dev.sandglass.support.Stored;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code hooks/<route>/out}: the position in a route's queue.
 *
 * @param first no event from this number on was tried yet
 * @param again earlier events that failed and must be tried again
 * @param worker the replica that works on it; null: none
 * @param beat the count of the worker's writes, so that others see that it lives
 */
public record QueueCursor(
        int v, long first, List<Failed> again, @Nullable String worker, long beat) {

    /**
     * An event that failed.
     *
     * @param tries the number of failures so far
     * @param at the earliest time of the next try, epoch milliseconds
     */
    public record Failed(long n, int tries, long at) {
        /** Milliseconds by which the clocks of two replicas may differ. */
        private static final long APART = 60_000;

        /** Where its time is further away than its pause is long, the clock has been set back since. */
        private boolean isDue(long now) {
            return at <= now || at - now > pause(tries) + APART;
        }

        /** The same after one failure more, to be tried again after a pause. */
        public Failed failedAgain(long now) {
            return new Failed(n, tries + 1, now + pause(tries + 1));
        }

        /** Milliseconds: 1, 2, 4 … seconds. */
        private static long pause(int tries) {
            return 1_000L << Math.min(Math.max(0, tries - 1), 12);
        }
    }

    public static QueueCursor of(Stored stored) {
        return stored.absent() ? new QueueCursor(1, 1, List.of(), null, 0) : stored.as(QueueCursor.class);
    }

    /** The lowest number of an event that may still exist. */
    public long lowest() {
        return again.stream().mapToLong(Failed::n).min().orElse(first);
    }

    /**
     * The events to try now.
     *
     * @param next the number the next event of the queue gets
     * @param now epoch milliseconds
     * @param most the most events to try
     * @param mostAgain with this many events to try again, none is tried for the first time
     */
    List<Failed> due(long next, long now, int most, int mostAgain) {
        Stream<Failed> failed = again.stream().filter(event -> event.isDue(now));
        Stream<Failed> fresh = again.size() >= mostAgain ? Stream.empty() : fresh(next);
        return Stream.concat(failed, fresh).limit(most).toList();
    }

    /** The same where each waits for the one before it: of such a queue those to try again are in their order. */
    List<Failed> dueInOrder(long next, long now, int most) {
        return Stream.concat(again.stream(), fresh(next))
                .takeWhile(event -> event.isDue(now))
                .limit(most)
                .toList();
    }

    private Stream<Failed> fresh(long next) {
        return LongStream.range(first, next).mapToObj(n -> new Failed(n, 0, 0));
    }

    /** The same with those that failed tried at once, as if for the first time. */
    public QueueCursor afresh() {
        return new QueueCursor(
                v, first, again.stream().map(event -> new Failed(event.n, 0, 0)).toList(), worker, beat);
    }

    boolean isFreeFor(String who) {
        return worker == null || worker.equals(who);
    }

    /** Tells if nobody but the worker of a claim wrote since. */
    boolean isAsClaimed(QueueCursor claim) {
        return Objects.equals(worker, claim.worker) && first == claim.first && again.equals(claim.again);
    }

    QueueCursor workedBy(@Nullable String who) {
        return new QueueCursor(v, first, again, who, beat + 1);
    }

    /**
     * After some were tried: nobody works on the queue.
     *
     * @param tried all of them
     * @param failed those that are to be tried again
     */
    QueueCursor after(Collection<Failed> tried, Collection<Failed> failed) {
        Set<Long> numbers = Set.copyOf(tried.stream().map(Failed::n).toList());
        List<Failed> left = new ArrayList<>(
                again.stream().filter(event -> !numbers.contains(event.n)).toList());
        left.addAll(failed);
        long last = numbers.stream().mapToLong(n -> n + 1).max().orElse(first);
        return new QueueCursor(v, Math.max(first, last), left, null, beat + 1);
    }
}
