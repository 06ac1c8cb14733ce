package dev.sandglass.time;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.WeekFields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.Weekday;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRule.Part;
import org.dmfs.rfc5545.recur.RecurrenceRule.RfcMode;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;

/**
 * A recurrence, read. Days come from lib-recur; where a rule ends is decided here, because lib-recur's COUNT leaves out
 * a first date that the rule does not name, and its UNTIL refuses a date for a date-time and the reverse.
 *
 * @param days the rule without its end
 * @param count how many dates it has, the first included; without COUNT {@link Integer#MAX_VALUE}
 * @param until whether UNTIL allows a date, in its zone
 */
record Rule(RecurrenceRule days, int count, BiPredicate<Due, ZoneId> until) {

    /**
     * The four words keep the day of the first date wherever a month has it: 31 Jan, 28 Feb, 31 Mar (RFC 7529 section
     * 4.1, SKIP). A rule spelled out follows RFC 5545, which leaves such months out, unless it says SKIP itself.
     */
    private static final Map<String, String> WORDS = Map.of(
            "daily", "FREQ=DAILY",
            "weekly", "FREQ=WEEKLY",
            "monthly", "FREQ=MONTHLY;SKIP=BACKWARD",
            "yearly", "FREQ=YEARLY;SKIP=BACKWARD");

    /** Stricter than lib-recur, which lets pass empty values at an end and its own internal parts ({@code _X=}). */
    private static final Pattern PART = Pattern.compile("([A-Z]+)=([^,=\\s]+(?:,[^,=\\s]+)*)");

    private static final Pattern UNTIL = Pattern.compile("\\d{8}(T\\d{6}Z?)?");
    private static final DateTimeFormatter UNTIL_DATE = strict("uuuuMMdd");
    private static final DateTimeFormatter UNTIL_TIME = strict("uuuuMMdd'T'HHmmss");

    private static final Set<String> FREQUENCIES = Set.of("DAILY", "WEEKLY", "MONTHLY", "YEARLY");

    /** Lists of thousands of values would be multiplied with each other in memory. */
    private static final int LONGEST = 2_000;

    /** lib-recur overflows at great ones, and then runs in circles. */
    private static final int GREATEST_INTERVAL = 10_000;

