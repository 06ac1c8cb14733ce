package dev.sandglass.task.domain.dav;

import dev.sandglass.events.Task;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.domain.finding.Folding;
import dev.sandglass.time.Due;
import dev.sandglass.time.Nag;
import dev.sandglass.time.ReminderSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A task as a VTODO. What a client wrote stays to the letter where it says what the task says; what the task says otherwise by now is
 * written anew.
 */
public final class TodoText {
    /** The parts of a rule that has other dates where it begins on another day. */
    private static final Pattern OF_CERTAIN_DAYS = Pattern.compile("BY|UNTIL|MONTHLY|YEARLY");

    private final Task task;
    private final @Nullable String rule;
    private final boolean ours;
    private final Component raw;
    private final Todo said;
    /** Lines in the place of those of the same name that were kept. */
    private final Map<String, List<Line>> own = new LinkedHashMap<>();

    private TodoText(Task task, @Nullable String rule, @Nullable KeptProperties kept) {
        this.task = task;
        this.rule = rule;
        this.ours = kept == null;
        Component whole = kept == null ? Component.empty("VTODO") : kept.component();
        this.raw = task.recurrence() == null ? whole.without(Set.of("RRULE")) : whole;
        this.said = Todo.of(this.raw, task.timeZone(), TodoZones.KNOWN, task.recurrence() != null);
    }

    /**
     * @param uid as it is written
     * @param rule the value of RRULE; null: it is a single date, for all that is known
     * @param kept null of a task that no client of CalDAV has written
     */
    public static Component todo(Task task, String uid, @Nullable String rule, @Nullable KeptProperties kept) {
        return new TodoText(task, rule, kept).todo(uid);
    }

    /** @param zones the descriptions of those that it names */
    public static String whole(Component todo, String zones) {
        StringBuilder text =
                new StringBuilder("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Sandglass//Sandglass//EN\r\n");
        text.append(zones);
        todo.write(text);
        return text.append("END:VCALENDAR\r\n").toString();
    }

    private Component todo(String uid) {
        put("UID", uid);
        put("DTSTAMP", Moment.utc(task.updatedAt()));
        if (!raw.has("CREATED")) {
            put("CREATED", Moment.utc(task.createdAt()));
        }
        put("LAST-MODIFIED", Moment.utc(task.updatedAt()));
        words();
        dates();
        status();
        return new Component("VTODO", lines(), alarms());
    }

