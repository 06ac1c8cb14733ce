package dev.sandglass.task.domain.imports;

import com.github.mangstadt.vinnie.VObjectProperty;
import com.github.mangstadt.vinnie.io.Context;
import com.github.mangstadt.vinnie.io.SyntaxRules;
import com.github.mangstadt.vinnie.io.VObjectDataAdapter;
import com.github.mangstadt.vinnie.io.VObjectPropertyValues;
import com.github.mangstadt.vinnie.io.VObjectReader;
import com.github.mangstadt.vinnie.io.Warning;
import dev.sandglass.events.Priority;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.domain.dav.Line;
import dev.sandglass.task.domain.dav.RuleDates;
import dev.sandglass.time.Due;
import dev.sandglass.time.Nag;
import dev.sandglass.time.ReminderSpec;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tasks (VTODO) of iCalendar, RFC 5545. */
final class CalendarFile extends VObjectDataAdapter {
    private static final String CALENDAR = "VCALENDAR";
    private static final String TODO = "VTODO";
    private static final String ALARM = "VALARM";
    /** Components that become entries: those that are no tasks are reported as such. */
    private static final Set<String> COMPONENTS = Set.of(TODO, "VEVENT", "VJOURNAL");

    private static final Pattern TIME = Pattern.compile("(\\d{8})(?:T(\\d{6})(Z?))?");
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HHmmss", Locale.ROOT);
    /** An alarm that Apple's programs write where there is to be none. */
    private static final String APPLES_NEVER = "19760401T005545Z";

    /** Properties of an alarm that comes at a place: RFC 9074, and before it Apple's. */
    private static final Set<String> AT_PLACES =
            Set.of("PROXIMITY", "X-APPLE-PROXIMITY", "X-APPLE-STRUCTURED-LOCATION");

    /** Actions of an alarm that is a reminder here. */
    private static final Set<String> ACTIONS = Set.of("", "DISPLAY", "AUDIO");

    /** Properties that are kept, and properties that say nothing of the task itself. */
    private static final Set<String> KNOWN = Set.of(
            "UID",
            "SUMMARY",
            "DESCRIPTION",
            "PRIORITY",
            "CATEGORIES",
            "DTSTART",
            "DUE",
            "DURATION",
            "RRULE",
            "EXDATE",
            "RDATE",
            "EXRULE",
            "STATUS",
            "COMPLETED",
            "PERCENT-COMPLETE",
            "LOCATION",
            "URL",
            "RELATED-TO",
            "RECURRENCE-ID",
            "DTSTAMP",
            "CREATED",
            "LAST-MODIFIED",
            "SEQUENCE",
            "CLASS");

    private final Importer who;
    private final CalendarZones zones;
    private final List<Item> items = new ArrayList<>();
    private final List<String> malformed = new ArrayList<>();
    private final Map<String, List<VObjectProperty>> said = new HashMap<>();
    private final List<Map<String, VObjectProperty>> alarms = new ArrayList<>();
    private final FileIds ids = new FileIds();
    /** The first entry of the calendar at hand. */
    private int first;

    private @Nullable String name;
    private int line;
    private boolean whole;

    private CalendarFile(Importer who, CalendarZones zones) {
        this.who = who;
        this.zones = zones;
    }

    static boolean isOne(String text) {
        return text.stripLeading().regionMatches(true, 0, "BEGIN:VCALENDAR", 0, "BEGIN:VCALENDAR".length());
    }

    /** @throws Rejection INVALID where it does not end */
    static List<ImportEntry> read(String text, Importer who) {
        CalendarFile file = new CalendarFile(who, new CalendarZones());
        parse(text, file.zones);
        parse(text, file);
        if (!file.whole) {
            throw Rejection.wrong("", "must be a calendar, from BEGIN:VCALENDAR to END:VCALENDAR");
        }
        return file.items.stream().map(Item::entry).toList();
    }

