package dev.sandglass.sync.memory;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Values under keys. Adding one is a single step, as is removing one, so that none is added to a group that is being thrown away. */
final class Grouped<K, V> {
    private final Map<K, Set<V>> groups = new ConcurrentHashMap<>();

    void add(K key, V value) {
        groups.merge(key, Set.of(value), (there, more) -> {
            Set<V> all = new HashSet<>(there);
            all.addAll(more);
            return Set.copyOf(all);
        });
    }

    void remove(K key, V value) {
        groups.computeIfPresent(key, (same, there) -> {
            Set<V> fewer = new HashSet<>(there);
            fewer.remove(value);
            return fewer.isEmpty() ? null : Set.copyOf(fewer);
        });
    }

    /** Those under a key as they are now. */
    Set<V> of(K key) {
        return groups.getOrDefault(key, Set.of());
    }

    Set<K> keys() {
        return groups.keySet();
    }
}
