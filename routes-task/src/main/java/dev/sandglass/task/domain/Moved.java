package dev.sandglass.task.domain;

import dev.sandglass.support.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The lists of a shard that moved lately and are quiet now, under {@code moved/<shard>}: with {@link Pending}, which a list leaves for
 * this, they are all that moved, so nobody looks at the others. A list that awaits an occurrence stays.
 *
 * @param v schema version of the stored value
 * @param lists list to what it was like when it fell quiet
 */
public record Moved(int v, SortedMap<String, Quiet> lists) {
    /** How long a list that moved is told of. */
    static final Duration KEPT = Duration.ofHours(2);

    /**
     * A list that fell quiet.
     *
     * @param seq its last change
     * @param at when, seconds of the epoch by the clock of the replica that saw it
     * @param awaiting whether it awaits an occurrence
     */
    public record Quiet(long seq, long at, boolean awaiting) {}

    public Moved {
        lists = Collections.unmodifiableSortedMap(new TreeMap<>(lists));
    }

    static Moved of(Stored stored) {
        return stored.absent() ? new Moved(1, new TreeMap<>()) : stored.as(Moved.class);
    }

    /** A list falls quiet; those go that did so long ago. */
    Moved with(Head head, Instant now) {
        long oldest = now.minus(KEPT).getEpochSecond();
        SortedMap<String, Quiet> after = new TreeMap<>(lists);
        after.values().removeIf(quiet -> quiet.at < oldest && !quiet.awaiting);
        after.put(
                head.id(),
                new Quiet(head.seq(), now.getEpochSecond(), !head.awaiting().isEmpty()));
        return new Moved(v, after);
    }
}
