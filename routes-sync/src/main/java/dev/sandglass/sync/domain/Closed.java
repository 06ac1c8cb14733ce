package dev.sandglass.sync.domain;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sockets of one user that are closed.
 *
 * @param lastThere the instant the user was last there, null if the user has another socket
 */
public record Closed(
        String user, Set<String> sockets, @Nullable Instant lastThere) {

    /** Joins the sockets of each user. */
    public static Collection<Closed> byUser(List<Closed> closed) {
        Map<String, Closed> byUser = new HashMap<>();
        closed.forEach(one -> byUser.merge(one.user, one, Closed::and));
        return byUser.values();
    }

    private Closed and(Closed other) {
        Set<String> all = new HashSet<>(sockets);
        all.addAll(other.sockets);
        Instant later = lastThere == null || other.lastThere != null && other.lastThere.isAfter(lastThere)
                ? other.lastThere
                : lastThere;
        return new Closed(user, all, later);
    }
}
