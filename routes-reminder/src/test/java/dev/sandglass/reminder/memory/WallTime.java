package dev.sandglass.reminder.memory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** A clock on the wall, to the millisecond as the service has it: it runs, and can be put forward or back. */
final class WallTime extends Clock {
    private final long started = System.nanoTime();
    private volatile Instant from;

    WallTime(Instant from) {
        this.from = from;
    }

    void put(Duration forward) {
        from = from.plus(forward);
    }

    @Override
    public Instant instant() {
        return from.plusNanos(System.nanoTime() - started).truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
