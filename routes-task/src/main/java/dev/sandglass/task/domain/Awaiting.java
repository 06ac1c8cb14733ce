package dev.sandglass.task.domain;

import dev.sandglass.support.Stored;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The quiet lists of a shard that await an occurrence, under {@code awaiting/<shard>}; others that do are in {@link Pending}.
 *
 * @param v schema version of the stored value
 */
public record Awaiting(int v, SortedSet<String> lists) {
    public Awaiting {
        lists = Collections.unmodifiableSortedSet(new TreeSet<>(lists));
    }

    static Awaiting of(Stored stored) {
        return stored.absent() ? none() : stored.as(Awaiting.class);
    }

    static Awaiting none() {
        return new Awaiting(1, new TreeSet<>());
    }

    /** A list falls quiet, or awaits one while it is. */
    Awaiting with(Head head) {
        SortedSet<String> after = new TreeSet<>(lists);
        boolean other = head.awaiting().isEmpty() ? after.remove(head.id()) : after.add(head.id());
        return other ? new Awaiting(v, after) : this;
    }
}
