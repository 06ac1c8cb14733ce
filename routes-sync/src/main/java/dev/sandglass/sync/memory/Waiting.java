package dev.sandglass.sync.memory;

import dev.sandglass.support.memory.Backlog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Work in the order it came; a route takes the waiting work as a list. */
public final class Waiting<T> implements Backlog {
    private final BlockingQueue<T> queue = new LinkedBlockingQueue<>();
    private final int together;

    /** @param together the most that a route takes at once */
    public Waiting(int together) {
        this.together = together;
    }

    public void add(T one) {
        queue.add(one);
    }

    @Override
    public @Nullable List<T> take(Duration longest) throws InterruptedException {
        T first = queue.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
        if (first == null) {
            return null;
        }
        List<T> some = new ArrayList<>(List.of(first));
        queue.drainTo(some, together - 1);
        return some;
    }
}
