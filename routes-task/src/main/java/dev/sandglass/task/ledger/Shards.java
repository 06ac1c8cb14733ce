package dev.sandglass.task.ledger;

import dev.sandglass.support.Problem;
import dev.sandglass.support.Unavailable;
import dev.sandglass.task.domain.Keys;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Writes that touch the documents of a shard queue within this replica: racing, those of many new lists would be decided again and again
 * until their time is over.
 */
@Singleton
class Shards {
    private final ReentrantLock[] locks = IntStream.range(0, Keys.SHARDS)
            .mapToObj(shard -> new ReentrantLock(true))
            .toArray(ReentrantLock[]::new);

    /**
     * Does it while nobody else here touches these shards.
     *
     * @param end of the monotonic clock, nanoseconds
     * @throws Problem 429 when it is not its turn by then
     */
    <T> T alone(SortedSet<Integer> shards, long end, Supplier<T> write) {
        Deque<ReentrantLock> held = new ArrayDeque<>();
        try {
            for (int shard : shards) {
                if (!locks[shard].tryLock(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    throw tooMany();
                }
                held.push(locks[shard]);
            }
            return write.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("this service, which is stopping,", e);
        } finally {
            held.forEach(ReentrantLock::unlock);
        }
    }

    static Problem tooMany() {
        return new Problem(429, "Too many changes of the same at once; nothing was changed, try again");
    }
}
