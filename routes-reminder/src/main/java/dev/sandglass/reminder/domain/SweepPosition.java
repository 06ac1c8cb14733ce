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
            boolean known = !stored.absent() && !stored.as(SweepPosition.class).isAhead(now);
            return Accepted.unchanged(
                    known ? stored.as(SweepPosition.class).minute : Slot.minute(now) - MINUTES_BEFORE_THE_FIRST);
        };
    }

    /** Moves it forward, unless another replica has moved it as far; and back where a clock that was fast has moved it ahead of time. */
    public static Decision<Long> move(long minute, Instant now) {
        return documents -> {
            Stored stored = documents.get(ReminderKeys.SWEEP);
            boolean behind = stored.absent()
                    || stored.as(SweepPosition.class).minute < minute
                    || stored.as(SweepPosition.class).isAhead(now);
            Transaction transaction = new Transaction();
            return new Accepted<>(
                    behind ? transaction.replace(stored, new SweepPosition(1, minute)) : transaction, minute);
        };
    }

    /** A minute to come is never done. */
    private boolean isAhead(Instant now) {
        return minute > Slot.minute(now);
    }
}
