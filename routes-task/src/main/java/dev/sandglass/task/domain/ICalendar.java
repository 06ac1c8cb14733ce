package dev.sandglass.task.domain;

import static java.util.stream.Collectors.joining;

import dev.sandglass.events.Task;
import dev.sandglass.task.domain.dav.Component;
import dev.sandglass.task.domain.dav.Line;
import dev.sandglass.task.domain.dav.Moment;
import dev.sandglass.task.domain.dav.Todo;
import dev.sandglass.task.domain.dav.TodoText;
import dev.sandglass.time.Due;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Tasks as iCalendar (RFC 5545), each occurrence for itself. */
final class ICalendar {
    /** Years that a zone is described beyond the last date: as far as calendars look. */
    private static final int YEARS_AHEAD = 10;

    private static final int FIRST_YEAR = 1970;
    /** Dates of iCalendar have four digits for the year. */
    private static final int LAST_YEAR = 9999;

    private static final int MOST_YEARS = 200;

    /** The year of a date. */
    private static final Pattern YEAR = Pattern.compile("\\b\\d{4}(?=\\d{4})");

    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss", Locale.ROOT);
    private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("xx", Locale.ROOT);

    private final StringBuilder text = new StringBuilder();

    /** @param rule the lines that say when it comes again; none: it is a single date, for all that is known */
    record Entry(Task task, List<Line> rule) {}

    private ICalendar() {}

    /**
     * @param events as VEVENT, of those open that are due; else as VTODO
     * @param now of its year and the next ten, zones are described
     */
    static String of(String name, List<Entry> tasks, boolean events, Instant now) {
        ICalendar calendar = new ICalendar();
        List<Entry> shown = tasks.stream()
                .filter(entry -> !events || entry.task.open() && entry.task.due() != null)
                .toList();
        calendar.line("BEGIN", "VCALENDAR");
        calendar.line("VERSION", "2.0");
        calendar.line("PRODID", "-//Sandglass//Sandglass//EN");
        calendar.line("CALSCALE", "GREGORIAN");
        calendar.line("NAME", Line.escaped(name));
        calendar.line("X-WR-CALNAME", Line.escaped(name));
        Line.of("REFRESH-INTERVAL", "PT15M").with("VALUE", "DURATION").write(calendar.text);
        calendar.line("X-PUBLISHED-TTL", "PT15M");
        calendar.zones(shown, LocalDate.ofInstant(now, ZoneOffset.UTC).getYear());
        shown.forEach(entry -> calendar.entry(entry, events ? "VEVENT" : "VTODO"));
        calendar.line("END", "VCALENDAR");
        return calendar.text.toString();
    }

    private void entry(Entry entry, String component) {
        Task task = entry.task;
        boolean todo = component.equals("VTODO");
        line("BEGIN", component);
        line("UID", Line.escaped(task.id()) + Todos.OURS);
        line("DTSTAMP", Moment.utc(task.updatedAt()));
        line("CREATED", Moment.utc(task.createdAt()));
        line("LAST-MODIFIED", Moment.utc(task.updatedAt()));
        line("SEQUENCE", Integer.toString(task.version() - 1));
        line("SUMMARY", Line.escaped(task.title()));
        if (!task.description().isEmpty()) {
            line("DESCRIPTION", Line.escaped(task.description()));
        }
        line("PRIORITY", Todo.number(task.priority()));
        if (!task.tags().isEmpty()) {
            line("CATEGORIES", task.tags().stream().map(Line::escaped).collect(joining(",")));
        }
        Due due = task.due();
        if (due != null) {
            if (!todo || !entry.rule.isEmpty()) {
                Moment.line("DTSTART", due, task.timeZone()).write(text);
            }
            if (todo) {
                Moment.line("DUE", due, task.timeZone()).write(text);
            }
        }
        entry.rule.forEach(line -> line.write(text));
        if (todo) {
            line("STATUS", task.open() ? "NEEDS-ACTION" : "COMPLETED");
            if (task.completedAt() != null) {
                line("COMPLETED", Moment.utc(task.completedAt()));
                line("PERCENT-COMPLETE", "100");
            }
        } else {
            line("TRANSP", "TRANSPARENT");
        }
        if (task.open()) {
            task.reminders().stream()
                    .flatMap(reminder -> TodoText.alarm(task, reminder, todo).stream())
                    .forEach(alarm -> alarm.write(text));
        }
        line("END", component);
    }

