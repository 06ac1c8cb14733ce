package dev.sandglass.support.domain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Changes of lists that were heard of, and numbers up to which lists are said to have changes, for a service that follows them. Neither
 * need be complete.
 *
 * @param <A> what the service tells of what it did with changes
 */
public final class Heard<A> {
    private final Effects<A> effects;
    private final SortedMap<String, NavigableMap<Long, JsonNode>> changes = new TreeMap<>();
    private final SortedMap<String, Long> rumours = new TreeMap<>();

    /** @param effects what is done with each change, once */
    public Heard(Effects<A> effects) {
        this.effects = effects;
    }

    /** What is done with each change. */
    public Effects<A> effects() {
        return effects;
    }

    /**
     * Adds a change as it came, unknown fields included.
     *
     * @throws IllegalArgumentException where it does not say which change of which list it is
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

    /** The lists something was heard of. */
    public SortedSet<String> lists() {
        SortedSet<String> lists = new TreeSet<>(changes.keySet());
        lists.addAll(rumours.keySet());
        return lists;
    }

    /** How many changes there are. */
    int size() {
        return changes.values().stream().mapToInt(NavigableMap::size).sum();
    }

    /** The changes of a list, in order, holes included. */
    Collection<JsonNode> of(String list) {
        return changes.getOrDefault(list, new TreeMap<>()).values();
    }

    /** The last number of a list that was heard of; 0 for none. */
    long last(String list) {
        NavigableMap<Long, JsonNode> all = changes.getOrDefault(list, new TreeMap<>());
        return Math.max(rumours.getOrDefault(list, 0L), all.isEmpty() ? 0 : all.lastKey());
    }

    static long seq(JsonNode change) {
        return change.path("seq").asLong();
    }
}
