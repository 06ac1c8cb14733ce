package dev.sandglass.support.domain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The changes of lists that came, and the numbers of the last changes of lists, for a service that follows them. Both may be
 * incomplete.
 *
 * @param <A> the type of the service's report on its work
 */
public final class Heard<A> {
    private final Effects<A> effects;
    private final SortedMap<String, NavigableMap<Long, JsonNode>> changes = new TreeMap<>();
    private final SortedMap<String, Long> rumours = new TreeMap<>();

    /** @param effects the work on each change, done once */
    public Heard(Effects<A> effects) {
        this.effects = effects;
    }

    /** The work on each change. */
    public Effects<A> effects() {
        return effects;
    }

    /**
     * Adds a change as it came, unknown fields included.
     *
     * @throws IllegalArgumentException where it does not name its list and its number
     */
    public Heard<A> with(JsonNode change) {
        String list = change.path("list").asText();
        if (!change.path("list").isTextual() || list.isEmpty() || seq(change) < 1) {
            throw new IllegalArgumentException("not a change of a list");
        }
        changes.computeIfAbsent(list, any -> new TreeMap<>()).put(seq(change), change);
        return this;
    }

    /** Adds that a list has changes up to a number. */
    public Heard<A> upTo(String list, long seq) {
        rumours.merge(list, seq, Math::max);
        return this;
    }

    /** Forgets the changes of a list up to a number: they are done. */
    public Heard<A> done(String list, long seq) {
        NavigableMap<Long, JsonNode> all = changes.get(list);
        if (all != null) {
            all.headMap(seq, true).clear();
        }
        return this;
    }

    /** Forgets a list. */
    public Heard<A> without(String list) {
        changes.remove(list);
        rumours.remove(list);
        return this;
    }

    /** The lists with changes or a number. */
    public SortedSet<String> lists() {
        SortedSet<String> lists = new TreeSet<>(changes.keySet());
        lists.addAll(rumours.keySet());
        return lists;
    }

    /** The number of changes. */
    int size() {
        return changes.values().stream().mapToInt(NavigableMap::size).sum();
    }

    /** The changes of a list, in order, holes included. */
    Collection<JsonNode> of(String list) {
        return changes.getOrDefault(list, new TreeMap<>()).values();
    }

    /** The last known number of a list; 0 for none. */
    long last(String list) {
        NavigableMap<Long, JsonNode> all = changes.getOrDefault(list, new TreeMap<>());
        return Math.max(rumours.getOrDefault(list, 0L), all.isEmpty() ? 0 : all.lastKey());
    }

    static long seq(JsonNode change) {
        return change.path("seq").asLong();
    }
}
