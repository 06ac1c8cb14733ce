package dev.sandglass.reminder.domain;

import java.time.Instant;

/**
 * A planned firing that is still to come.
 *
 * @param user who made the task
 * @param reminder the id of its specification
 */
public record Alarm(String user, String task, String reminder, int version, Instant at) {
    /** True where no reminder is due: a channel's queue in a mailbox, which {@code task} and {@code reminder} name, is to be looked at. */
    public boolean isForPosts() {
        return ReminderKeys.isPosts(task);
    }
}
