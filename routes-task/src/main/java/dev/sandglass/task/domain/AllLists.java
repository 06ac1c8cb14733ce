package dev.sandglass.task.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Lists there ever were, by number within shards, a page at a time.
 *
 * @param ids about so many as are read in a moment
 * @param next the shard with which the next page begins; null after the last
 */
record AllLists(List<String> ids, @Nullable Integer next) {
    /** Lists; their heads are read within the time that a caller has. */
    static final int AT_ONCE = 2_000;

    /** @param unreadable see {@link Stored#as(Class, Map)}; the lists that they tell of are left out */
    static AllLists from(Documents documents, int shard, Map<String, String> unreadable) {
        Map<String, Stored> counts = documents.all(
                IntStream.range(shard, Keys.SHARDS).mapToObj(Keys::lists).toList());
        List<String> keys = new ArrayList<>();
        int next = shard;
        while (next < Keys.SHARDS) {
            int of = next;
            int lists = ListCount.of(Objects.requireNonNull(counts.get(Keys.lists(of))), unreadable);
            if (!keys.isEmpty() && keys.size() + lists > AT_ONCE) {
                break;
            }
            IntStream.rangeClosed(1, lists)
                    .mapToObj(number -> Keys.lists(of, number))
                    .forEach(keys::add);
            next++;
        }
        List<String> ids = documents.all(keys, String.class, unreadable).toList();
        return new AllLists(ids, next == Keys.SHARDS ? null : next);
    }
}
