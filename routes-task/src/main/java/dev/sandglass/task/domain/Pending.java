package dev.sandglass.task.domain;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The lists of a shard with changes that may not have been published yet, under {@code pending/<shard>}.
 *
 * @param v schema version of the stored value
 * @param lists list to its mark: all changes up to it have been published on both topics
 */
public record Pending(int v, SortedMap<String, Long> lists) {
    public Pending {
        lists = Collections.unmodifiableSortedMap(new TreeMap<>(lists));
    }

    public static Pending none() {
        return new Pending(1, new TreeMap<>());
    }

    /** @param mark null takes the list out */
    public Pending with(String list, @Nullable Long mark) {
        SortedMap<String, Long> changed = new TreeMap<>(lists);
        if (mark == null) {
            changed.remove(list);
        } else {
            changed.put(list, mark);
        }
        return new Pending(v, changed);
    }
}
