package dev.sandglass.support.memory;

import static java.util.Comparator.comparingLong;

import dev.sandglass.support.domain.Rejection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Turns at reading from the store. A turn takes permits, and there are so many in all: memory has to hold what is read. Of the users who
 * wait the one goes first for whom least was read, so that who asks for little does not wait for those who ask for much. Who comes has
 * had as much as the one who went last: nobody saves up turns.
 */
public final class ReadTurns {
    /** A portion counts so much beside its characters. */
    private static final int PORTION = 10_000;
    /** The most users it remembers. */
    private static final int MOST = 10_000;

    private final List<Waiting> waiting = new ArrayList<>();
    /** User to what was read, of those for whom it was more than {@code least}. */
    private final Map<String, Long> had = new HashMap<>();
    /** The count of the user who went last, before that turn. */
    private long least;

    private final int all;
    private int free;

    private record Waiting(String user, int permits, Semaphore turn) {}

    /** @param permits those there are */
    public ReadTurns(int permits) {
        all = permits;
        free = permits;
    }

    /**
     * Waits until it is the user's turn.
     *
     * @param permits those it takes; all, where there are not so many
     * @throws Rejection when it is not before the patience is over
     */
    public void enter(String user, int permits, Patience patience) {
        Waiting one = waiting(user, permits);
        synchronized (this) {
            waiting.add(one);
            next();
        }
        await(one, patience);
    }

    private Waiting waiting(String user, int permits) {
        return new Waiting(user, Math.min(permits, all), new Semaphore(0));
    }

    /** Ends the user's turn. @param characters what was read in it */
    public synchronized void leave(String user, int permits, long characters) {
        end(user, permits, characters);
        next();
    }

    /** The same for who wants one more: others go first only where less was read for them. @throws Rejection as {@link #enter} */
    public void enterAgain(String user, int permits, long characters, int more, Patience patience) {
        Waiting one = waiting(user, more);
        synchronized (this) {
            end(user, permits, characters);
            waiting.add(one);
            next();
        }
        await(one, patience);
    }

    private void end(String user, int permits, long characters) {
        free += Math.min(permits, all);
        had.put(user, had(user) + PORTION + characters);
        if (waiting.isEmpty() || had.size() > MOST) {
            had.clear();
        }
    }

    private void await(Waiting one, Patience patience) {
        if (one.turn.tryAcquire()) {
            return;
        }
        try {
            patience.enter(one.turn);
        } catch (Rejection late) {
            synchronized (this) {
                // Otherwise the turn came just now.
                if (waiting.remove(one)) {
                    // Others behind it may want fewer permits.
                    next();
                    throw late;
                }
            }
        }
    }

    private void next() {
        while (!waiting.isEmpty()) {
            Waiting first = Collections.min(waiting, comparingLong(one -> had(one.user)));
            if (first.permits > free) {
                return;
            }
            free -= first.permits;
            waiting.remove(first);
            least = had(first.user);
            had.values().removeIf(read -> read <= least);
            first.turn.release();
        }
    }

    private long had(String user) {
        return Math.max(least, had.getOrDefault(user, 0L));
    }
}
