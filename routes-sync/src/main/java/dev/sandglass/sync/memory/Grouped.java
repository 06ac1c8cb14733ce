package dev.sandglass.sync.memory;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Values under keys. To add or remove one is a single step, so that none is added to a group that is being removed. */
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

    Set<V> of(K key) {
        return groups.getOrDefault(key, Set.of());
    }

    Set<K> keys() {
        return groups.keySet();
    }
}
