package dev.sandglass.task.domain;

import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rights of a personal token, as the ledger keeps it under {@code token/<hash>} until it runs out or is withdrawn. The token itself
 * is kept nowhere.
 *
 * @param v schema version of the stored value
 * @param hash SHA-256 of the token
 * @param inbox of the user: what is told of the token is told there
 * @param scopes of {@link #READ} and {@link #WRITE}
 * @param lists those it is for; null: all of the user's
 */
public record Grant(
        int v,
        String hash,
        String user,
        String inbox,
        SortedSet<String> scopes,
        @Nullable SortedSet<String> lists,
        Instant expires) {
    public static final String READ = "read";
    public static final String WRITE = "write";

    private static final int ID = 16;

    public Grant {
        scopes = sorted(scopes);
        lists = lists == null ? null : sorted(lists);
    }

    /** A token for some lists is not answered with what another was: a mark beside what is kept of its answers. */
    public static String mark(@Nullable Grant grant) {
        return grant == null || grant.lists == null ? "" : "\n" + grant.lists;
    }

    static SortedSet<String> sorted(Set<String> some) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(some));
    }

    /** By which its user names it. */
    public String id() {
        return id(hash);
    }

    public static String id(String hash) {
        return hash.substring(0, ID);
    }
}
