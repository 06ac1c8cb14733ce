package dev.sandglass.task.memory;

import dev.sandglass.support.domain.Attempt;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.User;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.ExchangeProperty;

/** Turns at reading the heads of many lists: memory has room for so many at once, however many ask. */
@Singleton
@Named("headReads")
public class HeadReads {
    private static final int KEYS_AT_ONCE = 2 * Head.AT_ONCE;
    /** Milliseconds; a portion is read in much less. */
    private static final int LONGEST_WAIT = 1_900;

    private final Semaphore keys = new Semaphore(KEYS_AT_ONCE, true);
    private final Semaphore answered = new Semaphore(User.MOST_LISTS, true);

    /**
     * Waits until there is room for what is read next.
     *
     * @return the room it takes, in keys
     */
    public int begin(@ExchangeProperty("attempt") Attempt<?> attempt) throws InterruptedException {
        return take(keys, Math.min(attempt.wanted().size(), KEYS_AT_ONCE));
    }

    public void end(@ExchangeProperty("share") int share) {
        keys.release(share);
    }

    /**
     * Waits until there is room for an answer with all lists of a user, each as text with its members.
     *
     * @return the room it takes, in lists
     */
    public int beginAnswer(@ExchangeProperty("user") User user) throws InterruptedException {
        return take(answered, Math.min(user.lists().size(), User.MOST_LISTS));
    }

    public void endAnswer(@ExchangeProperty("room") int room) {
        answered.release(room);
    }

    private static int take(Semaphore of, int room) throws InterruptedException {
        if (room > 0 && !of.tryAcquire(room, LONGEST_WAIT, TimeUnit.MILLISECONDS)) {
            throw new Rejection(Reason.NOT_NOW, "Too many lists are looked through at once; try again");
        }
        return room;
    }
}
