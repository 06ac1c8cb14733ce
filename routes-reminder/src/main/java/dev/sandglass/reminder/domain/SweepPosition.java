package dev.sandglass.reminder.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import java.time.Instant;

/** The position of the sweep: every minute before it is done. */
public record SweepPosition(int v, long minute) {
    /** The age of the first minute of a first sweep: notes made before it are at most this old. */
    private static final long MINUTES_BEFORE_THE_FIRST = 60;

    public static Decision<Long> read(Instant now) {
        return documents -> {
            Stored stored = documents.get(ReminderKeys.SWEEP);
            return Accepted.unchanged(
                    stored.absent()
                            ? Slot.minute(now) - MINUTES_BEFORE_THE_FIRST
                            : stored.as(SweepPosition.class).minute);
        };
    }

    /** Moves it forward, unless another replica has moved it as far. */
    public static Decision<Long> move(long minute) {
        return documents -> {
            Stored stored = documents.get(ReminderKeys.SWEEP);
            boolean behind = stored.absent() || stored.as(SweepPosition.class).minute < minute;
            Transaction transaction = new Transaction();
            return new Accepted<>(
                    behind ? transaction.replace(stored, new SweepPosition(1, minute)) : transaction, minute);
        };
    }
}
