package dev.sandglass.task.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Keyed;
import dev.sandglass.task.domain.Departure;
import dev.sandglass.task.domain.Departures;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.Pending;
import dev.sandglass.task.domain.StoredChange;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutboxesTest {
    private static final Duration AT_ONCE = Duration.ofMillis(10);

    private final Outboxes outboxes = new Outboxes(new SimpleMeterRegistry());

    /** Another replica published the first one, and took the list out of what is pending. */
    @Test
    void aChangeThatComesWhileTheStoreIsAskedGoesOutToo() throws Exception {
        outboxes.written(change(1), null, -1);
        assertNotNull(outboxes.take(AT_ONCE));
        outboxes.written(change(2), null, 1);

        outboxes.left(notPending(1), null, null);
        assertNotNull(outboxes.take(AT_ONCE), "it is looked at again");
        outboxes.left(notPending(2), null, null);
        assertNull(outboxes.take(AT_ONCE), "all of it is out");
    }

    /** Events of a list that the broker does not take stay, and leave alone until they are out; those of other lists are out. */
    @Test
    void changesOfDifferentListsLeaveTogether() throws Exception {
        for (String list : List.of("a", "b", "c")) {
            outboxes.written(change(list, 1), null, 0);
            outboxes.written(change(list, 2), null, 0);
        }
        Departures all = Objects.requireNonNull(outboxes.take(AT_ONCE));
        assertEquals(List.of(2, 2, 2), all.sizes());
        assertEquals(
                List.of("a", "a", "b", "b", "c", "c"),
                all.events().stream().map(Keyed::key).toList());

        List<Integer> certain = Departures.certain(all, Set.of(3));
        assertEquals(List.of(2, 1, 2), certain);
        outboxes.left(all, certain, Departures.certain(all, Set.of()));
        assertNull(outboxes.take(AT_ONCE), "it waits a moment");
        Departures rest = Objects.requireNonNull(outboxes.take(Duration.ofSeconds(5)));
        assertEquals(List.of(1L), rest.all().stream().map(Departure::after).toList());
    }

    /** A hundred thousand lists of one change each, left behind by a replica, are not a hundred thousand reads. */
    @Test
    void listsThatWereLeftBehindAreReadAndLeaveTogether() throws Exception {
        List<String> lists = IntStream.range(0, 40).mapToObj(i -> "l" + i).toList();
        Map<String, Stored> ledger = new HashMap<>();
        lists.forEach(list -> {
            stored(
                    ledger,
                    Keys.head(list),
                    Head.fresh(list, list, "alice", false).moved(1, "", Instant.EPOCH));
            stored(
                    ledger,
                    Keys.change(list, 1),
                    new StoredChange(1, "", 0, Json.text(change(list, 1)), null, null, null, null));
            Stored shard = ledger.get(Keys.pending(Keys.shard(list)));
            stored(
                    ledger,
                    Keys.pending(Keys.shard(list)),
                    (shard == null ? Pending.none() : shard.as(Pending.class)).with(list, 0L));
        });
        Map<String, Stored> pending = ledger.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("pending"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        assertEquals(Set.copyOf(lists), outboxes.lookAfter(pending), "their webhooks have to be rung for");
        assertEquals(Set.of(), outboxes.lookAfter(pending));

        int turns = 0;
        Set<String> out = new TreeSet<>();
        for (Departures next = outboxes.take(AT_ONCE); next != null; next = outboxes.take(AT_ONCE)) {
            turns++;
            assertTrue(next.wanted().size() <= 33, () -> "16 changes and their heads at once");
            Departures read = next.read(ledger);
            read.events().forEach(event -> assertTrue(out.add(event.key()), "once"));
            outboxes.left(read, read.sizes(), read.sizes());
        }
        assertEquals(new TreeSet<>(lists), out);
        assertEquals(5, turns, "forty are looked up and forty leave, 16 at once");
    }

    @Test
    void whereAShardCannotBeReadListsOfTheOthersAreTakenOver() {
        Map<String, Stored> pending = new HashMap<>();
        stored(pending, Keys.pending(0), "damaged");
        stored(pending, Keys.pending(1), Pending.none().with("a", 0L));
        assertEquals(Set.of("a"), outboxes.lookAfter(pending));
    }

    /** What cannot be read together is read one by one: perhaps it is too large together. */
    @Test
    void listsThatCannotBeReadTogetherGoAlone() throws Exception {
        outboxes.written(change("a", 1), null, -1);
        outboxes.written(change("b", 1), null, -1);
        Departures both = Objects.requireNonNull(outboxes.take(AT_ONCE));
        assertEquals(2, both.all().size());
        outboxes.stayed(both, new Exception("too large"));
        assertEquals(
                1,
                Objects.requireNonNull(outboxes.take(Duration.ofSeconds(5)))
                        .all()
                        .size());
    }

    /** It was the broker, not the size of what was sent to it. */
    @Test
    void afterAnOutageListsLeaveTogetherAgain() throws Exception {
        List<String> lists = List.of("a", "b", "c", "d", "e");
        for (String list : lists) {
            outboxes.written(change(list, 1), null, 0);
        }
        int tried = 0;
        while (tried < 2 * lists.size()) {
            Departures some = Objects.requireNonNull(outboxes.take(Duration.ofSeconds(5)));
            tried += some.all().size();
            outboxes.stayed(some, new Exception("away"));
        }
        Departures first = Objects.requireNonNull(outboxes.take(Duration.ofSeconds(5)));
        assertEquals(1, first.all().size(), "one finds out whether it is back");
        outboxes.left(first, first.sizes(), first.sizes());
        assertEquals(4, Objects.requireNonNull(outboxes.take(AT_ONCE)).all().size());
    }

    private static void stored(Map<String, Stored> ledger, String key, Object value) {
        ledger.put(key, new Stored(key, Json.text(value), "1"));
    }

    /** Nobody takes them, and they are as large as they may be. */
    @Test
    void largeChangesWaitInTheLedger() throws Exception {
        for (int seq = 1; seq <= 100; seq++) {
            outboxes.written(large(seq), null, 0);
        }
        Departure departure =
                Objects.requireNonNull(outboxes.take(AT_ONCE)).all().get(0);
        int characters = departure.changes().stream()
                .mapToInt(leaving -> leaving.change().changed().toString().length())
                .sum();
        assertTrue(characters <= 4_200_000, () -> characters + " characters are in memory");

        Departure alone = new Departure("l", 0, 100, 100, List.of());
        assertTrue(alone.wanted().size() <= 17, () -> alone.wanted().size() + " are read at once");
        Map<String, Stored> ledger = new HashMap<>();
        Head head = Head.fresh("l", "l", "alice", false).moved(100, "", Instant.EPOCH);
        ledger.put(Keys.head("l"), new Stored(Keys.head("l"), Json.text(head), "1"));
        for (int seq = 1; seq <= 100; seq++) {
            String key = Keys.change("l", seq);
            ledger.put(
                    key,
                    new Stored(
                            key,
                            Json.text(new StoredChange(1, "", 0, Json.text(large(seq)), null, null, null, null)),
                            "1"));
        }
        assertTrue(alone.read(ledger).size() <= 8, () -> alone.read(ledger).size() + " leave together");
        assertTrue(alone.read(ledger).size() > 0);
    }

    private static Change large(long seq) {
        JsonNode text = TextNode.valueOf("😀".repeat(48_000));
        SortedMap<String, List<JsonNode>> changed = new TreeMap<>(Map.of("description", List.of(text, text)));
        return new Change(ChangeType.TASK_UPDATED, "l", seq, Instant.EPOCH, "alice", changed, null, null, null, "", "");
    }

    private static Departures notPending(long last) {
        return new Departures(List.of(new Departure("l", -1, last, 1, List.of())));
    }

    private static Change change(long seq) {
        return change("l", seq);
    }

    private static Change change(String list, long seq) {
        return new Change(
                ChangeType.LIST_UPDATED, list, seq, Instant.EPOCH, "alice", new TreeMap<>(), null, null, null, "", "");
    }
}
