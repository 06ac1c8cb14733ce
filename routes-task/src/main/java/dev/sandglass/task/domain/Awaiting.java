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
        return stored.absent() ? new Awaiting(1, new TreeSet<>()) : stored.as(Awaiting.class);
    }

    /** A list falls quiet. */
    Awaiting with(Head head) {
        SortedSet<String> after = new TreeSet<>(lists);
        boolean other = head.awaiting().isEmpty() ? after.remove(head.id()) : after.add(head.id());
        return other ? new Awaiting(v, after) : this;
    }
}
