package dev.sandglass.task.memory;

import dev.sandglass.task.domain.Departure.Leaving;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The changes of one list on their way out of this replica, in order. What is not kept in memory is read from the ledger again when its
 * turn comes. Not thread-safe; its user locks it.
 */
final class Outbox {
    private static final int MOST_AT_ONCE = 100;

    private final SortedMap<Long, Leaving> waiting = new TreeMap<>();
    /** Characters that what is in memory takes, about. */
    long kept;

    /** Published on both topics up to here, for certain; -1 where only {@code pending/<shard>} says that. */
    long published;
    /** There are changes up to here. */
    long known;
    /** The mark in the store. */
    long mark;

    long markedAt;
    long activeAt;
    private boolean running;
    /** So many go out at once: fewer after some did not, perhaps for one of them. */
    int atOnce = MOST_AT_ONCE;

    Outbox(long published, long known, long now) {
        this.published = published;
        this.known = known;
        this.mark = published;
        this.markedAt = now;
        this.activeAt = now;
    }

    /** There is a further change. */
    void heard(long seq, long now) {
        known = Math.max(known, seq);
        activeAt = now;
    }

    void keep(Leaving leaving) {
        waiting.put(leaving.change().seq(), leaving);
        kept += leaving.weight();
    }

    /** The next changes that are in memory, from the first not published; empty where the first is not. */
    List<Leaving> next(int most) {
        List<Leaving> next = new ArrayList<>();
        for (long seq = published + 1; next.size() < most && waiting.containsKey(seq); seq++) {
            next.add(waiting.get(seq));
        }
        return next;
    }

    void published(long seq) {
        published = Math.max(published, seq);
        Map<Long, Leaving> out = waiting.headMap(published + 1);
        kept -= out.values().stream().mapToLong(Leaving::weight).sum();
        out.clear();
    }

    void known(long seq) {
        known = Math.max(known, seq);
    }

    boolean behind() {
        return published < known;
    }

    void marked(long newMark, long now) {
        mark = newMark;
        markedAt = now;
    }

    /** @param tried so many at once did not go out */
    void narrow(int tried) {
        atOnce = Math.max(1, Math.min(atOnce, tried) / 2);
    }

    /** Tells if nothing was narrowed. */
    boolean isWide() {
        return atOnce == MOST_AT_ONCE;
    }

    void widen() {
        atOnce = Math.min(MOST_AT_ONCE, 2 * atOnce);
    }

    void widenAll() {
        atOnce = MOST_AT_ONCE;
    }

    /** @return whether the caller is to run it: nobody else does */
    boolean start() {
        boolean first = !running;
        running = true;
        return first;
    }

    void stop() {
        running = false;
    }
}
