package dev.sandglass.task.ledger;

import dev.sandglass.support.Dapr;
import dev.sandglass.support.Stored;
import dev.sandglass.task.domain.Keys;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** All lists there ever were, by number within 256 shards: what others compare their cursors with. */
@Singleton
public class Registry {
    /**
     * How many lists a shard has.
     *
     * @param v schema version of the stored value
     */
    record Count(int v, int n) {}

    private final Dapr dapr;
    /** The ids under their keys: they never change. */
    private final Map<String, String> known = new ConcurrentHashMap<>();

    Registry(Dapr dapr) {
        this.dapr = dapr;
    }

    /** @throws dev.sandglass.support.Unavailable when the state store does not answer in time */
    public Set<String> lists() {
        List<String> keys = new ArrayList<>();
        Map<String, Stored> counts =
                dapr.read(IntStream.range(0, Keys.SHARDS).mapToObj(Keys::lists).toList());
        for (int shard = 0; shard < Keys.SHARDS; shard++) {
            Stored count = counts.get(Keys.lists(shard));
            int lists =
                    count == null || count.absent() ? 0 : count.as(Count.class).n();
            for (int number = 1; number <= lists; number++) {
                keys.add(Keys.lists(shard, number));
            }
        }
        List<String> unknown =
                keys.stream().filter(key -> !known.containsKey(key)).toList();
        dapr.read(unknown).forEach((key, stored) -> {
            if (!stored.absent()) {
                known.put(key, stored.as(String.class));
            }
        });
        return Set.copyOf(known.values());
    }
}
