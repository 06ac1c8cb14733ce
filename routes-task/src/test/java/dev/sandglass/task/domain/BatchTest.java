package dev.sandglass.task.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Documents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Writes that wait are decided as one: with one read of all they lack, in one transaction. */
class BatchTest {
    private static final String LIST = "home";
    private static final String PENDING = Keys.pending(Keys.shard(LIST));

    private final Map<String, Stored> store = new HashMap<>(Map.of(
            Keys.head(LIST), new Stored(Keys.head(LIST), Json.text(Head.fresh(LIST, "Home", "alice", false)), "1")));

    @Test
    void allThatSeveralWritesLackIsOneRead() {
        Batch batch = batch(Set.of(), looking("user/bob"), looking("user/carol"));
        assertEquals(
                Set.of("user/bob", "user/carol"),
                assertThrows(Documents.Unseen.class, () -> batch.on(Documents.of(store)))
                        .keys());
    }

    @Test
    void documentsOfAShardAreNeitherReadNorWrittenBeforeItsTurn() {
        Accepted<Batch.Decided> before = batch(Set.of(), renamed()).on(Documents.of(store));
        assertFalse(before.answer().may());
        assertTrue(before.transaction().isEmpty());

        Batch batch = batch(before.answer().draft().shardKeys(), renamed());
        assertTrue(batch.keys().contains(PENDING));
        store.put(PENDING, new Stored(PENDING, null, null));
        Accepted<Batch.Decided> written = batch.on(Documents.of(store));
        assertTrue(written.answer().may());
        assertEquals(
                0, written.transaction().value(PENDING).at("/lists/" + LIST).asInt());
    }

    @Test
    void eachIsDecidedOnWhatThoseBeforeItLeft() {
        store.put(PENDING, new Stored(PENDING, null, null));
        Accepted<Batch.Decided> written =
                batch(Set.of(PENDING), renamed(), refused(), renamed()).on(Documents.of(store));
        List<Long> numbers = new ArrayList<>();
        written.answer()
                .draft()
                .changes()
                .forEach(recorded -> numbers.add(recorded.change().seq()));
        assertEquals(List.of(1L, 2L), numbers);
        assertEquals("no", written.answer().outcomes().get(1).refusal().getMessage());
        assertEquals(Keys.change(LIST, 1), written.witness());
    }

    @Test
    void aWriteThatLacksDocumentsKeepsThoseOfOtherListsNotWaiting() {
        Set<String> shards = new HashSet<>();
        for (String list : List.of(LIST, "work")) {
            store.put(
                    Keys.head(list), new Stored(Keys.head(list), Json.text(Head.fresh(list, "", "alice", false)), "1"));
            String pending = Keys.pending(Keys.shard(list));
            store.put(pending, new Stored(pending, null, null));
            shards.add(pending);
        }
        Batch both = new Batch(
                Stream.of(looking("user/bob"), renamed(), renamed("work"))
                        .<Batch.Waiting>map(write -> new Batch.Waiting(write, null))
                        .toList(),
                new TreeSet<>(Set.of(LIST, "work")),
                Instant.EPOCH,
                shards,
                Map.of());
        Accepted<Batch.Decided> decided = both.on(Documents.of(store));
        assertEquals(
                List.of(false, false, true),
                decided.answer().outcomes().stream().map(Objects::nonNull).toList());
        assertEquals(
                List.of("work"),
                decided.answer().written().stream()
                        .map(recorded -> recorded.change().list())
                        .toList());
    }

    private static Batch batch(Set<String> shardKeys, Write<?>... writes) {
        return new Batch(
                Stream.of(writes)
                        .<Batch.Waiting>map(write -> new Batch.Waiting(write, null))
                        .toList(),
                new TreeSet<>(Set.of(LIST)),
                Instant.EPOCH,
                shardKeys,
                Map.of());
    }

    private static Write<?> looking(String key) {
        return Write.to(LIST, draft -> draft.read().get(key));
    }

    private static Write<?> refused() {
        return Write.to(LIST, draft -> {
            // Nothing of this is written.
            draft.record(LIST, ChangeType.LIST_UPDATED, "alice", new TreeMap<>());
            throw new IllegalArgumentException("no");
        });
    }

    private static Write<?> renamed() {
        return renamed(LIST);
    }

    private static Write<?> renamed(String list) {
        return Write.to(list, draft -> {
            draft.record(list, ChangeType.LIST_UPDATED, "alice", new TreeMap<>());
            return list;
        });
    }
}
