package dev.sandglass.task.domain;

import dev.sandglass.events.Change;
import dev.sandglass.events.CloudEvent;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Keyed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a list that leave together for Kafka.
 *
 * @param after the last change that is out for certain; -1 where only {@code pending/<shard>} says that
 * @param known the list's last change, as far as that is known
 * @param most how many may leave
 * @param changes in order, from the one behind {@code after}; empty where they lie in the ledger alone
 */
public record Departure(String list, long after, long known, int most, List<Leaving> changes) {

    /** Characters that leave together, about, where they are read from the ledger: each is written out twice. */
    private static final int LARGEST = 500_000;

    /**
     * A change on its way, with the trace of the request it came from as long as that is known.
     *
     * @param weight characters that it takes in memory, about
     */
    public record Leaving(Change change, @Nullable String trace, int weight) {
        /** Characters of a change beside its texts, in memory. */
        private static final int REST = 3_000;

        public Leaving(Change change, @Nullable String trace) {
            this(change, trace, weight(change));
        }

        private static int weight(Change change) {
            Task task = change.task();
            int told = change.changed().values().stream()
                    .flatMap(List::stream)
                    .mapToInt(value -> value.toString().length())
                    .sum();
            return REST
                    + told
                    + (task == null
                            ? 0
                            : task.description().length()
                                    + task.tags().stream()
                                            .mapToInt(String::length)
                                            .sum());
        }
    }

    /** Keys to be read before anything can leave; none where the changes are in memory. */
    public SortedSet<String> wanted() {
        SortedSet<String> wanted = new TreeSet<>();
        if (after < 0) {
            wanted.add(Keys.head(list));
            wanted.add(Keys.pending(Keys.shard(list)));
        } else if (isRead()) {
            wanted.add(Keys.head(list));
            LongStream.rangeClosed(after + 1, after + weight()).forEach(seq -> wanted.add(Keys.change(list, seq)));
        }
        return wanted;
    }

    /** The same with what the store has under {@link #wanted()}: from where on it is to leave, or what leaves. */
    public Departure read(Map<String, Stored> documents) {
        Stored stored = documents.get(Keys.head(list));
        Head head = stored == null || stored.absent() ? null : stored.as(Head.class);
        long last = head == null ? after : head.seq();
        if (after < 0) {
            Stored shard = documents.get(Keys.pending(Keys.shard(list)));
            Long mark = shard == null || shard.absent()
                    ? null
                    : shard.as(Pending.class).lists().get(list);
            return new Departure(list, mark == null ? -1 : mark, last, most, List.of());
        }
        // Trimmed changes had been published, by another replica.
        long from = head == null ? after : Math.max(after, head.first() - 1);
        if (from > after) {
            return new Departure(list, from, last, most, List.of());
        }
        List<Leaving> found = new ArrayList<>();
        int size = 0;
        for (long seq = after + 1; seq <= Math.min(last, after + most); seq++) {
            Stored change = documents.get(Keys.change(list, seq));
            if (change == null || change.json() == null || size > LARGEST) {
                break;
            }
            size += change.json().length();
            found.add(new Leaving(Json.read(change.as(StoredChange.class).data(), Change.class), null));
        }
        return new Departure(list, after, last, most, found);
    }

    /** Tells if something has to be read before anything can leave. */
    public boolean isRead() {
        return changes.isEmpty();
    }

    /** How many changes leave, or are to be read, as far as that is known; 1 where that is to be read first. */
    public int weight() {
        if (!isRead()) {
            return size();
        }
        return after < 0 ? 1 : (int) Math.min(Math.min(most, Changes.READ_AT_ONCE), known - after);
    }

    public int size() {
        return changes.size();
    }

    /** For <em>task-updates</em>. */
    public List<Keyed> updates() {
        return told(Change::asUpdate);
    }

    /** For <em>task-events</em>. */
    public List<Keyed> events() {
        return told(Change::asEvent);
    }

    /** Under one key, which keeps them in their order. */
    private List<Keyed> told(Function<Change, CloudEvent> event) {
        return changes.stream()
                .map(leaving -> new Keyed(list, event.apply(leaving.change).traced(leaving.trace)))
                .toList();
    }

    /**
     * @param certain how many of them are out
     * @return the last change that is out
     */
    public long upTo(int certain) {
        return after + certain;
    }
}