    // ---------------------------------------------------------------- Times and zones

    private void zones(Collection<Entry> entries, int year) {
        SortedMap<String, List<Integer>> years = new TreeMap<>();
        for (Entry entry : entries) {
            Due due = entry.task.due();
            if (due != null && !due.allDay() && !Moment.isUtc(entry.task.timeZone())) {
                years.computeIfAbsent(entry.task.timeZone().getId(), zone -> new ArrayList<>(List.of(year)))
                        .add(due.date().getYear());
            }
        }
        describe(years);
    }

    /** The descriptions of the zones that a task names, around the years of its dates alone: the text of a version is always the same. */
    static String zones(Component todo) {
        SortedMap<String, List<Integer>> years = new TreeMap<>();
        zones(todo, years);
        ICalendar calendar = new ICalendar();
        calendar.describe(years);
        return calendar.text.toString();
    }

    private static void zones(Component part, SortedMap<String, List<Integer>> years) {
        for (Line line : part.lines()) {
            String zone = line.parameter("TZID");
            if (zone != null) {
                YEAR.matcher(line.value())
                        .results()
                        .map(found -> Integer.valueOf(found.group()))
                        .forEach(years.computeIfAbsent(zone, named -> new ArrayList<>())::add);
            }
        }
        part.inner().forEach(inner -> zones(inner, years));
    }

    private void describe(SortedMap<String, List<Integer>> years) {
        years.forEach((zone, its) -> {
            int first = Math.max(FIRST_YEAR, its.stream().min(Integer::compare).orElse(FIRST_YEAR) - 1);
            int last = its.stream().max(Integer::compare).orElse(FIRST_YEAR) + YEARS_AHEAD;
            describe(ZoneId.of(zone), first, Math.min(Math.min(last, first + MOST_YEARS), LAST_YEAR));
        });
    }

    /** One component for each way the clocks are put, with all its dates: rules of clocks change, dates are those of this program's data. */
    private void describe(ZoneId zone, int first, int last) {
        ZoneRules rules = zone.getRules();
        LocalDateTime begin = LocalDate.ofYearDay(first, 1).atStartOfDay();
        ZoneOffset before = rules.getOffset(begin);
        line("BEGIN", "VTIMEZONE");
        line("TZID", zone.getId());
        observance("STANDARD", before, before, List.of(begin));
        Map<String, List<ZoneOffsetTransition>> ways = new LinkedHashMap<>();
        ZoneOffsetTransition next = rules.nextTransition(begin.toInstant(before));
        while (next != null && next.getDateTimeBefore().getYear() <= last) {
            String way = next.getOffsetBefore() + " " + next.getOffsetAfter() + " "
                    + rules.isDaylightSavings(next.getInstant());
            ways.computeIfAbsent(way, other -> new ArrayList<>()).add(next);
            next = rules.nextTransition(next.getInstant());
        }
        for (List<ZoneOffsetTransition> same : ways.values()) {
            ZoneOffsetTransition one = same.get(0);
            observance(
                    rules.isDaylightSavings(one.getInstant()) ? "DAYLIGHT" : "STANDARD",
                    one.getOffsetBefore(),
                    one.getOffsetAfter(),
                    same.stream().map(ZoneOffsetTransition::getDateTimeBefore).toList());
        }
        line("END", "VTIMEZONE");
    }

    private void observance(String component, ZoneOffset from, ZoneOffset to, List<LocalDateTime> begins) {
        line("BEGIN", component);
        line("DTSTART", LOCAL.format(begins.get(0)));
        if (begins.size() > 1) {
            line("RDATE", begins.stream().skip(1).map(LOCAL::format).collect(joining(",")));
        }
        line("TZOFFSETFROM", OFFSET.format(from));
        line("TZOFFSETTO", OFFSET.format(to));
        line("END", component);
    }

    // ---------------------------------------------------------------- Lines

    private void line(String name, String value) {
        Line.of(name, value).write(text);
    }
}
