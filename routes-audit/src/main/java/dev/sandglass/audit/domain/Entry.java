package dev.sandglass.audit.domain;

import com.fasterxml.jackson.databind.JsonNode;
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

    /** Its position among the entries of all lists. */
    public EntryPosition position() {
        return new EntryPosition(at, list, seq);
    }
}
