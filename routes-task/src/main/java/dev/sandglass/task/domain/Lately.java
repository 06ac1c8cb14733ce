package dev.sandglass.task.domain;

import dev.sandglass.support.domain.Documents;
import java.time.Instant;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Finds the lists that moved lately: those with changes that may not be published yet, and those that fell quiet since. */
final class Lately {
    private Lately() {}

    /** Tells if all that moved since then are known. */
    static boolean reaches(long since, Instant now) {
        return since > now.minus(Moved.KEPT).getEpochSecond();
    }

    /**
     * The lists with changes that may not be published yet, with the last that is. They are asked for first: a list goes from here to those
     * that are quiet.
     */
    static SortedMap<String, Long> pending(Documents documents) {
        SortedMap<String, Long> pending = new TreeMap<>();
        documents.all(shards().mapToObj(Keys::pending).toList()).values().stream()
                .filter(stored -> !stored.absent())
                .forEach(stored -> pending.putAll(stored.as(Pending.class).lists()));
        return pending;
    }

    /** The lists that are quiet, with their last change. */
    static SortedMap<String, Long> quiet(Documents documents, Predicate<Moved.Quiet> which) {
        SortedMap<String, Long> quiet = new TreeMap<>();
        documents
                .all(shards().mapToObj(Keys::moved).toList())
                .values()
                .forEach(stored -> Moved.of(stored).lists().forEach((list, one) -> {
                    if (which.test(one)) {
                        quiet.put(list, one.seq());
                    }
                }));
        return quiet;
    }

    /** Both. */
    static Set<String> all(Documents documents, Predicate<Moved.Quiet> which) {
        Set<String> all = new TreeSet<>(pending(documents).keySet());
        all.addAll(quiet(documents, which).keySet());
        return all;
    }

    private static IntStream shards() {
        return IntStream.range(0, Keys.SHARDS);
    }
}