    private List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        own.values().forEach(lines::addAll);
        raw.lines().stream().filter(line -> !own.containsKey(line.name())).forEach(lines::add);
        return lines;
    }

    private void put(String name, String value) {
        own.put(name, List.of(Line.of(name, value)));
    }

    private void leaveOut(String name) {
        own.put(name, List.of());
    }

    private void words() {
        if (!raw.has("SUMMARY") || !said.title().equals(task.title())) {
            put("SUMMARY", Line.escaped(task.title()));
        }
        if (!said.description().equals(task.description())) {
            if (task.description().isEmpty()) {
                leaveOut("DESCRIPTION");
            } else {
                put("DESCRIPTION", Line.escaped(task.description()));
            }
        }
        if (ours || said.priority() != task.priority()) {
            put("PRIORITY", Todo.number(task.priority()));
        }
        if (!said.tags().equals(task.tags())) {
            List<String> categories = categories();
            if (categories.isEmpty()) {
                leaveOut("CATEGORIES");
            } else {
                put(
                        "CATEGORIES",
                        String.join(",", categories.stream().map(Line::escaped).toList()));
            }
        }
    }

    /** Texts that were written stay, unless their tag is gone; then come the tags that are new. */
    private List<String> categories() {
        Set<String> had = folded(said.tags());
        Set<String> has = folded(task.tags());
        Stream<String> stay = raw.lines("CATEGORIES")
                .flatMap(line -> line.listed().stream())
                .filter(category -> Todo.tag(category)
                        .map(Folding::fold)
                        .filter(tag -> had.contains(tag) && !has.contains(tag))
                        .isEmpty());
        Stream<String> come = task.tags().stream().filter(tag -> !had.contains(Folding.fold(tag)));
        return Stream.concat(stay, come).toList();
    }

    private static Set<String> folded(List<String> tags) {
        return tags.stream().map(Folding::fold).collect(Collectors.toSet());
    }

    private static @Nullable Moment due(Task task) {
        return task.due() == null ? null : new Moment(task.due(), task.timeZone());
    }

    private void dates() {
        Moment due = due(task);
        if (rule == null) {
            leaveOut("RRULE");
        } else if (!Todo.sameRule(raw.value("RRULE"), rule)) {
            put("RRULE", rule);
        }
        if (!Objects.equals(due, said.due())) {
            leaveOut("DURATION");
            own.put("DUE", due == null ? List.of() : List.of(Moment.line("DUE", due.due(), due.zone())));
            if (due != null) {
                Moment start = begin(due);
                own.put(
                        "DTSTART",
                        start == null ? List.of() : List.of(Moment.line("DTSTART", start.due(), start.zone())));
            } else if (Objects.equals(start(raw.lines()), said.due())) {
                // It began when it was due, or was due when it began.
                leaveOut("DTSTART");
            }
        } else if (rule != null && due != null && !raw.has("DTSTART")) {
            own.put("DTSTART", List.of(Moment.line("DTSTART", due.due(), due.zone())));
        }
        single(RuleDates.LEFT_OUT, due);
        single(RuleDates.ADDED, due);
    }

    /** The beginning of a task that is due elsewhere now; a rule has its dates from there, so mostly it is on the same day. */
    private @Nullable Moment begin(Moment due) {
        Moment start = start(due);
        boolean goesAlong = start != null
                && (rule == null
                        || start.due().date().equals(due.due().date())
                        || !OF_CERTAIN_DAYS.matcher(rule).find());
        return rule == null || goesAlong ? start : due;
    }

    /** The single dates of a rule that are still to come: as they were written, while the task is where it was. */
    private void single(String name, @Nullable Moment due) {
        if (rule == null || due == null) {
            leaveOut(name);
        } else if (raw.has(name)) {
            SortedSet<LocalDate> all = RuleDates.of(raw, name, due.zone(), TodoZones.KNOWN);
            if (!due.equals(said.due()) || !all.first().isAfter(due.due().date())) {
                own.put(name, RuleDates.toCome(name, all, due, Objects.requireNonNull(start(lines()))));
            }
        }
    }

    private @Nullable Moment start(List<Line> lines) {
        return lines.stream()
                .filter(line -> line.name().equals("DTSTART"))
                .findFirst()
                .map(line -> Moment.of(line, task.timeZone(), TodoZones.KNOWN))
                .orElse(null);
    }

    /** It begins as long before it is due as it did, or when it did where it was not due; null where that is not before it is due. */
    private @Nullable Moment start(Moment due) {
        Moment was = said.due();
        Moment began = start(raw.lines());
        if (began == null || began.equals(was)) {
            return began == null ? null : due;
        }
        try {
            Moment begins = was == null ? began : began.later(moved(began, was, due));
            boolean together = was != null && began.zone().equals(was.zone());
            Moment start = new Moment(begins.due(), together ? due.zone() : began.zone()).like(due);
            return start.isBefore(due) ? start : null;
        } catch (Rejection e) {
            // There is no year before the first.
            return null;
        }
    }

    /** Dates move by whole days. */
    private static Duration moved(Moment began, Moment was, Moment due) {
        return !began.due().allDay() && was.isLike(due)
                ? due.since(was)
                : Duration.ofDays(
                        ChronoUnit.DAYS.between(was.due().date(), due.due().date()));
    }

    private void status() {
        boolean done = !task.open();
        if (ours || said.completed() != done) {
            put("STATUS", done ? "COMPLETED" : "NEEDS-ACTION");
            leaveOut("COMPLETED");
            leaveOut("PERCENT-COMPLETE");
            if (done) {
                put("PERCENT-COMPLETE", "100");
            }
        }
        if (done && (own.containsKey("COMPLETED") || !raw.has("COMPLETED"))) {
            put("COMPLETED", Moment.utc(Objects.requireNonNullElse(task.completedAt(), task.updatedAt())));
        }
    }

    private List<Component> alarms() {
        Moment due = due(task);
        Moment began = start(raw.lines());
        Moment begins = start(lines());
        List<Component> alarms = new ArrayList<>();
        Set<String> there = new HashSet<>();
        for (Component inner : raw.inner()) {
            boolean reminds = inner.name().equals("VALARM")
                    && TodoAlarms.reminder(inner, said.due(), began)
                            // A task has so many reminders; alarms beyond them are none.
                            .filter(said.reminders()::contains)
                            .isPresent();
            Optional<String> its = reminds
                    ? TodoAlarms.reminder(inner, due, begins)
                            .flatMap(alarm -> task.reminders().stream()
                                    .filter(one -> isSame(task, one, alarm))
                                    .findFirst())
                    : Optional.empty();
            if (!reminds || its.isPresent()) {
                alarms.add(its.map(one -> saysHowOften(inner, task, one, said.nag()))
                        .orElse(inner));
                its.ifPresent(there::add);
            }
        }
        if (task.open()) {
            task.reminders().stream()
                    .filter(reminder -> !there.contains(reminder))
                    .flatMap(reminder -> alarm(task, reminder, true).stream())
                    .forEach(alarms::add);
        }
        return alarms;
    }

    /**
     * The alarm that a reminder is; empty where there is no date to count from.
     *
     * @param todo whether it is of a VTODO: it counts from its end, and that of a VEVENT from its start
     */
    public static Optional<Component> alarm(Task task, String reminder, boolean todo) {
        return trigger(task, reminder, todo)
                .map(trigger -> new Component(
                        "VALARM",
                        Stream.concat(
                                        Stream.of(
                                                Line.of("ACTION", "DISPLAY"),
                                                Line.text("DESCRIPTION", task.title()),
                                                trigger),
                                        todo ? again(task, reminder).stream() : Stream.<Line>empty())
                                .toList(),
                        List.of()));
    }

    /** The last reminder comes again for a day, if any does; in a calendar of events nobody says that it is done. */
    private static List<Line> again(Task task, String reminder) {
        Nag nag = task.nag();
        return nag == null || !isLast(task, reminder)
                ? List.of()
                : List.of(
                        Line.of("DURATION", nag.toString()),
                        Line.of("REPEAT", Long.toString(Duration.ofDays(1).dividedBy(nag.every()))));
    }

    private static boolean isLast(Task task, String reminder) {
        Moment due = due(task);
        Instant at = TodoAlarms.at(reminder, due);
        return at != null
                && task.reminders().stream()
                        .map(other -> TodoAlarms.at(other, due))
                        .filter(Objects::nonNull)
                        .noneMatch(at::isBefore);
    }

    /**
     * An alarm as its client wrote it, but for how often it comes again where the task has that otherwise by now.
     *
     * @param told how often the last one came again, as its client wrote it
     */
    private static Component saysHowOften(Component alarm, Task task, String reminder, @Nullable Nag told) {
        if (Objects.equals(task.nag(), told) || !isLast(task, reminder)) {
            return alarm;
        }
        Stream<Line> others = alarm.lines().stream()
                .filter(line -> !line.name().equals("REPEAT") && !line.name().equals("DURATION"));
        return new Component(
                alarm.name(),
                Stream.concat(others, again(task, reminder).stream()).toList(),
                alarm.inner());
    }

    /** Tells if an alarm is a reminder of the task, as it was set or as it is written here. */
    private static boolean isSame(Task task, String reminder, String alarm) {
        return reminder.equals(alarm) || written(task, reminder).equals(alarm);
    }

    /** The reminder as a client reads it. */
    private static String written(Task task, String reminder) {
        return trigger(task, reminder, true)
                .flatMap(trigger ->
                        TodoAlarms.reminder(new Component("VALARM", List.of(trigger), List.of()), due(task), null))
                .orElse(reminder);
    }

    /** From a whole day programs count in ways of their own, and a duration here has no months: then it is the instant. */
    private static Optional<Line> trigger(Task task, String reminder, boolean todo) {
        ReminderSpec spec = ReminderSpec.parse(reminder);
        Due due = task.due();
        if (due != null
                && !due.allDay()
                && spec instanceof ReminderSpec.Relative relative
                && relative.days().toTotalMonths() == 0) {
            Line trigger = Line.of("TRIGGER", duration(relative));
            return Optional.of(todo ? trigger.with("RELATED", "END") : trigger);
        }
        return Optional.ofNullable(TodoAlarms.at(reminder, due(task)))
                .map(instant -> Line.of("TRIGGER", Moment.utc(instant)).with("VALUE", "DATE-TIME"));
    }

    /** Days and hours have the same sign, if any. */
    private static String duration(ReminderSpec.Relative relative) {
        int days = relative.days().getDays();
        Duration rest = relative.hours().abs();
        String sign = days < 0 || relative.hours().isNegative() ? "-" : "";
        String clock = rest.isZero() && days != 0
                ? ""
                : "T" + rest.toHours() + "H" + rest.toMinutesPart() + "M" + rest.toSecondsPart() + "S";
        return sign + "P" + (days == 0 ? "" : Math.abs(days) + "D") + clock;
    }

    /** The reminders of a task after a client has written these: those it has, as they were set, and new ones. */
    public static List<String> reminders(Task task, List<String> alarms) {
        Stream<String> stay = task.reminders().stream()
                .filter(reminder -> alarms.stream().anyMatch(alarm -> isSame(task, reminder, alarm)));
        Stream<String> come = alarms.stream()
                .filter(alarm -> task.reminders().stream().noneMatch(reminder -> isSame(task, reminder, alarm)));
        return Stream.concat(stay, come).toList();
    }
}
