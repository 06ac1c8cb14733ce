package dev.sandglass.time;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/** The time of a reminder: a duration before or after the due time, or an instant. */
public sealed interface ReminderSpec {

    /** Sign, days and longer, hours and shorter; at least one number, and one after T. */
    Pattern DURATION = Pattern.compile("([+-]?)P(?!$)((?:\\d{1,9}Y)?(?:\\d{1,9}M)?(?:\\d{1,9}W)?(?:\\d{1,9}D)?)"
            + "(?:T(?=\\d)((?:\\d{1,9}H)?(?:\\d{1,9}M)?(?:\\d{1,9}(?:\\.\\d{1,3})?S)?))?");

    Pattern INSTANT = Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z");

    /** The longest duration: more makes no sense, and the code below cannot overflow. */
    int MOST_DAYS = 3_660;

    /**
     * @param text a signed ISO 8601 duration ({@code -PT15M}, {@code -P1DT2H}, {@code PT0S}) of ten years at most, or an
     *     instant in UTC with Z (RFC 3339)
     * @throws IllegalArgumentException with a sentence for a person, where it is neither
     */
    @JsonCreator
    static ReminderSpec parse(String text) {
        try {
            var duration = DURATION.matcher(text);
            if (duration.matches()) {
                var sign = duration.group(1);
                var days = duration.group(2);
                var hours = duration.group(3);
                return new Relative(
                        text,
                        days.isEmpty() ? Period.ZERO : Period.parse(sign + "P" + days),
                        hours == null ? Duration.ZERO : Duration.parse(sign + "PT" + hours));
            }
            if (INSTANT.matcher(text).matches()) {
                // Not Instant.parse: it takes 24:00 and second 60.
                return new Absolute(LocalDateTime.parse(text.substring(0, text.length() - 1))
                        .toInstant(ZoneOffset.UTC));
            }
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("no such time or duration: " + text, e);
        }
        throw new IllegalArgumentException(
                "must be a duration (-PT15M, -P1D) or an instant in UTC (2027-01-30T18:00:00Z)");
    }

    /** The instant of the reminder for a task with this due; the same for every caller. */
    Instant at(Due due, ZoneId zone);

    /** Tells if it needs a due date. */
    default boolean needsDue() {
        return this instanceof Relative;
    }

    /**
     * The same reminder for the next occurrence: a duration stays, an instant moves as far as the due date did, by the
     * clocks of the zone.
     *
     * @param from due of this occurrence
     * @param to due of the next
     */
    ReminderSpec moved(Due from, Due to, ZoneId zone);

    /** As {@link #parse} takes it: a duration as it was sent, an instant to the millisecond. */
    @Override
    @JsonValue
    String toString();

    /**
     * A duration before or after due.
     *
     * @param text as it was sent
     * @param days the part counted by the calendar: a day before 09:00 is 09:00, even if the clocks change between
     * @param hours the part counted exactly (RFC 5545 section 3.3.6); for an all-day task by the clock, so that nine hours are 09:00
     *     on every day
     */
    record Relative(String text, Period days, Duration hours) implements ReminderSpec {
        public Relative {
            if (Math.abs(days.toTotalMonths() * 31)
                            + Math.abs(days.getDays())
                            + hours.abs().toDays()
                    > MOST_DAYS) {
                throw new IllegalArgumentException("a reminder is at most ten years before or after due");
            }
        }

        /** Counts from the time of day; all day from 00:00. */
        @Override
        public Instant at(Due due, ZoneId zone) {
            var day = due.local().plus(days);
            return due.allDay()
                    ? Due.instant(day.plus(hours), zone)
                    : Due.instant(day, zone).plus(hours);
        }

        /** The instant so long after another, by the clock of a zone. */
        public Instant after(ZonedDateTime from) {
            return from.plus(days).plus(hours).toInstant();
        }

        @Override
        public ReminderSpec moved(Due from, Due to, ZoneId zone) {
            return this;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** @param instant cut to milliseconds */
    record Absolute(Instant instant) implements ReminderSpec {
        public Absolute {
            instant = instant.truncatedTo(ChronoUnit.MILLIS);
        }

        @Override
        public Instant at(Due due, ZoneId zone) {
            return instant;
        }

        @Override
        public ReminderSpec moved(Due from, Due to, ZoneId zone) {
            var distance = Duration.between(from.local(), to.local());
            return new Absolute(
                    Due.instant(LocalDateTime.ofInstant(instant, zone).plus(distance), zone));
        }

        @Override
        public String toString() {
            return instant.toString();
        }
    }
}
