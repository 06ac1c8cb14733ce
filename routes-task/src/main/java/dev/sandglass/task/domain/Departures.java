package dev.sandglass.task.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Keyed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/** Changes of several lists that leave together for Kafka, each list under its own key. */
public record Departures(List<Departure> all) {
    /** Tells if something has to be read before anything can leave. */
    public boolean isToRead() {
        return all.stream().anyMatch(Departure::isRead);
    }

    /** Keys to be read before anything can leave; none where the changes are in memory. */
    public SortedSet<String> wanted() {
        SortedSet<String> wanted = new TreeSet<>();
        all.forEach(one -> wanted.addAll(one.wanted()));
        return wanted;
    }

    /** The same with what the store has under {@link #wanted()}. */
    public Departures read(Map<String, Stored> documents) {
        return new Departures(all.stream()
                .map(one -> one.wanted().isEmpty() ? one : one.read(documents))
                .toList());
    }

    public int size() {
        return sizes().stream().mapToInt(Integer::intValue).sum();
    }

    /** How many changes of each list. */
    public List<Integer> sizes() {
        return all.stream().map(Departure::size).toList();
    }

    /** For <em>task-updates</em>. */
    public List<Keyed> updates() {
        return told(Departure::updates);
    }

    /** For <em>task-events</em>. */
    public List<Keyed> events() {
        return told(Departure::events);
    }

    private List<Keyed> told(Function<Departure, List<Keyed>> how) {
        return all.stream().flatMap(one -> how.apply(one).stream()).toList();
    }

    /**
     * How many of each, from its first, are out for certain.
     *
     * @param doubtful the indices, from 0 among all, of those that the broker may not have
     */
    public static List<Integer> certain(Departures departures, Set<Integer> doubtful) {
        List<Integer> certain = new ArrayList<>();
        int first = 0;
        for (Departure one : departures.all) {
            int from = first;
            int end = from + one.size();
            certain.add(doubtful.stream()
                            .filter(index -> index >= from && index < end)
                            .mapToInt(Integer::intValue)
                            .min()
                            .orElse(end)
                    - from);
            first = end;
        }
        return certain;
    }
}