    private static void parse(String text, VObjectDataAdapter listener) {
        try (VObjectReader reader = new VObjectReader(new StringReader(text), SyntaxRules.iCalendar())) {
            reader.parse(listener);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void onWarning(Warning warning, @Nullable VObjectProperty property, @Nullable Exception e, Context context) {
        malformed.add("Line " + context.getLineNumber() + " cannot be read, and is not kept");
    }

    @Override
    public void onComponentBegin(String component, Context context) {
        if (COMPONENTS.contains(component)) {
            line = context.getLineNumber();
            said.clear();
            alarms.clear();
            malformed.clear();
        } else if (component.equals(ALARM)) {
            alarms.add(new HashMap<>());
        } else if (component.equals(CALENDAR)) {
            first = items.size();
            name = null;
            whole = false;
        }
    }

    @Override
    public void onProperty(VObjectProperty property, Context context) {
        List<String> around = context.getParentComponents();
        String inside = around.isEmpty() ? "" : around.get(around.size() - 1);
        String what = property.getName().toUpperCase(Locale.ROOT);
        if (inside.equals(CALENDAR) && (what.equals("NAME") || what.equals("X-WR-CALNAME"))) {
            name = VObjectPropertyValues.unescape(property.getValue());
        } else if (COMPONENTS.contains(inside)) {
            said.computeIfAbsent(what, first -> new ArrayList<>()).add(property);
        } else if (inside.equals(ALARM) && !alarms.isEmpty()) {
            alarms.get(alarms.size() - 1).putIfAbsent(what, property);
        }
    }

    @Override
    public void onComponentEnd(String component, Context context) {
        if (component.equals(CALENDAR)) {
            items.subList(first, items.size()).forEach(item -> item.in(name));
            whole = true;
        }
        if (COMPONENTS.contains(component)) {
            Item item = new Item(line).title(text("SUMMARY"));
            item.known(
                    text("UID").isBlank()
                            ? ids.of("icalendar", item.title())
                            : text("UID") + "\n" + text("RECURRENCE-ID"));
            Optional.ofNullable(value("UID"))
                    .map(uid -> Line.of("UID", uid).value())
                    .filter(uid -> !uid.isEmpty())
                    .ifPresent(item::uid);
            malformed.forEach(item::lost);
            if (component.equals(TODO)) {
                todo(item);
            } else {
                item.wrong("It is no task (" + component + ")");
            }
            items.add(item);
        }
    }

    private void todo(Item item) {
        item.note(text("DESCRIPTION"));
        labelled(item, "Location: ", "LOCATION");
        labelled(item, "", "URL");
        item.priority(priority(item));
        said.getOrDefault("CATEGORIES", List.of())
                .forEach(
                        tags -> VObjectPropertyValues.parseList(tags.getValue()).forEach(item::tag));
        times(item);
        Optional.ofNullable(value("RRULE")).ifPresent(item::rule);
        singleDates(item);
        if (said.getOrDefault("RRULE", List.of()).size() > 1) {
            item.lost("It comes again by several rules: only the first is kept");
        }
        status(item);
        alarms.forEach(alarm -> alarm(item, alarm));
        if (!List.of("", "0", "100").contains(text("PERCENT-COMPLETE").strip())) {
            item.lost("How much of it is done is not kept");
        }
        if (!List.of("", "PUBLIC").contains(text("CLASS").strip().toUpperCase(Locale.ROOT))) {
            item.lost("That it is for some people alone (" + Item.quoted(text("CLASS")) + ") is not kept");
        }
        if (said.containsKey("RELATED-TO")) {
            item.lost("It is a task of its own, no more a part of another");
        }
        if (said.containsKey("RECURRENCE-ID")) {
            item.wrong("It is one date of a task that comes again, changed by itself (RECURRENCE-ID)");
        }
        Set<String> others = new TreeSet<>(said.keySet());
        others.removeAll(KNOWN);
        others.removeIf(other -> other.startsWith("X-"));
        if (!others.isEmpty()) {
            item.lost("Not kept: " + String.join(", ", others));
        }
    }

    private void labelled(Item item, String label, String property) {
        String text = text(property);
        if (!text.isEmpty()) {
            item.note(label + text);
        }
    }

    /** RFC 5545 section 3.8.1.9: 1 is the highest, 9 the lowest, 0 none. */
    private @Nullable Priority priority(Item item) {
        String given = text("PRIORITY").strip();
        return switch (given) {
            case "", "0" -> null;
            case "1" -> Priority.URGENT;
            case "2", "3", "4" -> Priority.HIGH;
            case "5" -> Priority.MEDIUM;
            case "6", "7", "8", "9" -> Priority.LOW;
            default -> {
                item.lost("Its priority “" + Item.quoted(given) + "” is not kept: it goes from 1 to 9");
                yield null;
            }
        };
    }

    private void status(Item item) {
        String status = text("STATUS").strip().toUpperCase(Locale.ROOT);
        boolean done = status.equals("COMPLETED")
                || status.isEmpty()
                        && (said.containsKey("COMPLETED")
                                || text("PERCENT-COMPLETE").equals("100"));
        if (done || status.equals("CANCELLED")) {
            item.completed(
                    Optional.ofNullable(value("COMPLETED"))
                            .or(() -> Optional.ofNullable(value("LAST-MODIFIED")))
                            .flatMap(CalendarFile::instant),
                    who.now().toInstant());
        }
        if (status.equals("CANCELLED")) {
            item.lost("It was cancelled: it is kept as completed");
        } else if (status.equals("IN-PROCESS")) {
            item.lost("That it was begun is not kept");
        }
    }

    // ---------------------------------------------------------------- Times

    /** @param zone in which it is due, in words of the file or yours */
    private record When(Due due, ZoneId zone) {
        Instant instant() {
            return due.startsAt(zone);
        }
    }

    private void times(Item item) {
        When start = when(item, "DTSTART");
        When due = when(item, "DUE");
        if (due == null && start != null && value("DURATION") != null) {
            due = after(item, start, String.valueOf(value("DURATION")));
        } else if (due == null && start != null) {
            due = start;
            item.lost("It says when it starts and not when it is due: it is due then");
        } else if (due != null && start != null && !start.due.equals(due.due)) {
            item.lost("That it starts at " + start.due + " is not kept");
        }
        if (due != null) {
            item.due(due.due, due.zone);
        }
    }

    private @Nullable When when(Item item, String property) {
        VObjectProperty given = first(property);
        if (given == null) {
            return null;
        }
        Matcher time = TIME.matcher(given.getValue().strip());
        try {
            if (time.matches()) {
                LocalDate day = LocalDate.parse(time.group(1), DATE);
                if (time.group(2) == null) {
                    return new When(new Due(day, null), who.zone());
                }
                LocalTime clock = LocalTime.parse(time.group(2), CLOCK);
                if (time.group(3).equals("Z")) {
                    LocalDateTime yours =
                            LocalDateTime.ofInstant(day.atTime(clock).toInstant(ZoneOffset.UTC), who.zone());
                    return new When(Due.of(yours), who.zone());
                }
                String zone = given.getParameters().first("TZID");
                return new When(new Due(day, clock), zones.of(zone == null ? "" : zone, item, who.zone()));
            }
        } catch (DateTimeException | IllegalArgumentException e) {
            // It is told below.
        }
        item.lost(property + " (“" + Item.quoted(given.getValue()) + "”) is not kept: it is no date");
        return null;
    }

    private static @Nullable When after(Item item, When start, String duration) {
        try {
            if (ReminderSpec.parse(duration) instanceof ReminderSpec.Relative length) {
                LocalDateTime end = start.due
                        .date()
                        .atTime(start.due.time() == null ? LocalTime.MIDNIGHT : start.due.time())
                        .plus(length.days())
                        .plus(length.hours());
                return new When(new Due(end.toLocalDate(), start.due.allDay() ? null : end.toLocalTime()), start.zone);
            }
        } catch (DateTimeException | IllegalArgumentException e) {
            // It is told below.
        }
        item.lost("DURATION (“" + Item.quoted(duration) + "”) is not kept: it is none; it is due when it starts");
        return start;
    }

    /** Dates that its rule does not have, and dates that come besides. */
    private void singleDates(Item item) {
        When due = when(item, said.containsKey("DUE") ? "DUE" : "DTSTART");
        if (due == null) {
            return;
        }
        List<Line> lines = Stream.of("DTSTART", "DUE", "EXDATE", "RDATE", "EXRULE")
                .flatMap(name -> said.getOrDefault(name, List.of()).stream())
                // Their zone is that of the task.
                .map(property -> Line.of(property.getName().toUpperCase(Locale.ROOT), property.getValue()))
                .toList();
        try {
            RuleDates.alone(lines, due.due, due.zone).ifPresent(dates -> {
                item.kept(dates);
                if (!said.containsKey("RRULE") && !dates.added(due.zone).isEmpty()) {
                    item.rule(RuleDates.FIRST_ALONE);
                }
            });
        } catch (Rejection wrong) {
            item.lost("Single dates of its rule are not kept. " + wrong.getMessage());
        }
    }

    private static Optional<Instant> instant(String text) {
        Matcher time = TIME.matcher(text.strip());
        try {
            return time.matches() && time.group(2) != null
                    ? Optional.of(LocalDate.parse(time.group(1), DATE)
                            .atTime(LocalTime.parse(time.group(2), CLOCK))
                            .toInstant(ZoneOffset.UTC))
                    : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** How often it comes again; a nag ends when the task is done, however many times the file says. */
    private static void nag(Item item, Map<String, VObjectProperty> alarm) {
        VObjectProperty every = alarm.get("DURATION");
        if (every == null
                || !alarm.containsKey("REPEAT")
                || alarm.get("REPEAT").getValue().strip().equals("0")) {
            return;
        }
        try {
            item.nag(Nag.parse(every.getValue().strip()));
        } catch (IllegalArgumentException e) {
            item.lost(
                    "A reminder comes once, not every “" + Item.quoted(every.getValue()) + "”: that " + e.getMessage());
        }
    }

    private void alarm(Item item, Map<String, VObjectProperty> alarm) {
        VObjectProperty trigger = alarm.get("TRIGGER");
        String value = trigger == null ? "" : trigger.getValue().strip();
        VObjectProperty given = alarm.get("ACTION");
        String action = given == null ? "" : given.getValue().strip().toUpperCase(Locale.ROOT);
        if (AT_PLACES.stream().anyMatch(alarm::containsKey)) {
            item.lost("A reminder at a place is not kept: here they come at a time");
            return;
        }
        if (alarm.containsKey("X-APPLE-DEFAULT-ALARM") || value.equals(APPLES_NEVER)) {
            return;
        }
        if (trigger == null) {
            item.lost("A reminder that says no time is not kept");
            return;
        }
        if (action.equals("NONE")) {
            item.lost("A reminder that does nothing (ACTION:NONE) is not kept");
            return;
        }
        if (!ACTIONS.contains(action)) {
            item.lost("How a reminder comes (“" + Item.quoted(action) + "”) is not kept: it comes as yours do");
        }
        nag(item, alarm);
        Optional<Instant> at = instant(value);
        if (at.isPresent()) {
            item.remind(at.get().toString());
            return;
        }
        Due due = item.due();
        When start = when(item, "DTSTART");
        String from = trigger.getParameters().first("RELATED");
        boolean fromEnd = from != null && from.equalsIgnoreCase("END");
        if (fromEnd || start == null || start.due.equals(due)) {
            item.remind(value);
        } else if (due != null && !due.allDay() && !start.due.allDay()) {
            // It counts from a start that is not kept.
            fromStart(start, value).map(Instant::toString).ifPresentOrElse(item::remind, () -> item.remind(value));
        } else {
            item.lost("A reminder (“" + Item.quoted(value) + "”) is not kept: it counts from the start");
        }
    }

    private static Optional<Instant> fromStart(When start, String duration) {
        try {
            return ReminderSpec.parse(duration) instanceof ReminderSpec.Relative length
                    ? Optional.of(length.after(start.instant().atZone(start.zone)))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    // ---------------------------------------------------------------- Properties

    private @Nullable VObjectProperty first(String property) {
        List<VObjectProperty> all = said.getOrDefault(property, List.of());
        return all.isEmpty() ? null : all.get(0);
    }

    private @Nullable String value(String property) {
        VObjectProperty first = first(property);
        return first == null ? null : first.getValue().strip();
    }

    private String text(String property) {
        VObjectProperty first = first(property);
        return first == null ? "" : VObjectPropertyValues.unescape(first.getValue());
    }
}
