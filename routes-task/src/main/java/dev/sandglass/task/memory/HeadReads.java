package dev.sandglass.task.memory;

import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.memory.Lookup;
import dev.sandglass.support.memory.Patience;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.User;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** Turns at reading the heads of many lists: memory has room for so many at once, however many ask. */
@Singleton
@Named("headReads")
public class HeadReads {
    private static final int KEYS_AT_ONCE = 2 * Head.AT_ONCE;
    /** A portion is read in much less. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(1_900);

    private final Semaphore keys = new Semaphore(KEYS_AT_ONCE, true);
    private final Semaphore answered = new Semaphore(User.MOST_LISTS, true);

    /** The question, so that each portion it reads waits until there is room for it. */
    public Lookup<?> question(@Body Decision<?> question) {
        return new Lookup<>(question, keys, wanted -> take(keys, Math.min(wanted.size(), KEYS_AT_ONCE)));
    }

    public void asked(@ExchangeProperty("lookup") Lookup<?> lookup) {
        lookup.end();
    }

    /**
     * Waits until there is room for an answer with all lists of a user, each as text with its members.
     *
     * @return the room it takes, in lists
     */
    public int beginAnswer(@ExchangeProperty("user") User user) {
        return take(answered, Math.min(user.lists().size(), User.MOST_LISTS));
    }

    public void endAnswer(@ExchangeProperty("room") int room) {
        answered.release(room);
    }

    private static int take(Semaphore of, int room) {
        return new Patience(LONGEST_WAIT, "Too many lists are looked through at once; try again").enter(of, room);
    }
}
