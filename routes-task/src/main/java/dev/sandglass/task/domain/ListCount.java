package dev.sandglass.task.domain;

import dev.sandglass.support.Stored;
import java.util.Map;

/**
 * How many lists a shard has, under {@code lists/<shard>}.
 *
 * @param v schema version of the stored value
 */
public record ListCount(int v, int n) {
    public static int of(Stored stored) {
        return stored.absent() ? 0 : stored.as(ListCount.class).n;
    }

    /** @return 0 where it cannot be read, see {@link Stored#as(Class, Map)} */
    static int of(Stored stored, Map<String, String> unreadable) {
        return stored.absent()
                ? 0
                : stored.as(ListCount.class, unreadable).map(ListCount::n).orElse(0);
    }
}
