package dev.sandglass.audit.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change as the audit shows it.
 *
 * @param seq its number within the list, from 1
 * @param event the event's type, {@code task.created} and so on
 * @param task the task's id; null for a change of the list itself
 * @param changed field to [old, new]
 * @param hash its place in the list's chain
 */
public record Entry(
        String list,
        long seq,
        Instant at,
        String actor,
        String event,
        @Nullable String task,
        JsonNode changed,
        String hash) {

    /** Characters of an entry in an answer, about, without what it changed. */
    private static final int BESIDE = 300;

    /** The same with its size in the place of what it changed, which can be large. */
    Entry brief() {
        return new Entry(list, seq, at, actor, event, task, IntNode.valueOf(size()), hash);
    }

    /** How many characters it is in an answer, about. */
    int size() {
        return isBrief() ? changed.asInt() : changed.toString().length() + BESIDE;
    }

    /** True if what it changed is left out. */
    boolean isBrief() {
        return changed.isInt();
    }

    EntryId id() {
        return new EntryId(list, seq);
    }

    /** Its position among the entries of all lists. */
    public EntryPosition position() {
        return new EntryPosition(at, list, seq);
    }
}