    /** Weeks and skipped days reach over the end of a year, lib-recur's way forward does not look back that far. */
    private static final int RUN_UP_DAYS = 400;

    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    /** @throws IllegalArgumentException with a sentence for a person, where the text is not a rule */
    static Rule read(String text) {
        var parts = parts(WORDS.getOrDefault(text, text));
        var until = parts.remove("UNTIL");
        if (until != null && parts.containsKey("COUNT")) {
            throw new IllegalArgumentException("COUNT and UNTIL do not go together in one rule");
        }
        if (!FREQUENCIES.contains(parts.getOrDefault("FREQ", ""))) {
            throw new IllegalArgumentException("FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY");
        }
        for (var part : List.of("BYHOUR", "BYMINUTE", "BYSECOND")) {
            if (parts.containsKey(part)) {
                throw new IllegalArgumentException(part + " is not taken, the time of day is that of due");
            }
        }
        // The default; named, it makes lib-recur forget WKST.
        parts.remove("RSCALE", "GREGORIAN");
        // A day of the month alone is meant in every month; lib-recur takes the first date's only. (With BYMONTH a
        // numbered weekday would be one of the month, no longer of the year.)
        if ("YEARLY".equals(parts.get("FREQ"))
                && parts.containsKey("BYMONTHDAY")
                && !parts.containsKey("BYWEEKNO")
                && !parts.containsKey("BYYEARDAY")
                && parts.getOrDefault("BYDAY", "").chars().noneMatch(Character::isDigit)) {
            parts.putIfAbsent("BYMONTH", "1,2,3,4,5,6,7,8,9,10,11,12");
        }
        var days = days(parts);
        if (days.getInterval() > GREATEST_INTERVAL) {
            throw new IllegalArgumentException("INTERVAL may be at most " + GREATEST_INTERVAL);
        }
        int count = days.getCount() == null ? Integer.MAX_VALUE : days.getCount();
        days.setUntil(null); // takes COUNT away as well
        try {
            from(days, LocalDate.EPOCH);
        } catch (ClassCastException e) {
            throw new IllegalArgumentException("SKIP does not go together with the other parts of this rule", e);
        } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
            // It can be read, and has no date.
        }
        return new Rule(days, count, until == null ? (due, zone) -> true : until(until));
    }

    private static Map<String, String> parts(String rule) {
        if (rule.length() > LONGEST) {
            throw new IllegalArgumentException("a rule has at most " + LONGEST + " characters");
        }
        var parts = new LinkedHashMap<String, String>();
        for (var part : rule.toUpperCase(Locale.ROOT).split(";", -1)) {
            var read = PART.matcher(part);
            if (!read.matches()) {
                throw new IllegalArgumentException(
                        "must be daily, weekly, monthly, yearly or an RFC 5545 rule such as FREQ=WEEKLY;BYDAY=MO,WE");
            }
            if (parts.put(read.group(1), read.group(2)) != null) {
                throw new IllegalArgumentException(read.group(1) + " is there twice");
            }
        }
        return parts;
    }

    private static RecurrenceRule days(Map<String, String> parts) {
        var rule = parts.entrySet().stream().map(Object::toString).collect(Collectors.joining(";"));
        try {
            return new RecurrenceRule(rule, RfcMode.RFC5545_STRICT);
        } catch (InvalidRecurrenceRuleException | RuntimeException e) {
            throw new IllegalArgumentException("cannot be read as an RFC 5545 rule: " + e.getMessage(), e);
        }
    }

    /** UNTIL includes its date or time (RFC 5545 section 3.3.10); all day counts as 00:00. */
    private static BiPredicate<Due, ZoneId> until(String text) {
        try {
            if (UNTIL.matcher(text).matches()) {
                if (text.length() == 8) {
                    var last = LocalDate.parse(text, UNTIL_DATE);
                    return (due, zone) -> !due.date().isAfter(last);
                }
                var last = LocalDateTime.parse(text.substring(0, 15), UNTIL_TIME);
                return text.endsWith("Z")
                        ? (due, zone) -> !due.startsAt(zone).isAfter(last.toInstant(ZoneOffset.UTC))
                        : (due, zone) -> !due.local().isAfter(last);
            }
        } catch (DateTimeException e) {
            // the sentence below says it
        }
        throw new IllegalArgumentException(
                "UNTIL must be a date or date-time: 20270131, 20270131T090000, 20270131T080000Z");
    }

    /**
     * The first date that is wanted, after {@code first} and within COUNT.
     *
     * @param first the date the rule begins with and COUNT counts from
     * @param near no date before this one is wanted
     */
    Optional<LocalDate> next(LocalDate first, LocalDate near, Predicate<LocalDate> wanted) {
        int dates = 1;
        try {
            var found = from(days, first);
            var runUp = near.minusDays(RUN_UP_DAYS);
            if (count == Integer.MAX_VALUE && runUp.isAfter(first)) {
                found.fastForward(runUp.toEpochDay() * DAY_MILLIS);
            }
            for (; found.hasNext() && dates < count; found.skip(1)) {
                var date = LocalDate.ofEpochDay(Math.floorDiv(found.peekMillis(), DAY_MILLIS));
                if (date.getYear() > Due.LAST_YEAR) {
                    break;
                }
                if (date.isAfter(first) && inNamedWeek(date)) {
                    dates++;
                    if (wanted.test(date)) {
                        return Optional.of(date);
                    }
                }
            }
        } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
            // So lib-recur gives up after 1,000 to 4,320 empty periods, and at BYYEARDAY=-366 in a shorter year.
        }
        return Optional.empty();
    }

    private static RecurrenceRuleIterator from(RecurrenceRule days, LocalDate first) {
        return days.iterator(new DateTime(first.getYear(), first.getMonthValue() - 1, first.getDayOfMonth()));
    }

    /** lib-recur makes up days for week 53 of a year that has 52, off their weekday even. */
    private boolean inNamedWeek(LocalDate date) {
        var named = days.getByPart(Part.BYWEEKNO);
        if (named == null) {
            return true;
        }
        var weeks = WeekFields.of(dayOfWeek(days.getWeekStart()), 4).weekOfWeekBasedYear();
        int week = date.get(weeks);
        int fromEnd = week - (int) date.range(weeks).getMaximum() - 1;
        var weekdays = days.getByDayPart();
        return (named.contains(week) || named.contains(fromEnd))
                && (weekdays == null || weekdays.stream().anyMatch(it -> dayOfWeek(it.weekday) == date.getDayOfWeek()));
    }

    private static DayOfWeek dayOfWeek(Weekday day) {
        return DayOfWeek.SUNDAY.plus(day.ordinal());
    }

    private static DateTimeFormatter strict(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    }
}
