package dev.sandglass.time;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * A rule in days: RFC 5545 section 3.3.10, and RFC 7529 section 4.1 for days that a month does not have. A part that the rule leaves out
 * is an empty set: a date costs a look at each, however many values it has.
 *
 * @param count the number of dates with the first; without COUNT {@link Integer#MAX_VALUE}
 * @param until tells if UNTIL allows a date, in its zone
 * @param weeks numbers of weeks of the year; negative from its end, as all numbers here
 * @param positions the places of the dates taken in a period
 */
record Rule(
        Frequency frequency,
        int interval,
        int count,
        BiPredicate<Due, ZoneId> until,
        Skip skip,
        DayOfWeek weekStart,
        Set<Integer> months,
        Set<Integer> weeks,
        Set<Integer> yearDays,
        Set<Integer> monthDays,
        Set<Weekday> weekdays,
        Set<Integer> positions) {

    private static final int DAYS_OF_A_LONG_MONTH = 31;
    private static final int MONTHS = 12;
    private static final int WEEK = 7;
    private static final LocalDate LAST = LocalDate.of(Due.LAST_YEAR, 12, 31);

    /** A period of the rule, with their number in 400 years. After these, which are whole weeks, the calendar repeats itself. */
    enum Frequency {
        DAILY(ChronoUnit.DAYS, 146_097),
        WEEKLY(ChronoUnit.WEEKS, 20_871),
        MONTHLY(ChronoUnit.MONTHS, 4_800),
        YEARLY(ChronoUnit.YEARS, 400);

        private final ChronoUnit unit;
        private final int cycle;

        Frequency(ChronoUnit unit, int cycle) {
            this.unit = unit;
            this.cycle = cycle;
        }
    }

    /** The rule for a day that a month does not have: left out, the month's last day, or the first of the next month. */
    enum Skip {
        OMIT,
        BACKWARD,
        FORWARD
    }

    /** @param n its number in the month or the year; 0: each */
    record Weekday(int n, DayOfWeek day) {}

    /**
     * The first wanted date after {@code first} and within COUNT.
     *
     * @param first the date the rule begins with and COUNT counts from
     * @param near no date before this one is wanted
     * @return empty where there is none before the year 10000
     */
    Optional<LocalDate> next(LocalDate first, LocalDate near, Predicate<LocalDate> wanted) {
        return begunOn(first).find(first, near, LAST, count, wanted).map(Found::date);
    }

    /** The same from the first on, without regard to COUNT. */
    Optional<LocalDate> nextUncounted(LocalDate first, Predicate<LocalDate> wanted) {
        return begunOn(first)
                .find(first, first, LAST, Integer.MAX_VALUE, wanted)
                .map(Found::date);
    }

    /** The dates after {@code first} and within COUNT, from a day to another. */
    List<LocalDate> dates(LocalDate first, LocalDate from, LocalDate to) {
        List<LocalDate> dates = new ArrayList<>();
        begunOn(first).find(first, from, to, count, date -> {
            if (!date.isBefore(from) && !date.isAfter(to)) {
                dates.add(date);
            }
            return date.isAfter(to);
        });
        return dates;
    }

    /** How many dates there are before one of the rule, without regard to COUNT and UNTIL. */
    int datesBefore(LocalDate first, LocalDate date) {
        // With a limit, which nothing reaches, it counts by whole cycles.
        return date.isAfter(first)
                ? begunOn(first)
                        .find(first, date, LAST, Integer.MAX_VALUE - 1, it -> !it.isBefore(date))
                        .map(Found::before)
                        .orElse(0)
                : 0;
    }

    /** @param before how many dates the rule has before it, where a limit makes that known */
    private record Found(LocalDate date, int before) {}

    /** Tells if there is another date than the first, without regard to COUNT and UNTIL. */
    boolean comesAgain(LocalDate first) {
        return begunOn(first)
                .find(first, first, LAST, Integer.MAX_VALUE, date -> true)
                .isPresent();
    }

    /** The rule with the parts that it takes from its first date. */
    private Rule begunOn(LocalDate first) {
        boolean anyDay = yearDays.isEmpty() && monthDays.isEmpty() && weekdays.isEmpty();
        boolean dayOfMonth =
                anyDay && (frequency == Frequency.MONTHLY || frequency == Frequency.YEARLY && weeks.isEmpty());
        boolean dayOfWeek = anyDay && (frequency == Frequency.WEEKLY || !weeks.isEmpty());
        boolean month = dayOfMonth && frequency == Frequency.YEARLY && months.isEmpty();
        return new Rule(
                frequency,
                interval,
                count,
                until,
                skip,
                weekStart,
                month ? Set.of(first.getMonthValue()) : months,
                weeks,
                yearDays,
                dayOfMonth ? Set.of(first.getDayOfMonth()) : monthDays,
                dayOfWeek ? Set.of(new Weekday(0, first.getDayOfWeek())) : weekdays,
                positions);
    }

    private Optional<Found> find(
            LocalDate first, LocalDate near, LocalDate end, int most, Predicate<LocalDate> wanted) {
        LocalDate begin = startOfPeriod(first);
        int all = frequency.cycle / gcd(frequency.cycle, interval);
        // A day that was skipped forward belongs to the period before.
        long period = Math.max(0, frequency.unit.between(begin, startOfPeriod(near)) / interval - 1);
        LocalDate last = first;
        int dates = 1;
        if (most < Integer.MAX_VALUE) {
            // COUNT counts from the first date: by whole cycles, which have the same dates, and the rest date by date.
            int cycles = (int) (period / all);
            period = (long) cycles * all;
            if (cycles > 0) {
                last = first.plus(period * interval, frequency.unit);
                dates += cycles * dates(first, first.plus((long) all * interval, frequency.unit));
            }
        }
        for (int empty = 0; empty <= all && dates < most; period++, empty++) {
            LocalDate start = begin.plus(period * interval, frequency.unit);
            if (start.isAfter(end)) {
                break;
            }
            for (LocalDate date : datesOf(start)) {
                if (date.isAfter(last) && date.getYear() <= Due.LAST_YEAR && dates < most) {
                    if (wanted.test(date)) {
                        return Optional.of(new Found(date, dates));
                    }
                    last = date;
                    dates++;
                    empty = 0;
                }
            }
        }
        return Optional.empty();
    }

    /** The number of dates after the first and up to the end. */
    private int dates(LocalDate first, LocalDate end) {
        AtomicInteger dates = new AtomicInteger();
        find(first, first, LAST, Integer.MAX_VALUE, date -> {
            if (date.isAfter(end)) {
                return true;
            }
            dates.incrementAndGet();
            return false;
        });
        return dates.get();
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    private LocalDate startOfPeriod(LocalDate date) {
        return switch (frequency) {
            case DAILY -> date;
            case WEEKLY -> date.with(TemporalAdjusters.previousOrSame(weekStart));
            case MONTHLY -> date.withDayOfMonth(1);
            case YEARLY -> date.withDayOfYear(1);
        };
    }

    /** The dates of a period, in order. */
    private List<LocalDate> datesOf(LocalDate start) {
        List<LocalDate> dates = new ArrayList<>();
        switch (frequency) {
            case DAILY -> addDays(dates, start, 1);
            case WEEKLY -> addDays(dates, start, WEEK);
            case MONTHLY -> addMonth(dates, YearMonth.from(start));
            case YEARLY -> {
                for (int month = 1; month <= MONTHS; month++) {
                    addMonth(dates, YearMonth.of(start.getYear(), month));
                }
            }
        }
        if (positions.isEmpty()) {
            return dates;
        }
        List<LocalDate> taken = new ArrayList<>();
        for (int i = 0; i < dates.size(); i++) {
            if (positions.contains(i + 1) || positions.contains(i - dates.size())) {
                taken.add(dates.get(i));
            }
        }
        return taken;
    }

    private void addDays(List<LocalDate> dates, LocalDate start, int days) {
        LocalDate end = start.plusDays(days);
        for (LocalDate date = start; date.isBefore(end); date = date.plusDays(1)) {
            if (inMonth(date.getMonthValue()) && onMonthDay(date.getDayOfMonth(), date.lengthOfMonth())) {
                add(dates, date);
            }
        }
    }

    private void addMonth(List<LocalDate> dates, YearMonth month) {
        for (int day = 1; day <= DAYS_OF_A_LONG_MONTH && inMonth(month.getMonthValue()); day++) {
            if (day <= month.lengthOfMonth()) {
                if (onMonthDay(day, month.lengthOfMonth())) {
                    add(dates, month.atDay(day));
                }
            } else if (monthDays.contains(day) && skip != Skip.OMIT) {
                add(
                        dates,
                        skip == Skip.BACKWARD
                                ? month.atEndOfMonth()
                                : month.plusMonths(1).atDay(1));
            }
        }
    }

    private boolean inMonth(int month) {
        return months.isEmpty() || months.contains(month);
    }

    private boolean onMonthDay(int day, int length) {
        return monthDays.isEmpty() || monthDays.contains(day) || monthDays.contains(day - length - 1);
    }

    private void add(List<LocalDate> dates, LocalDate date) {
        boolean once = dates.isEmpty() || dates.get(dates.size() - 1).isBefore(date);
        if (once && onYearDay(date) && onWeekday(date) && inWeek(date)) {
            dates.add(date);
        }
    }

    private boolean onYearDay(LocalDate date) {
        return yearDays.isEmpty()
                || yearDays.contains(date.getDayOfYear())
                || yearDays.contains(date.getDayOfYear() - date.lengthOfYear() - 1);
    }

    private boolean onWeekday(LocalDate date) {
        if (weekdays.isEmpty()) {
            return true;
        }
        DayOfWeek day = date.getDayOfWeek();
        boolean ofMonth = frequency == Frequency.MONTHLY || !months.isEmpty();
        int ordinal = ofMonth ? date.getDayOfMonth() : date.getDayOfYear();
        int length = ofMonth ? date.lengthOfMonth() : date.lengthOfYear();
        return weekdays.contains(new Weekday(0, day))
                || weekdays.contains(new Weekday(fromStart(ordinal), day))
                || weekdays.contains(new Weekday(fromEnd(ordinal, length), day));
    }

    /** A week is of the year that has its fourth day. */
    private boolean inWeek(LocalDate date) {
        if (weeks.isEmpty()) {
            return true;
        }
        LocalDate fourth =
                date.with(TemporalAdjusters.previousOrSame(weekStart)).plusDays(3);
        return weeks.contains(fromStart(fourth.getDayOfYear()))
                || weeks.contains(fromEnd(fourth.getDayOfYear(), fourth.lengthOfYear()));
    }

    private static int fromStart(int day) {
        return (day - 1) / WEEK + 1;
    }

    private static int fromEnd(int day, int length) {
        return -((length - day) / WEEK) - 1;
    }
}
