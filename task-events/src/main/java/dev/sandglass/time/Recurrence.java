package dev.sandglass.time;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.IsoFields;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.recur.Freq;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRule.RfcMode;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;

/**
 * How a task comes again: {@code daily weekly monthly yearly}, or the value of an RFC 5545 RRULE.
 *
 * @param text the rule as it was sent
 * @throws IllegalArgumentException with a sentence for a person, where it cannot be read
 */
public record Recurrence(@JsonValue String text) {

    /** What the next date is counted from. */
    public enum From {
        /** The date in the rule of the one that was completed. */
        @JsonProperty("schedule")
        SCHEDULE,
        /** The day on which it was completed. */
        @JsonProperty("completion")
        COMPLETION
    }

    /**
     * Where a recurring task stands.
     *
     * @param anchor the rule's first date, DTSTART in RFC 5545; it counts as the first even where the rule does not
     *     name its day
     * @param slot the date in the rule of the occurrence at hand, which its {@code due} may have been moved away from
     * @param zone in which its dates are meant
     * @param occurrence number of the occurrence at hand, 1 for the first
     */
    public record Series(Due anchor, Due slot, ZoneId zone, int occurrence) {}

    /**
     * The four words keep the day of the first date wherever a month has it (RFC 7529 section 4.1): 31 Jan, 28 Feb,
     * 31 Mar. A rule that is spelled out follows RFC 5545, which leaves such months out, unless it says SKIP itself.
     */
    private static final Map<String, String> WORDS = Map.of(
            "daily", "FREQ=DAILY",
            "weekly", "FREQ=WEEKLY",
            "monthly", "FREQ=MONTHLY;SKIP=BACKWARD",
            "yearly", "FREQ=YEARLY;SKIP=BACKWARD");

    /** lib-recur lets pass an empty part or value at an end, and takes its own internal parts ({@code _SANITY_FILTER}). */
    private static final Pattern SHAPE = Pattern.compile("[A-Z]+=[^;,=\\s]+(,[^;,=\\s]+)*(;[A-Z]+=[^;,=\\s]+(,[^;,=\\s]+)*)*");

    /** A list of thousands of days times one of thousands of months would be expanded in memory. */
    private static final int LONGEST = 2_000;

    /** lib-recur overflows, and runs in circles, at great ones. */
    private static final int GREATEST_INTERVAL = 10_000;

    public Recurrence {
        Rule.read(text);
    }

    /** @throws IllegalArgumentException as the constructor */
    @JsonCreator
    public static Recurrence parse(String text) {
        return new Recurrence(text);
    }

    /**
     * The date that follows, all day or with a time of day as the rule's first.
     *
     * <p>By schedule: the next date of the rule after the slot that is not over at {@code completedAt}; dates passed
     * over count towards COUNT. By completion: the first date after the day of completion of the rule begun on that
     * day; COUNT is then the number of occurrences.
     *
     * @return empty where the rule has ended (COUNT, UNTIL), or has no date up to the year 9999, or none within the
     *     thousand years or 4,320 periods that lib-recur looks ahead
     */
    public Optional<Due> next(Series series, From from, Instant completedAt) {
        var rule = Rule.read(text);
        var zone = series.zone();
        var today = LocalDate.ofInstant(completedAt, zone);
        var dates =
                switch (from) {
                    case SCHEDULE -> rule.after(series.anchor(), today).filter(it -> it.compareTo(series.slot()) > 0);
                    case COMPLETION -> rule.after(new Due(today, series.slot().time())).limit();
                };
        return Optional.empty();
    }
}
