package dev.sandglass.task.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AllListsTest {
    private final Map<String, Stored> ledger = new HashMap<>();

    @Test
    void pagesAreBoundedAndTogetherAllLists() {
        for (int shard = 0; shard < Keys.SHARDS; shard++) {
            lists(shard, 20);
        }
        Set<String> all = new HashSet<>();
        int pages = 0;
        for (Integer from = 0; from != null; pages++) {
            AllLists page = AllLists.from(Documents.of(ledger), from, Map.of());
            assertTrue(page.ids().size() <= AllLists.AT_ONCE, () -> page.ids().size() + " on a page");
            page.ids().forEach(list -> assertTrue(all.add(list), "once"));
            from = page.next();
        }
        assertEquals(256 * 20, all.size());
        assertEquals(3, pages);
    }

    /** Its lists do not stand in the way of those behind it. */
    @Test
    void aShardWithMoreListsThanAPageIsAPage() {
        for (int shard = 0; shard < Keys.SHARDS; shard++) {
            lists(shard, shard == 1 ? AllLists.AT_ONCE + 1 : 0);
        }
        AllLists page = AllLists.from(Documents.of(ledger), 0, Map.of());
        assertEquals(AllLists.AT_ONCE + 1, page.ids().size());
        AllLists rest = AllLists.from(Documents.of(ledger), Objects.requireNonNull(page.next()), Map.of());
        assertEquals(0, rest.ids().size());
        assertNull(rest.next());
    }

    private void lists(int shard, int count) {
        ledger.put(Keys.lists(shard), new Stored(Keys.lists(shard), Json.text(new ListCount(1, count)), "1"));
        for (int number = 1; number <= count; number++) {
            String key = Keys.lists(shard, number);
            ledger.put(key, new Stored(key, Json.text(shard + "." + number), "1"));
        }
    }
}
