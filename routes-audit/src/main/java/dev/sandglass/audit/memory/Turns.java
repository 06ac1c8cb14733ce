package dev.sandglass.audit.memory;

import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.ExchangeProperty;

/** Turns at what takes much memory or time, in the order in which they were asked for, however many ask. */
@Singleton
@Named("turns")
public class Turns {
    /** Seconds; a portion of documents is read in much less. */
    private static final int LONGEST_WAIT = 3;

    private static final int LISTS = 64;

    private final Semaphore portions = new Semaphore(1, true);
    /** A list's place is by its hash: two lists that share one wait for each other, which is rare. */
    private final List<Semaphore> walks =
            Stream.generate(() -> new Semaphore(1, true)).limit(LISTS).toList();

    /** Waits until no other portion of documents is read: memory has to hold one of the largest. */
    public void read() throws InterruptedException {
        if (!portions.tryAcquire(LONGEST_WAIT, TimeUnit.SECONDS)) {
            throw new Rejection(Reason.NOT_NOW, "too much is asked at once; try again");
        }
    }

    public void wasRead() {
        portions.release();
    }

    /** Waits until the list is not walked by another. */
    public void walk(@ExchangeProperty("verifying") Verifying verifying) throws InterruptedException {
        if (!walks(verifying).tryAcquire(verifying.left(), TimeUnit.NANOSECONDS)) {
            throw Verifying.late();
        }
    }

    public void walked(@ExchangeProperty("verifying") Verifying verifying) {
        walks(verifying).release();
    }

    private Semaphore walks(Verifying verifying) {
        return walks.get(Math.floorMod(verifying.list().hashCode(), LISTS));
    }
}
