package dev.sandglass.task.domain.chat;

import dev.sandglass.task.domain.chat.Meaning.Part;
import dev.sandglass.time.Due;
import dev.sandglass.time.Recurrence;
import dev.sandglass.time.Recurrence.From;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a sentence says that a task comes again.
 *
 * @param unit of the interval
 * @param on the days it names
 * @param part of the day, where the words name one (every morning)
 */
record Repeat(
        From from, Unit unit, int interval, On on, @Nullable Part part) {
    enum Unit {
        DAYS("DAILY"),
        WEEKS("WEEKLY"),
        MONTHS("MONTHLY"),
        YEARS("YEARLY");

        private final String frequency;

        Unit(String frequency) {
            this.frequency = frequency;
        }
    }

    /**
     * The days a rule names, parts of RFC 5545 section 3.3.10.
     *
     * @param days BYDAY
     * @param monthDays BYMONTHDAY; of a year, of its month
     * @param place BYSETPOS, 0 for none
     * @param months BYMONTH
     */
    record On(List<String> days, List<Integer> monthDays, int place, List<Integer> months) {
        static final On NONE = new On(List.of(), List.of(), 0, List.of());

        static On weekdays(Collection<DayOfWeek> days) {
            return new On(days.stream().distinct().sorted().map(Repeat::code).toList(), List.of(), 0, List.of());
        }

        static On monthDays(Collection<Integer> days) {
            return new On(List.of(), days.stream().distinct().toList(), 0, List.of());
        }

        On in(Collection<Integer> named) {
            return new On(
                    days, monthDays, place, named.stream().distinct().sorted().toList());
        }

        private boolean none() {
            return days.isEmpty() && monthDays.isEmpty();
        }

        private boolean numbered() {
            return !monthDays.isEmpty() || place != 0 || days.stream().anyMatch(it -> it.length() > 2);
        }
    }

    /** The last day that every month has. For a later day, step back to the month's last, since {@code monthly} keeps its day. */
    private static final int ALWAYS_THERE = 28;

    private static final int MOST_COUNTED = 1_000;

    static Repeat every(From from, Unit unit, int interval) {
        return new Repeat(from, unit, interval, On.NONE, null);
    }

    /** The same on some days; null: this unit has no such days. */
    @Nullable
    Repeat on(On named) {
        boolean fits = !named.months.isEmpty()
                ? unit == Unit.YEARS
                : named.numbered() ? unit == Unit.MONTHS : unit == Unit.WEEKS;
        return fits && on.none() ? new Repeat(from, unit, interval, named, part) : null;
    }

    Repeat in(Part named) {
        return new Repeat(from, unit, interval, on, named);
    }

    static String code(DayOfWeek day) {
        return day.name().substring(0, 2);
    }

    /**
     * As the contract takes it.
     *
     * @param end {@code ;UNTIL=…}, {@code ;COUNT=…} or empty
     */
    String rule(String end) {
        // One day of a month or year is that of the first date, from where "monthly" and "yearly" count.
        boolean plain = on.none() || on.months.size() <= 1 && on.monthDays.size() == 1 && on.monthDays.get(0) > 0;
        if (plain && interval == 1 && end.isEmpty()) {
            return unit.frequency.toLowerCase(Locale.ROOT);
        }
        boolean months = unit == Unit.MONTHS || unit == Unit.YEARS;
        boolean skips = months && (plain || on.monthDays.stream().anyMatch(it -> it > ALWAYS_THERE));
        return parts(plain ? On.NONE : on, interval) + (skips ? ";SKIP=BACKWARD" : "") + end;
    }

    private String parts(On days, int every) {
        var parts = new ArrayList<String>();
        parts.add("FREQ=" + unit.frequency);
        if (every > 1) {
            parts.add("INTERVAL=" + every);
        }
        if (!days.months.isEmpty()) {
            parts.add("BYMONTH=" + joined(days.months));
        }
        if (!days.days.isEmpty()) {
            parts.add("BYDAY=" + String.join(",", days.days));
        }
        if (!days.monthDays.isEmpty()) {
            parts.add("BYMONTHDAY=" + joined(days.monthDays));
        }
        if (days.place != 0) {
            parts.add("BYSETPOS=" + days.place);
        }
        return String.join(";", parts);
    }

    private static String joined(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /**
     * The first date of the rule from a day on, which with a time is not before {@code now}.
     *
     * @return empty: there is none
     */
    Optional<LocalDate> first(LocalDate start, @Nullable LocalTime at, ZonedDateTime now) {
        var day = at != null && !start.atTime(at).isAfter(now.toLocalDateTime())
                ? later(start, now.toLocalDate().plusDays(now.toLocalTime().isBefore(at) ? 0 : 1))
                : start;
        if (on.none()) {
            return Optional.of(day);
        }
        // The interval counts from the first date, which is not known yet.
        return next(parts(on, 1), day.minusDays(1), now);
    }

    private static LocalDate later(LocalDate one, LocalDate other) {
        return one.isAfter(other) ? one : other;
    }

    /** How many dates there are from the first to a day before the end of a period. */
    int count(LocalDate first, Period period, ZonedDateTime now) {
        var end = first.plus(period);
        int count = 0;
        for (var date = Optional.of(first);
                date.isPresent() && date.get().isBefore(end) && count < MOST_COUNTED;
                date = next(rule(""), first, date.get(), now)) {
            count++;
        }
        return count;
    }

    private static Optional<LocalDate> next(String rule, LocalDate slot, ZonedDateTime now) {
        return next(rule, slot, slot, now);
    }

    private static Optional<LocalDate> next(String rule, LocalDate anchor, LocalDate slot, ZonedDateTime now) {
        if (anchor.getYear() < 1) {
            return Optional.empty();
        }
        var series = new Recurrence.Series(new Due(anchor, null), new Due(slot, null), now.getZone(), 1);
        var before = slot.minusDays(1).atStartOfDay(now.getZone()).toInstant();
        return Recurrence.parse(rule).next(series, From.SCHEDULE, before).map(Due::date);
    }
}
