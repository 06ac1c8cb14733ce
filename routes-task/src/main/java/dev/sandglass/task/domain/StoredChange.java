package dev.sandglass.task.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sandglass.time.Due;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change as it lies in the store.
 *
 * @param v schema version of the stored value
 * @param commit who wrote it: tells an attempt whose answer was lost whether it was itself
 * @param number of the task that changed, 0 for a change of the list itself
 * @param data the {@link dev.sandglass.events.Change} exactly as it is published
 * @param before what undo needs beside that; null of a task that was not there, and of a change of the list itself
 * @param act all changes of the same request; null where it is the only one, and not of an import
 * @param undoes the changes it takes back; null: none
 * @param after the last change of the transaction before, where a request is written in several
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StoredChange(
        int v,
        String commit,
        int number,
        String data,
        @Nullable Before before,
        @Nullable List<Span> act,
        @Nullable List<Span> undoes,
        @Nullable Span after) {

    /**
     * The ledger's own knowledge of the task before the change.
     *
     * @param awaited the completion that promised its successor, as the successor's list awaited it; null where it did not
     * @param dav the lines that were kept for clients of CalDAV; null where they are the same after the change
     * @param series and {@code occurrence}, of a task that the change made one of another series; null where they are the same
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Before(
            @Nullable Due anchor,
            @Nullable Due slot,
            @Nullable LocalDate placed,
            @Nullable Integer begun,
            @Nullable String successor,
            @Nullable Instant completedAt,
            @Nullable Long awaited,
            @Nullable String dav,
            @Nullable String series,
            @Nullable Integer occurrence) {}

    /** Changes of a list that follow each other. */
    public record Span(String list, long from, long to) {
        boolean holds(String where, long seq) {
            return list.equals(where) && seq >= from && seq <= to;
        }

        boolean isBefore(String where, long seq) {
            return list.equals(where) && seq > to;
        }

        long size() {
            return to - from + 1;
        }
    }
}
