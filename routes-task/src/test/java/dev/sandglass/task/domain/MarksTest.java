package dev.sandglass.task.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.task.domain.Marks.Made;
import dev.sandglass.task.domain.Marks.Mark;
import dev.sandglass.task.domain.Moved.Quiet;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MarksTest {
    /** All in one shard. */
    private static final List<String> LISTS = IntStream.range(0, 100_000)
            .mapToObj(i -> "l" + i)
            .filter(list -> Keys.shard(list) == 7)
            .limit(70)
            .toList();

    private static final Instant NOW = Instant.parse("2027-01-01T12:00:00Z");

    private final Map<String, Stored> ledger = new HashMap<>();

    @Test
    void theListsOfAShardMoveTogether() {
        List<Marks> together =
                Marks.of(LISTS.stream().map(list -> new Mark(list, 1, true)).toList(), NOW);
        assertEquals(
                List.of(32, 32, 6),
                together.stream().map(one -> one.all().size()).toList());
        assertEquals(35, together.get(0).keys().size());
    }

    @Test
    void theListsOfDifferentShardsDoNot() {
        assertEquals(
                2,
                Marks.of(List.of(new Mark("a", 1, true), new Mark("b", 1, true)), NOW)
                        .size());
    }

    @Test
    void quietListsGoOutAndThoseWithAFurtherChangeStay() {
        String quiet = LISTS.get(0);
        String busy = LISTS.get(1);
        String moved = LISTS.get(2);
        String other = LISTS.get(3);
        head(quiet, 4);
        head(busy, 5);
        Pending pending =
                Pending.none().with(quiet, 1L).with(busy, 1L).with(moved, 1L).with(other, 1L);
        ledger.put(Keys.pending(7), new Stored(Keys.pending(7), Json.text(pending), "1"));

        Map<String, Made> made = new HashMap<>();
        Map<String, String> written =
                on(made, new Mark(quiet, 4, true), new Mark(busy, 4, true), new Mark(moved, 9, false));
        assertTrue(made.get(quiet).gone());
        assertEquals(new Made(new Mark(busy, 4, true), 5, false), made.get(busy));
        assertEquals(new Made(new Mark(moved, 9, false), 9, false), made.get(moved));
        assertEquals(
                Map.of(busy, 1L, moved, 9L, other, 1L),
                Json.read(written.get(Keys.pending(7)), Pending.class).lists());
        assertEquals(false, Json.read(written.get(Keys.head(quiet)), Head.class).pending());
        assertEquals(
                Map.of(quiet, new Quiet(4, NOW.getEpochSecond())),
                Json.read(written.get(Keys.moved(7, Moved.slot(NOW))), Moved.class)
                        .lists());
        assertEquals(3, written.size(), "the busy list is not touched");
    }

    /** Whoever asks what moved reads what fell quiet since, not all that did in two hours. */
    @Test
    void listsThatFellQuietSinceAreFound() {
        ledger.put(Keys.pending(7), new Stored(Keys.pending(7), Json.text(Pending.none()), "1"));
        for (int hour = 0; hour < 3; hour++) {
            head(LISTS.get(hour), 4);
            write(NOW.minusSeconds(3_600L * hour + 60), new Mark(LISTS.get(hour), 4, true));
        }
        assertEquals(Map.of(LISTS.get(0), 4L), Lately.quiet(documents(), NOW.minusSeconds(60), NOW, Map.of()));
        assertEquals(Map.of(), Lately.quiet(documents(), NOW.minusSeconds(59), NOW, Map.of()));
        assertEquals(
                Map.of(LISTS.get(0), 4L, LISTS.get(1), 4L),
                Lately.quiet(documents(), NOW.minus(Moved.KEPT).plusSeconds(1), NOW, Map.of()));
        // Again, and in another ten minutes.
        head(LISTS.get(1), 5);
        write(NOW, new Mark(LISTS.get(1), 5, true));
        assertEquals(
                Map.of(LISTS.get(0), 4L, LISTS.get(1), 5L),
                Lately.quiet(documents(), NOW.minus(Moved.KEPT).plusSeconds(1), NOW, Map.of()));
    }

    /** However long it takes. */
    @Test
    void aQuietListThatAwaitsAnOccurrenceIsFoundUntilItHasCome() {
        ledger.put(Keys.pending(7), new Stored(Keys.pending(7), Json.text(Pending.none()), "1"));
        Head head = head(LISTS.get(0), 4);
        ledger.put(
                Keys.head(LISTS.get(0)), new Stored(Keys.head(LISTS.get(0)), Json.text(head.awaiting("task", 4)), "2"));
        head(LISTS.get(1), 4);
        write(NOW, new Mark(LISTS.get(0), 4, true), new Mark(LISTS.get(1), 4, true));
        assertEquals(Set.of(LISTS.get(0)), Lately.awaiting(documents(), Map.of()));
        head(LISTS.get(0), 5);
        write(NOW, new Mark(LISTS.get(0), 5, true));
        assertEquals(Set.of(), Lately.awaiting(documents(), Map.of()));
    }

    @Test
    void whatIsNotPendingIsNotWritten() {
        ledger.put(Keys.pending(7), new Stored(Keys.pending(7), Json.text(Pending.none()), "1"));
        assertEquals(Map.of(), on(new HashMap<>(), new Mark(LISTS.get(0), 4, false), new Mark(LISTS.get(1), 4, true)));
    }

    private Head head(String list, long seq) {
        Head head = Head.fresh(list, list, "alice", false)
                .moved(seq, "", Instant.EPOCH)
                .withPending(true);
        ledger.put(Keys.head(list), new Stored(Keys.head(list), Json.text(head), "1"));
        return head;
    }

    private Documents documents() {
        IntStream.range(0, Keys.SHARDS)
                .boxed()
                .flatMap(shard -> Stream.concat(
                        Stream.of(Keys.awaiting(shard)),
                        Moved.slots(NOW.minus(Moved.KEPT), NOW).mapToObj(slot -> Keys.moved(shard, slot))))
                .forEach(key -> ledger.putIfAbsent(key, new Stored(key, null, null)));
        return Documents.of(ledger);
    }

    private void write(Instant now, Mark... marks) {
        on(now, new HashMap<>(), marks).forEach((key, json) -> ledger.put(key, new Stored(key, json, "2")));
    }

    private Map<String, String> on(Map<String, Made> made, Mark... marks) {
        return on(NOW, made, marks);
    }

    private Map<String, String> on(Instant now, Map<String, Made> made, Mark... marks) {
        Marks together = Marks.of(List.of(marks), now).get(0);
        together.keys().forEach(key -> ledger.putIfAbsent(key, new Stored(key, null, null)));
        Accepted<List<Made>> accepted = together.on(Documents.of(ledger));
        accepted.answer().forEach(one -> made.put(one.mark().list(), one));
        Map<String, String> written = new TreeMap<>();
        accepted.transaction().each(written::put);
        return written;
    }
}
