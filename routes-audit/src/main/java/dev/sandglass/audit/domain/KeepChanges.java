package dev.sandglass.audit.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Effects;
import dev.sandglass.support.domain.Event;
import dev.sandglass.support.domain.Heard;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every change under its number, and a mention of it for the task's history. It never replaces anything. A different change
 * under a taken number raises an alarm, and the first one stays.
 */
public final class KeepChanges implements Effects<List<String>> {
    /**
     * The entries of changes that came as events, so that each is hashed once. Of those that are fetched, without end perhaps, nothing is
     * held.
     */
    private final Map<JsonNode, Kept> entries = new IdentityHashMap<>();

    /**
     * The number of changes of a task that were kept: {@code history/<task>}; they are {@code history/<task>/1} to {@code n}. It is
     * not the task's version, since a deletion may share the version of another change.
     */
    public record History(int v, long n) {
        public static String key(String task) {
            return "history/" + task;
        }

        public static long of(@Nullable Stored stored) {
            return stored == null || stored.absent() ? 0 : stored.as(History.class).n;
        }
    }

    /**
     * Changes that events tell.
     *
     * @throws IllegalArgumentException when one is no change, or its hash does not fit its content
     */
    public static Heard<List<String>> heard(List<Event> events) {
        KeepChanges effects = new KeepChanges();
        Heard<List<String>> heard = new Heard<>(effects);
        for (Event event : events) {
            JsonNode change = event.data();
            effects.entries.put(change, Kept.of(change));
            heard.with(change);
        }
        return heard;
    }

    /** Lists with the number of the last change that the ledger has. */
    public static Heard<List<String>> behind(Map<String, Long> lists) {
        Heard<List<String>> heard = new Heard<>(new KeepChanges());
        lists.forEach(heard::upTo);
        return heard;
    }

    @Override
    public Set<String> keys(List<JsonNode> changes) {
        Set<String> keys = new HashSet<>();
        changes.forEach(change -> task(change, task -> keys.add(History.key(task))));
        return keys;
    }

    @Override
    public List<String> unknown(String list, long after) {
        return List.of("an event says changes of " + list + " after " + after + ", which the ledger does not have");
    }

    private static List<String> entries(SortedMap<String, List<JsonNode>> changes) {
        return changes.entrySet().stream()
                .flatMap(list -> list.getValue().stream()
                        .map(change -> EntryId.of(list.getKey(), change).key()))
                .toList();
    }

    /** Reads entries only where one may exist already: otherwise the store's first-write makes sure. */
    @Override
    public Accepted<List<String>> of(
            Documents documents, SortedMap<String, List<JsonNode>> next, SortedMap<String, List<JsonNode>> repeated) {
        List<String> alarms = new ArrayList<>();
        documents.all(entries(repeated));
        repeated.forEach((list, changes) -> changes.forEach(change -> {
            Stored there = documents.get(EntryId.of(list, change).key());
            if (there.absent() || !there.as(Kept.class).sameAs(entry(change))) {
                alarms.add("an event is not what was kept as " + there.key() + "; what was kept stays");
            }
        }));

        Map<String, Stored> there = Map.of();
        if (documents.again()) {
            there = documents.all(entries(next));
        }
        SortedMap<String, Long> histories = new TreeMap<>();
        Transaction created = new Transaction();
        for (Map.Entry<String, List<JsonNode>> list : next.entrySet()) {
            for (JsonNode change : list.getValue()) {
                String key = EntryId.of(list.getKey(), change).key();
                Kept entry = entry(change);
                Stored before = there.get(key);
                if (before != null && !before.absent()) {
                    if (!before.as(Kept.class).sameAs(entry)) {
                        alarms.add(key + " was there before its change came, and is another; what was there stays");
                    }
                    continue;
                }
                created.create(key, entry);
                task(change, task -> {
                    long n = histories.computeIfAbsent(task, any -> History.of(documents.get(History.key(task)))) + 1;
                    histories.put(task, n);
                    created.create(History.key(task) + "/" + n, Mention.of(list.getKey(), change));
                });
            }
        }
        // A task that moved has changes in two lists, so two transactions may write its count at once: the counts are
        // sorted and come first.
        Transaction transaction = new Transaction();
        histories.forEach((task, n) -> transaction.replace(documents.get(History.key(task)), new History(1, n)));
        return new Accepted<>(transaction.addAll(created), alarms);
    }

    private Kept entry(JsonNode change) {
        Kept heard = entries.get(change);
        return heard == null ? Kept.asItCame(change) : heard;
    }

    private static void task(JsonNode change, java.util.function.Consumer<String> then) {
        if (change.hasNonNull("task")) {
            then.accept(change.path("task").path("id").asText());
        }
    }
}
