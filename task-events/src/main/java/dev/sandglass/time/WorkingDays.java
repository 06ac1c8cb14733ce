package dev.sandglass.time;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;

/**
 * The days on which the dates of a rule come. Days off are Saturday, Sunday, and the holidays.
 *
 * @param workdays what becomes of a date that falls on one
 * @param leftOut dates on which the rule does not come (EXDATE in RFC 5545)
 * @param added dates on which it comes besides (RDATE)
 */
public record WorkingDays(Workdays workdays, Set<LocalDate> holidays, Set<LocalDate> leftOut, Set<LocalDate> added) {
    /** Each date as it is. */
    public static final WorkingDays ALL = new WorkingDays(Workdays.AS_IS, Set.of());

    public WorkingDays(Workdays workdays, Set<LocalDate> holidays) {
        this(workdays, holidays, Set.of(), Set.of());
    }

    /** The day on which a date of a rule comes; empty where it is left out. Of two dates the later never comes before the earlier. */
    public Optional<LocalDate> of(LocalDate date) {
        LocalDate day = switch (workdays) {
            case AS_IS, SKIP -> date;
            case BEFORE -> working(date, -1);
            case AFTER -> working(date, 1);
        };
        boolean comes = !leftOut.contains(date)
                && (workdays != Workdays.SKIP || !off(date))
                && day.getYear() >= 1
                && day.getYear() <= Due.LAST_YEAR;
        return comes ? Optional.of(day) : Optional.empty();
    }

    /** A day such that no date before it comes on the given one or later. */
    LocalDate firstFor(LocalDate day) {
        return workdays == Workdays.AFTER ? working(day.minusDays(1), -1) : day;
    }

    private LocalDate working(LocalDate date, int step) {
        LocalDate day = date;
        while (off(day)) {
            day = day.plusDays(step);
        }
        return day;
    }

    private boolean off(LocalDate day) {
        return day.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) > 0 || holidays.contains(day);
    }
}
