package dev.sandglass.reminder.domain;

import java.time.Duration;
import java.time.Instant;

/**
 * A thing that people are to be told beside the feed. It holds no words and no address: those are asked for when it is told.
 *
 * @param id of the firing, for clients; the same in every try and at every address
 * @param overdue true where it is not a reminder but tells that the task is overdue
 * @param at when the reminder was due
 * @param until it is tried no more from then on
 */
public record Post(String id, String task, boolean overdue, Instant at, Instant until) {
    /** For how long it is tried, from when it may be told first. */
    static final Duration TRIED = Duration.ofDays(1);

    /** The same, to be told from that time on. */
    Post from(Instant first) {
        return new Post(id, task, overdue, at, first.plus(TRIED));
    }
}
