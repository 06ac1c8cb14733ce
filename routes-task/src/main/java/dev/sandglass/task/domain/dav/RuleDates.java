package dev.sandglass.task.domain.dav;

import static java.util.stream.Collectors.joining;

import dev.sandglass.support.domain.Rejection;
import dev.sandglass.time.Due;
import dev.sandglass.time.Recurrence;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The single dates of a rule (RFC 5545 section 3.8.5): those that are left out, and those that come besides. */
public final class RuleDates {
    /** The property that lists dates to leave out. */
    public static final String LEFT_OUT = "EXDATE";

    /** The property that lists dates to come besides. */
    public static final String ADDED = "RDATE";

    private static final String LEFT_OUT_BY_RULE = "EXRULE";
    /** A rule that has its first date alone: the others are added. */
    public static final String FIRST_ALONE = "FREQ=YEARLY;COUNT=1";

    private static final Set<String> ALL = Set.of(LEFT_OUT, ADDED);
    private static final int MOST = 500;
    /** Years that a rule of dates to leave out is looked at: one that has no end becomes dates, too. */
    private static final int YEARS = 20;

    private RuleDates() {}

    static boolean isOne(Line line) {
        return ALL.contains(line.name());
    }

    /** The days on which it is due where lines of a name list when it begins, by the clocks of a zone. */
    static SortedSet<LocalDate> of(Component todo, String name, ZoneId zone, TodoZones zones) {
        SortedSet<LocalDate> dates = new TreeSet<>();
        if (todo.has(name)) {
            Duration lasts = lasts(todo, zone, zones);
            moments(todo, name, zone, zones)
                    .forEach(moment -> dates.add(due(moment, lasts).in(zone).date()));
        }
        return dates;
    }

    /** The time at which it is due where it begins then: a series is counted by its beginnings there (DTSTART), and by DUE here. */
    static Moment due(Moment begins, Duration lasts) {
        return begins.due().allDay() ? begins.later(Duration.ofDays(lasts.toDays())) : begins.later(lasts);
    }

    /** The time between the beginning of a task and when it is due, where it says both. */
    static Duration lasts(Component todo, ZoneId context, TodoZones zones) {
        Optional<Moment> begin = moment(todo, "DTSTART", context, zones);
        Optional<Moment> due = moment(todo, "DUE", context, zones);
        return begin.isPresent() && due.isPresent() && begin.get().isLike(due.get())
                ? Moment.between(begin.get().in(context), due.get().in(context))
                : Duration.ZERO;
    }

    private static Optional<Moment> moment(Component todo, String name, ZoneId context, TodoZones zones) {
        return todo.line(name).map(line -> Moment.of(line, context, zones));
    }

    private static List<Moment> moments(Component todo, String name, ZoneId zone, TodoZones zones) {
        return todo.lines(name)
                .flatMap(line -> Stream.of(line.value().split(","))
                        .map(value -> new Line(line.name(), line.parameters(), value)))
                .map(line -> Moment.of(line, zone, zones))
                .toList();
    }

    /**
     * The line that lists dates after the one at hand; none where there are no such.
     *
     * @param dates on which it is due
     * @param due the date at hand
     * @param begins when it begins then
     */
    public static List<Line> toCome(String name, SortedSet<LocalDate> dates, Moment due, Moment begins) {
        SortedSet<LocalDate> come = dates.tailSet(due.due().date().plusDays(1));
        return come.isEmpty() ? List.of() : List.of(line(name, come, due, begins));
    }

    private static Line line(String name, SortedSet<LocalDate> dates, Moment due, Moment begins) {
        long before = ChronoUnit.DAYS.between(begins.due().date(), due.due().date());
        List<Line> lines = dates.stream()
                .map(date -> Moment.line(
                        name, new Due(date.minusDays(before), begins.due().time()), begins.zone()))
                .toList();
        return new Line(
                name, lines.get(0).parameters(), lines.stream().map(Line::value).collect(joining(",")));
    }

    /** The same task, where dates that a rule leaves out (EXRULE, which RFC 5545 has no more) are listed. */
    static Component listed(Component todo, ZoneId context, TodoZones zones) {
        if (todo.lines().stream().noneMatch(line -> isOne(line) || line.name().equals(LEFT_OUT_BY_RULE))) {
            return todo;
        }
        Optional<Moment> begin = moment(todo, "DTSTART", context, zones).or(() -> moment(todo, "DUE", context, zones));
        ZoneId zone = begin.map(Moment::zone).orElse(context);
        SortedSet<LocalDate> out = new TreeSet<>();
        List<Line> lines = new ArrayList<>();
        for (Line line : todo.lines()) {
            if (line.name().equals(LEFT_OUT_BY_RULE)) {
                out.addAll(dates(line.value().strip(), begin));
            } else {
                lines.add(line);
            }
        }
        if (!out.isEmpty()) {
            lines.add(line(LEFT_OUT, out, begin.orElseThrow(), begin.orElseThrow()));
        }
        Component listed = new Component(todo.name(), lines, todo.inner());
        boolean besides = moments(listed, ADDED, zone, zones).stream()
                .anyMatch(added -> begin.filter(first -> added.in(zone).allDay()
                                || added.in(zone)
                                        .equals(new Due(
                                                added.in(zone).date(),
                                                first.due().time())))
                        .isEmpty());
        if (besides) {
            throw DavRefused.data("an RDATE is a date of the task at the time of its DTSTART");
        }
        if (ALL.stream().anyMatch(name -> of(listed, name, zone, zones).size() > MOST)) {
            throw DavRefused.data("at most " + MOST + " dates are added to a rule, or left out of it");
        }
        return listed;
    }

    /**
     * The single dates of a task of which nothing else is kept.
     *
     * @param lines of it, without zones: they are in that of the task
     * @return empty where there are none
     * @throws Rejection as for {@link #listed}
     */
    public static Optional<KeptProperties> alone(List<Line> lines, Due due, ZoneId zone) {
        Component listed = listed(new Component("VTODO", lines, List.of()), zone, TodoZones.KNOWN);
        Moment at = new Moment(due, zone);
        List<Line> alone = Stream.of(LEFT_OUT, ADDED)
                .filter(listed::has)
                .map(name -> line(name, of(listed, name, zone, TodoZones.KNOWN), at, at))
                .toList();
        return alone.isEmpty()
                ? Optional.empty()
                : Optional.of(KeptProperties.of(null, null, new Component("VTODO", alone, List.of()), TodoZones.KNOWN));
    }

    private static List<LocalDate> dates(String rule, Optional<Moment> begin) {
        LocalDate first = begin.orElseThrow(() -> DavRefused.data("EXRULE needs a DTSTART"))
                .due()
                .date();
        try {
            List<LocalDate> dates = Recurrence.parse(rule).dates(first, first, first.plusYears(YEARS));
            if (dates.size() > MOST) {
                throw DavRefused.data(
                        "EXRULE leaves out more than " + MOST + " dates; write an RRULE that does not have them");
            }
            return dates;
        } catch (IllegalArgumentException e) {
            throw DavRefused.data("EXRULE: " + e.getMessage());
        }
    }
}
