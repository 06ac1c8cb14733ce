package dev.sandglass.task.domain;

import dev.sandglass.support.domain.Documents;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Finds the lists that moved lately: those with changes that may not be published yet, and those that fell quiet since. Documents that
 * cannot be read are left out, see {@link dev.sandglass.support.Stored#as(Class, Map)}.
 */
final class Lately {
    private Lately() {}

    /** Tells if all that moved since then are known. */
    static boolean reaches(Instant since, Instant now) {
        return since.isAfter(now.minus(Moved.KEPT));
    }

    /**
     * The lists with changes that may not be published yet, with the last that is. They are asked for first: a list goes from here to those
     * that are quiet.
     */
    static SortedMap<String, Long> pending(Documents documents, Map<String, String> unreadable) {
        SortedMap<String, Long> pending = new TreeMap<>();
        documents
                .all(shards().mapToObj(Keys::pending).toList(), Pending.class, unreadable)
                .forEach(shard -> pending.putAll(shard.lists()));
        return pending;
    }

    /** The lists that fell quiet since, with their last change. */
    static SortedMap<String, Long> quiet(
            Documents documents, Instant since, Instant now, Map<String, String> unreadable) {
        SortedMap<String, Long> quiet = new TreeMap<>();
        List<String> slots = shards().boxed()
                .flatMap(shard -> Moved.slots(since, now).mapToObj(slot -> Keys.moved(shard, slot)))
                .toList();
        documents
                .all(slots, Moved.class, unreadable)
                .forEach(slot -> slot.lists().forEach((list, one) -> {
                    if (one.at() >= since.getEpochSecond()) {
                        quiet.merge(list, one.seq(), Math::max);
                    }
                }));
        return quiet;
    }

    /** The quiet lists that await an occurrence. */
    static SortedSet<String> awaiting(Documents documents, Map<String, String> unreadable) {
        SortedSet<String> awaiting = new TreeSet<>();
        documents
                .all(shards().mapToObj(Keys::awaiting).toList(), Awaiting.class, unreadable)
                .forEach(shard -> awaiting.addAll(shard.lists()));
        return awaiting;
    }

    /** All that moved as far as is known. */
    static Set<String> all(Documents documents, Instant now, Map<String, String> unreadable) {
        Set<String> all = new TreeSet<>(pending(documents, unreadable).keySet());
        all.addAll(quiet(documents, now.minus(Moved.KEPT), now, unreadable).keySet());
        return all;
    }

    private static IntStream shards() {
        return IntStream.range(0, Keys.SHARDS);
    }
}
