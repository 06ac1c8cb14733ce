package dev.sandglass.task.domain;

import dev.sandglass.support.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * The lists of a shard that fell quiet in ten minutes, under {@code moved/<shard>/<slot>}: with {@link Pending}, which a list leaves for
 * this, these documents of two hours are all that moved, so nobody looks at the others.
 *
 * @param v schema version of the stored value
 * @param lists list to what it was like when it fell quiet
 */
public record Moved(int v, SortedMap<String, Quiet> lists) {
    /** How long a list that moved is told of. */
    static final Duration KEPT = Duration.ofHours(2);

    private static final long SLOT = Duration.ofMinutes(10).toSeconds();

    /**
     * A list that fell quiet.
     *
     * @param seq its last change
     * @param at when, seconds of the epoch by the clock of the replica that saw it
     */
    public record Quiet(long seq, long at) {}

    public Moved {
        lists = Collections.unmodifiableSortedMap(new TreeMap<>(lists));
    }

    static Moved of(Stored stored) {
        return stored.absent() ? new Moved(1, new TreeMap<>()) : stored.as(Moved.class);
    }

    /** The ten minutes that an instant is in. */
    static long slot(Instant at) {
        return at.getEpochSecond() / SLOT;
    }

    /** The slots of all instants between two. */
    static LongStream slots(Instant from, Instant to) {
        return LongStream.rangeClosed(slot(from), slot(to));
    }

    /** A list falls quiet. */
    Moved with(Head head, Instant now) {
        SortedMap<String, Quiet> after = new TreeMap<>(lists);
        after.put(head.id(), new Quiet(head.seq(), now.getEpochSecond()));
        return new Moved(v, after);
    }
}
