package dev.sandglass.support.memory;

import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The time for which another service waits for an answer. Past it nothing more is read for it. */
public final class Patience {
    private static final Duration FOR_A_QUESTION = Duration.ofSeconds(3);

    private final long end;
    private final Reason reason;
    private final String late;

    /** @param late what the user is told when it is over */
    public Patience(Duration limit, String late) {
        this(limit, Reason.NOT_NOW, late);
    }

    /** @param reason why the question is refused when it is over */
    public Patience(Duration limit, Reason reason, String late) {
        this.end = System.nanoTime() + limit.toNanos();
        this.reason = reason;
        this.late = late;
    }

    /** The patience that <em>task</em> has with a question. */
    public static Patience forAQuestion(String late) {
        return new Patience(FOR_A_QUESTION, late);
    }

    /** @throws Rejection when it is over */
    public void check() {
        if (isOver()) {
            throw late();
        }
    }

    public boolean isOver() {
        return left() < 0;
    }

    /** Waits for one of these permits. @throws Rejection when none is free before it is over */
    public void enter(Semaphore permits) {
        enter(permits, 1);
    }

    /**
     * Waits for so many of these permits.
     *
     * @return how many they are
     * @throws Rejection when they are not free before it is over
     */
    public int enter(Semaphore permits, int room) {
        try {
            check();
            if (permits.tryAcquire(room, left(), TimeUnit.NANOSECONDS)) {
                return room;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw late();
    }

    private long left() {
        return end - System.nanoTime();
    }

    private Rejection late() {
        return new Rejection(reason, late);
    }
}
