package dev.sandglass.task.domain.finding;

import dev.sandglass.events.Priority;

/**
 * The place of a task among others, in any order.
 *
 * @param due milliseconds of the epoch, all day: of its 00:00; {@link #NEVER} without due
 * @param title folded
 * @param created milliseconds of the epoch
 * @param updated milliseconds of the epoch
 */
record Position(long due, Priority priority, String title, long created, long updated, String id) {
    static final long NEVER = Long.MAX_VALUE;
}
