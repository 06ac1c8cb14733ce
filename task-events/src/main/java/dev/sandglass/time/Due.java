package dev.sandglass.time;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The due date of a task in its owner's words: a date, or a date and a time of day, without a zone.
 *
 * @param date the day, year 1 to 9999
 * @param time the time of day in whole seconds; null: all day
 * @throws IllegalArgumentException for another year, or a fraction of a second
 */
public record Due(LocalDate date, @Nullable LocalTime time) implements Comparable<Due> {
    static final int LAST_YEAR = 9999;

    /** An instant is written with four digits of the year (RFC 3339); the ends of time are a day short in some zones. */
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

    private static final Pattern SHAPE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}:\\d{2})?");
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss");

    public Due {
        if (date.getYear() < 1 || date.getYear() > LAST_YEAR) {
            throw new IllegalArgumentException("a due date is in the years 0001 to 9999");
        }
        if (time != null && time.getNano() != 0) {
            throw new IllegalArgumentException("a due date has whole seconds");
        }
    }

    /**
     * @param text {@code yyyy-MM-dd} or {@code yyyy-MM-dd'T'HH:mm:ss}, nothing else
     * @throws IllegalArgumentException with a sentence for a person, where it is not that or no such day or time exists
     */
    @JsonCreator
    public static Due parse(String text) {
        if (!SHAPE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "must be a date (2027-01-31) or a local date-time with seconds (2027-01-31T09:00:00)");
        }
        try {
            var date = LocalDate.parse(text.substring(0, 10));
            return new Due(date, text.length() == 10 ? null : LocalTime.parse(text.substring(11)));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("no such day or time: " + text, e);
        }
    }

    /** @throws IllegalArgumentException for another year, or a fraction of a second */
    public static Due of(LocalDateTime at) {
        return new Due(at.toLocalDate(), at.toLocalTime());
    }

    public boolean allDay() {
        return time == null;
    }

    /** The date and time as written; all day: 00:00. */
    LocalDateTime local() {
        return date.atTime(time == null ? LocalTime.MIDNIGHT : time);
    }

    /**
     * The instant from which an open task is overdue. All day: the end of that day.
     *
     * @see #instant for times that the clocks skip or repeat
     */
    public Instant at(ZoneId zone) {
        return instant(allDay() ? local().plusDays(1) : local(), zone);
    }

    /** The instant from which reminders count: the time; all day: 00:00. */
    public Instant startsAt(ZoneId zone) {
        return instant(local(), zone);
    }

    /**
     * The instant of a local time. If the time comes twice, it is the first one; if the clocks skip it, it counts with the
     * offset before the change (RFC 5545 section 3.3.5), as in java.time.
     */
    static Instant instant(LocalDateTime local, ZoneId zone) {
        Instant instant = ZonedDateTime.ofLocal(local, zone, null).toInstant();
        return instant.isAfter(LAST) ? LAST : instant.isBefore(FIRST) ? FIRST : instant;
    }

    /** Sorts by local date and time; all day comes before any time of that day but 00:00. */
    @Override
    public int compareTo(Due other) {
        return local().compareTo(other.local());
    }

    /** As {@link #parse} takes it. */
    @Override
    @JsonValue
    public String toString() {
        return time == null ? date.toString() : date + "T" + SECONDS.format(time);
    }
}
