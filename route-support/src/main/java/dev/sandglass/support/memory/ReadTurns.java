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
 * Turns at reading from the store, few portions at a time in all: memory has to hold them. Of the users who wait the one goes first for
 * whom least was read, so that who asks for little does not wait for those who ask for much. Who comes has had as much as the one who
 * went last: nobody saves up turns.
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

    private int free;

    private record Waiting(String user, Semaphore turn) {}

    /** @param atOnce the most turns at once */
    public ReadTurns(int atOnce) {
        free = atOnce;
    }

    /** Waits until it is the user's turn. @throws Rejection when it is not before the patience is over */
    public void enter(String user, Patience patience) {
        Waiting one = new Waiting(user, new Semaphore(0));
        synchronized (this) {
            waiting.add(one);
            next();
        }
        await(one, patience);
    }

    /** Ends the user's turn. @param characters what was read in it */
    public synchronized void leave(String user, long characters) {
        end(user, characters);
        next();
    }

    /** The same for who wants one more: others go first only where less was read for them. @throws Rejection as {@link #enter} */
    public void enterAgain(String user, long characters, Patience patience) {
        Waiting one = new Waiting(user, new Semaphore(0));
        synchronized (this) {
            end(user, characters);
            waiting.add(one);
            next();
        }
        await(one, patience);
    }

    private void end(String user, long characters) {
        free++;
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
                    throw late;
                }
            }
        }
    }

    private void next() {
        if (free == 0 || waiting.isEmpty()) {
            return;
        }
        Waiting first = Collections.min(waiting, comparingLong(one -> had(one.user)));
        free--;
        waiting.remove(first);
        least = had(first.user);
        had.values().removeIf(all -> all <= least);
        first.turn.release();
    }

    private long had(String user) {
        return Math.max(least, had.getOrDefault(user, 0L));
    }
}
