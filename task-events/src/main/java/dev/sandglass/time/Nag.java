package dev.sandglass.time;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How often the last reminder of a task comes again until the task is done.
 *
 * @param every five minutes to a day
 */
public record Nag(Duration every) {
    /** From the reminder on: what nobody has done by then is no matter of minutes. */
    private static final Duration FOR = Duration.ofDays(1);

    private static final Duration LEAST = Duration.ofMinutes(5);

    public Nag {
        if (every.compareTo(LEAST) < 0 || every.compareTo(FOR) > 0) {
            throw new IllegalArgumentException("must be from five minutes (PT5M) to a day (P1D)");
        }
    }

    /** @throws IllegalArgumentException with a sentence for a person */
    @JsonCreator
    public static Nag parse(String text) {
        try {
            return new Nag(Duration.parse(text));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("must be a duration of minutes, hours or a day, as PT10M", e);
        }
    }

    /**
     * When it comes again.
     *
     * @param at when it was due
     * @param since when it came first
     * @param now what was to come before is not made up for
     * @return null where it has come for a day
     */
    public @Nullable Instant after(Instant at, Instant since, Instant now) {
        Instant next = at.plus(every);
        // One that came late is not followed at once.
        Instant ahead = next.isAfter(now.plus(every.dividedBy(2))) ? next : now.plus(every);
        return ahead.isAfter(since.plus(FOR)) ? null : ahead;
    }

    /** As {@link #parse} takes it. */
    @Override
    @JsonValue
    public String toString() {
        return every.toString();
    }
}
