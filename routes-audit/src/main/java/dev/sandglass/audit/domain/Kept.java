package dev.sandglass.audit.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Chain;
import dev.sandglass.events.Erased;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A change as it is kept: {@code entry/<list>/<seq>}.
 *
 * @param v version of this shape
 * @param content the hash of the change's content ({@link Chain#content})
 * @param change the change as it came, JSON in a text of its own: a state store may re-order JSON
 * @param erased the numbers of the changes that tell that something was taken out of it
 */
public record Kept(
        int v,
        String content,
        String change,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) SortedSet<Long> erased) {
    public Kept {
        erased = Collections.unmodifiableSortedSet(new TreeSet<>(Objects.requireNonNullElse(erased, Set.of())));
    }

    /** A change with its content. */
    public Kept(int v, String content, String change) {
        this(v, content, change, new TreeSet<>());
    }

    /** A document that is none, since somebody wrote it past the service, is a change of which nothing is left. */
    public static Kept of(Stored stored) {
        try {
            return stored.as(Kept.class);
        } catch (IllegalArgumentException e) {
            return new Kept(1, "", "");
        }
    }

    /**
     * The entry of a kept change.
     *
     * @param prev the hash of the change before it
     * @param sealed true if its content is the one hashed when it was kept, unless something was taken out of it, and its own hash fits
     *     the hash of that content
     */
    record Opened(Entry entry, String prev, boolean sealed) {}

    /**
     * @throws IllegalArgumentException with a sentence for an operator, when this is not a change of a list, or when its hash is not
     *     the one of what it says
     */
    public static Kept of(JsonNode change) {
        Kept kept = asItCame(change);
        if (!opened(change, kept.content).sealed) {
            throw new IllegalArgumentException("its hash is not that of what it says");
        }
        return kept;
    }

    /** Takes a change from the ledger itself. It is kept with any content; a verification finds its faults. */
    public static Kept asItCame(JsonNode change) {
        if (!change.isObject()) {
            throw new IllegalArgumentException("not a JSON object");
        }
        return new Kept(1, Chain.content(change), change.toString());
    }

    /** @throws IllegalArgumentException when what is kept is not a change */
    public Entry entry() {
        return entry(json());
    }

    /** @throws IllegalArgumentException when what is kept is not a change */
    Opened opened() {
        JsonNode json = json();
        Opened opened = opened(json, content);
        boolean whole = !erased.isEmpty() || Chain.content(json).equals(content);
        return new Opened(opened.entry, opened.prev, whole && opened.sealed);
    }

    private static Opened opened(JsonNode change, String content) {
        Entry entry = entry(change);
        String prev = change.path("prev").asText();
        return new Opened(entry, prev, Chain.link(prev, content).equals(entry.hash()));
    }

    /** Tells if both are the same change at the same place of the chain. */
    public boolean sameAs(Kept other) {
        return content.equals(other.content)
                && json().path("hash").equals(other.json().path("hash"));
    }

    /** Tells if it names a person. */
    boolean names(String person) {
        return Erased.names(json(), person);
    }

    /**
     * The same without a person.
     *
     * @param all whether its contents go whoever made it
     * @param by the number of the change that tells of it
     */
    Kept without(String person, boolean all, long by) {
        SortedSet<Long> told = new TreeSet<>(all ? Set.of() : erased);
        told.add(by);
        return new Kept(v, content, Erased.without(json(), person, all).toString(), told);
    }

    private JsonNode json() {
        JsonNode json = Json.read(change, JsonNode.class);
        if (!json.isObject()) {
            throw new IllegalArgumentException("not a JSON object");
        }
        return json;
    }

    private static Entry entry(JsonNode json) {
        if (!json.path("seq").canConvertToLong() || json.path("seq").asLong() < 1) {
            throw new IllegalArgumentException("seq is not a number from 1");
        }
        if (!json.path("changed").isObject()) {
            throw new IllegalArgumentException("changed is not an object");
        }
        return new Entry(
                text(json, "list"),
                json.path("seq").asLong(),
                instant(text(json, "at")),
                text(json, "actor"),
                text(json, "event"),
                json.hasNonNull("task") ? text(json.path("task"), "id") : null,
                json.path("changed"),
                text(json, "hash"));
    }

    private static String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (!value.isTextual() || value.asText().isEmpty()) {
            throw new IllegalArgumentException(field + " is not a text");
        }
        return value.asText();
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("at is not an instant", e);
        }
    }
}
