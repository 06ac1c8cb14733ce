package dev.sandglass.task.ledger;

import dev.sandglass.events.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The changes of one list on their way out of this replica, in order. Bounded: what does not fit is read from the ledger again when
 * its turn comes. Not thread-safe; its user locks it.
 */
final class Outbox {
    private static final int MOST_IN_MEMORY = 1_000;

    private final SortedMap<Long, Change> waiting = new TreeMap<>();
    /** Published on both topics up to here, for certain. */
    private long published;
    /** There are changes up to here. */
    private long known;
    /** The mark in the store. */
    private long mark;

    private long markedAt;
    private long activeAt;
    private boolean running;

    Outbox(long published, long known, long now) {
        this.published = published;
        this.known = known;
        this.mark = published;
        this.markedAt = now;
        this.activeAt = now;
    }

    void add(Change change, long now) {
        known = Math.max(known, change.seq());
        activeAt = now;
        if (waiting.size() < MOST_IN_MEMORY) {
            waiting.put(change.seq(), change);
        }
    }

    /** The next changes that are in memory, from the first not published; empty where the first is not. */
    List<Change> next(int most) {
        List<Change> next = new ArrayList<>();
        for (long seq = published + 1; next.size() < most && waiting.containsKey(seq); seq++) {
            next.add(waiting.get(seq));
        }
        return next;
    }

    void published(long seq) {
        published = Math.max(published, seq);
        waiting.headMap(published + 1).clear();
    }

    long published() {
        return published;
    }

    long known() {
        return known;
    }

    void known(long seq) {
        known = Math.max(known, seq);
    }

    boolean behind() {
        return published < known;
    }

    long mark() {
        return mark;
    }

    void marked(long newMark, long now) {
        mark = newMark;
        markedAt = now;
    }

    long markedAt() {
        return markedAt;
    }

    long activeAt() {
        return activeAt;
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
