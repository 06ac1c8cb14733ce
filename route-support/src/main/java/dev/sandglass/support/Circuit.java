package dev.sandglass.support;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Refuses calls of the state store at once while it is away, so that callers do not wait for a time limit. It is away when a call
 * failed and none has succeeded since that call began; then one call each half second goes through, to look. A refused call was not
 * sent. A store that answers with a conflict is not away; who is told that the request is wrong has learnt nothing of it.
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

    /** @throws Unavailable when the call fails, or is refused */
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
            } else if (e.refused()) {
                // It may have been the look.
                nextLook.set(began);
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

    /** Tells if the store itself refused: for a conflict, or to end a deadlock. */
    private static boolean answered(Unavailable e) {
        String text = String.valueOf(e.getCause());
        return e.conflict() || text.contains("40P01") || text.contains("40001");
    }
}
