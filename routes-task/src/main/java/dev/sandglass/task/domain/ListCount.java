package dev.sandglass.task.domain;

import dev.sandglass.support.Stored;

/**
 * How many lists a shard has, under {@code lists/<shard>}.
 *
 * @param v schema version of the stored value
 */
public record ListCount(int v, int n) {
    public static int of(Stored stored) {
        return stored.absent() ? 0 : stored.as(ListCount.class).n;
    }
}
