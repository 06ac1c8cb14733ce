package dev.sandglass.task.memory;

import dev.sandglass.support.domain.Documents;
import dev.sandglass.task.domain.AllLists;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.ListCount;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** All lists there ever were, by number within 256 shards: what others compare their cursors with. */
@Singleton
@Named("allLists")
public class KnownLists implements AllLists {
    /** The ids under their keys: they never change. */
    private final Map<String, String> known = new ConcurrentHashMap<>();

    @Override
    public Set<String> lists(Documents documents) {
        documents.all(IntStream.range(0, Keys.SHARDS).mapToObj(Keys::lists).toList());
        List<String> unknown = new ArrayList<>();
        for (int shard = 0; shard < Keys.SHARDS; shard++) {
            int lists = ListCount.of(documents.get(Keys.lists(shard)));
            for (int number = 1; number <= lists; number++) {
                String key = Keys.lists(shard, number);
                if (!known.containsKey(key)) {
                    unknown.add(key);
                }
            }
        }
        documents.all(unknown).forEach((key, stored) -> {
            if (!stored.absent()) {
                known.put(key, stored.as(String.class));
            }
        });
        return Set.copyOf(known.values());
    }
}
