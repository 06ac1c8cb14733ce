package dev.sandglass.task.memory;

import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.Marks;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.SortedSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * Writes that touch the documents of a shard queue within this replica: racing, those of many new lists would be decided again and again
 * until their time is over.
 */
@Singleton
@Named("shards")
public class Shards {
    private static final long SECONDS_FOR_A_MARK = 5;

    private final Semaphore[] turns = IntStream.range(0, Keys.SHARDS)
            .mapToObj(shard -> new Semaphore(1, true))
            .toArray(Semaphore[]::new);

    /**
     * Waits until nobody else here touches these shards.
     *
     * @param held where their turns are put, to be released
     * @param end of the monotonic clock, nanoseconds
     * @throws Rejection when it is not its turn by then
     */
    void enter(SortedSet<Integer> shards, Collection<Semaphore> held, long end) {
        for (int shard : shards) {
            held.add(enter(shard, end));
        }
    }

    /** @return the turn, to be given back by {@link #leave} */
    public Semaphore enter(@Body Marks marks) {
        return enter(marks.shard(), System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_FOR_A_MARK));
    }

    public void leave(@ExchangeProperty("shardTurn") @Nullable Semaphore turn) {
        if (turn != null) {
            turn.release();
        }
    }

    private Semaphore enter(int shard, long end) {
        try {
            if (!turns[shard].tryAcquire(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                throw tooMany();
            }
            return turns[shard];
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Unavailable.whileThisServiceStops(e);
        }
    }

    public static Rejection tooMany() {
        return new Rejection(Reason.TOO_MANY, "Too many changes of the same at once; nothing was changed, try again");
    }
}
