package dev.sandglass.reminder.memory;

import dev.sandglass.reminder.domain.LookAtCalendar;
import dev.sandglass.reminder.domain.LookAtCalendar.Found;
import dev.sandglass.reminder.domain.Slot;
import dev.sandglass.reminder.domain.SweepPosition;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Decision;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * The steps of {@code reminder.calendar.sweep} between its calls of Dapr. Every minute before the sweep's position is done; it never passes
 * alarms that are still on their way.
 */
@Singleton
@Named("sweep")
public class Sweep {
    private static final long MINUTES_AT_ONCE = 60;

    private final Alarms alarms;
    private final Clock clock;
    private final AtomicBoolean underway = new AtomicBoolean();

    Sweep(Alarms alarms, Clock clock) {
        this.alarms = alarms;
        this.clock = clock;
    }

    /** One turn of the sweep, in minutes since 1970: from its position to the last minute with armed alarms. */
    public static final class Turn {
        private final long last;
        private long at;
        private long next;
        private long done;

        private Turn(long last) {
            this.last = last;
        }

        public boolean isOpen() {
            return next <= last;
        }
    }

    /** @return null while the turn before goes on */
    public @Nullable Turn begin() {
        return underway.compareAndSet(false, true) ? new Turn(Slot.minute(alarms.horizon(clock.instant()))) : null;
    }

    public void from(@ExchangeProperty("turn") Turn turn, @Body Long minute) {
        turn.next = minute;
        turn.done = minute;
    }

    /** The next minutes. */
    public LookAtCalendar look(@ExchangeProperty("turn") Turn turn) {
        turn.at = turn.next;
        turn.next += MINUTES_AT_ONCE;
        Instant now = clock.instant();
        return LookAtCalendar.of(turn.at, Math.min(turn.last, turn.next - 1), alarms.horizon(now), now);
    }

    /** @return the transaction that removes the pages that are done */
    public Transaction looked(@ExchangeProperty("turn") Turn turn, @Body Found found) {
        alarms.found(found);
        if (turn.done == turn.at) {
            turn.done = found.left();
        }
        return found.over();
    }

    public void notRemoved(@ExchangeProperty("turn") Turn turn) {
        turn.done = Math.min(turn.done, turn.at);
    }

    public Decision<Long> move(@ExchangeProperty("turn") Turn turn) {
        return SweepPosition.move(turn.done, clock.instant());
    }

    public void end() {
        underway.set(false);
    }
}
