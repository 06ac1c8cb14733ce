package dev.sandglass.support;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Refuses calls of the state store at once while it is away, so that nobody waits in line for a time limit. It is away when a call
 * failed and none has succeeded since that one began; then one call each half second is let through to look. What it refuses was not
 * sent. A store that says somebody else was first is there.
 */
final class Circuit {
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(500);

    interface Call<T> {
        /** @throws Unavailable when it did not succeed */
        T make();
    }

    private final LongSupplier clock;
    private final AtomicLong nextLook = new AtomicLong();
    private volatile boolean away;
    private volatile long succeededAt;

    /** @param clock monotonic, nanoseconds */
    Circuit(LongSupplier clock) {
        this.clock = clock;
        succeededAt = clock.getAsLong() - 1;
    }

    /** @throws Unavailable when the call does not succeed, or is not made */
    <T> T call(Call<T> call) {
        long began = clock.getAsLong();
        if (away && !mayLook(began)) {
            throw new Unavailable("the state store", null);
        }
        try {
            T answer = call.make();
            succeeded();
            return answer;
        } catch (Unavailable e) {
            if (answered(e)) {
                succeeded();
            } else if (began - succeededAt >= 0) {
                nextLook.set(clock.getAsLong() + PAUSE);
                away = true;
            }
            throw e;
        }
    }

    private boolean mayLook(long now) {
        long look = nextLook.get();
        return now - look >= 0 && nextLook.compareAndSet(look, now + PAUSE);
    }

    private void succeeded() {
        succeededAt = clock.getAsLong();
        away = false;
    }

    /** Whether it was the store that refused: for a conflict, or to end a deadlock. */
    private static boolean answered(Unavailable e) {
        String text = String.valueOf(e.getCause());
        return e.conflict() || text.contains("40P01") || text.contains("40001");
    }
}
