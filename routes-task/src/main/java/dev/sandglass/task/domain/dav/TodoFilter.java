package dev.sandglass.task.domain.dav;

import dev.sandglass.support.domain.Rejection;
import dev.sandglass.time.Due;
import dev.sandglass.time.Recurrence;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/**
 * The filter of a calendar-query (RFC 4791 section 9.7), of tasks.
 *
 * @param todos whether it finds tasks at all
 * @param openOnly whether none that is done is found, whatever else it says
 * @param all whether it finds all
 */
public record TodoFilter(boolean todos, boolean openOnly, boolean all, Predicate<Candidate> test) {
    /** A year and some days: dates of a rule are looked for no further. */
    private static final int DAYS = 400;

    private static final Set<QName> OF_COMPONENT =
            Set.of(DavNames.COMPONENT_FILTER, DavNames.PROPERTY_FILTER, DavNames.TIME_RANGE, DavNames.NOT_DEFINED);
    private static final List<String> COLLATIONS = List.of("i;ascii-casemap", "i;octet", "i;unicode-casemap");
    private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT);

    /** A task that is looked at, as it is written, with its zone. */
    public record Candidate(Component todo, ZoneId zone) {}

    /** @param to null: there is no end */
    private record Range(@Nullable Instant from, @Nullable Instant to) {
        boolean holds(Instant at) {
            return (from == null || !at.isBefore(from)) && (to == null || at.isBefore(to));
        }

        /** RFC 4791 section 9.9: what begins with the range's end, or ends with its begin, is outside; a moment is its own begin. */
        boolean meets(Instant begin, Instant end) {
            return (from == null || end.isAfter(from) || begin.equals(end) && !end.isBefore(from))
                    && (to == null || begin.isBefore(to));
        }
    }

    /**
     * @param filter the element of a calendar-query
     * @throws Rejection where it is none that RFC 4791 knows
     */
    static TodoFilter of(Optional<Element> filter) {
        Element calendar = filter.flatMap(it -> it.child(DavNames.COMPONENT_FILTER))
                .filter(it -> "VCALENDAR".equalsIgnoreCase(it.attribute("name")))
                .orElseThrow(() -> refused("it must begin with VCALENDAR"));
        List<Element> components = calendar.children(DavNames.COMPONENT_FILTER).toList();
        calendar.children().stream()
                .filter(child -> !child.is(DavNames.COMPONENT_FILTER))
                .findFirst()
                .ifPresent(child -> {
                    throw refused(child.name().getLocalPart() + " of the whole calendar");
                });
        if (components.isEmpty()) {
            return new TodoFilter(true, false, true, any -> true);
        }
        Predicate<Candidate> test = any -> true;
        boolean todos = true;
        boolean openOnly = false;
        boolean all = true;
        for (Element component : components) {
            String name = String.valueOf(component.attribute("name")).toUpperCase(Locale.ROOT);
            boolean absent = component.child(DavNames.NOT_DEFINED).isPresent();
            if (!name.equals("VTODO")) {
                // Nothing else is kept here but descriptions of zones.
                todos &= absent;
            } else if (absent) {
                todos = false;
            } else {
                test = test.and(component(component, name));
                openOnly |= component
                        .children(DavNames.PROPERTY_FILTER)
                        .anyMatch(property -> "COMPLETED".equalsIgnoreCase(property.attribute("name"))
                                && property.child(DavNames.NOT_DEFINED).isPresent());
                all &= component.children().isEmpty();
            }
        }
        return new TodoFilter(todos, openOnly, all, test);
    }

    private static Rejection refused(String what) {
        return DavRefused.because(DavNames.VALID_FILTER, "This filter is not known here: " + what);
    }

    private static Predicate<Candidate> component(Element filter, String name) {
        Predicate<Candidate> test = any -> true;
        boolean anyOf = "anyof".equalsIgnoreCase(filter.attribute("test"));
        if (anyOf) {
            throw refused("anyof");
        }
        for (Element part : filter.children()) {
            if (!OF_COMPONENT.contains(part.name())) {
                throw refused(part.name().getLocalPart());
            }
            test = test.and(part(part, name));
        }
        return test;
    }

    private static Predicate<Candidate> part(Element part, String within) {
        if (part.is(DavNames.TIME_RANGE)) {
            Range range = range(part);
            if (!within.equals("VTODO")) {
                throw refused("a range of time of " + within);
            }
            return candidate -> isIn(candidate, range);
        }
        String name = String.valueOf(part.attribute("name")).toUpperCase(Locale.ROOT);
        boolean absent = part.child(DavNames.NOT_DEFINED).isPresent();
        if (part.is(DavNames.COMPONENT_FILTER)) {
            Predicate<Candidate> inner = absent ? any -> true : component(part, name);
            return candidate -> absent
                    != candidate.todo.inner(name).anyMatch(one -> inner.test(new Candidate(one, candidate.zone)));
        }
        if (absent) {
            return candidate -> !candidate.todo.has(name);
        }
        Predicate<Line> text =
                part.child(DavNames.TEXT_MATCH).map(TodoFilter::text).orElse(any -> true);
        Optional<Range> range = part.child(DavNames.TIME_RANGE).map(TodoFilter::range);
        if (part.child(DavNames.PARAMETER_FILTER).isPresent()) {
            throw refused("param-filter");
        }
        return candidate -> candidate
                .todo
                .lines(name)
                .anyMatch(line -> text.test(line)
                        && range.map(it -> it.holds(begin(line, candidate))).orElse(true));
    }

    private static Instant begin(Line line, Candidate candidate) {
        Moment moment = Moment.of(line, candidate.zone, TodoZones.KNOWN);
        return moment.due().startsAt(moment.zone());
    }

    /** By default without regard to the case of ASCII letters. */
    private static Predicate<Line> text(Element match) {
        String collation = Objects.requireNonNullElse(match.attribute("collation"), "i;ascii-casemap");
        if (!COLLATIONS.contains(collation)) {
            throw DavRefused.because(DavNames.SUPPORTED_COLLATION, "Texts are compared by one of " + COLLATIONS);
        }
        boolean exact = collation.equals("i;octet");
        boolean not = "yes".equals(match.attribute("negate-condition"));
        String wanted = match.text().toString();
        return line -> not
                != (exact
                        ? line.unescaped().contains(wanted)
                        : line.unescaped().toLowerCase(Locale.ROOT).contains(wanted.toLowerCase(Locale.ROOT)));
    }

    private static Range range(Element range) {
        return new Range(instant(range.attribute("start")), instant(range.attribute("end")));
    }

    private static @Nullable Instant instant(@Nullable String utc) {
        try {
            return utc == null ? null : LocalDateTime.parse(utc, UTC).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw refused("a time in UTC looks as 20270131T080000Z");
        }
    }

    /** RFC 4791 section 9.9, the table of VTODO. */
    private static boolean isIn(Candidate candidate, Range range) {
        Component todo = candidate.todo;
        Moment start = moment(candidate, "DTSTART");
        Moment due = Todo.of(todo, candidate.zone, TodoZones.KNOWN, false).due();
        if (due != null && todo.has("RRULE") && comesIn(todo, due, range)) {
            return true;
        }
        Instant begin = start == null ? null : start.due().startsAt(start.zone());
        Instant end = due == null
                ? null
                : due.due().allDay()
                        ? due.due().startsAt(due.zone())
                        : due.due().at(due.zone());
        if (begin != null && end != null) {
            return range.meets(begin.isAfter(end) ? end : begin, end);
        }
        if (begin != null || end != null) {
            Instant moment = begin == null ? end : begin;
            return moment != null && range.meets(moment, moment);
        }
        Moment completed = moment(candidate, "COMPLETED");
        Moment created = moment(candidate, "CREATED");
        if (completed == null && created == null) {
            return true;
        }
        Moment first = created == null ? completed : created;
        // A task that was made and not done goes on.
        return first != null
                && (range.to == null || !first.due().startsAt(first.zone()).isAfter(range.to))
                && (range.from == null
                        || completed == null
                        || !completed.due().startsAt(completed.zone()).isBefore(range.from));
    }

    /** Tells if a later date of its rule is in the range. */
    private static boolean comesIn(Component todo, Moment due, Range range) {
        LocalDate first = due.due().date();
        LocalDate from = range.from == null ? first : LocalDate.ofInstant(range.from, due.zone());
        LocalDate begin = from.isBefore(first) ? first : from;
        LocalDate furthest = begin.plusDays(DAYS);
        LocalDate end = range.to == null ? furthest : LocalDate.ofInstant(range.to, due.zone());
        try {
            Set<LocalDate> leftOut = RuleDates.of(todo, RuleDates.LEFT_OUT, due.zone(), TodoZones.KNOWN);
            Stream<LocalDate> added = RuleDates.of(todo, RuleDates.ADDED, due.zone(), TodoZones.KNOWN).stream();
            return !end.isBefore(begin)
                    && Stream.concat(
                                    Recurrence.parse(String.valueOf(todo.value("RRULE")))
                                            .dates(first, begin, end.isAfter(furthest) ? furthest : end)
                                            .stream(),
                                    added)
                            .filter(date -> !leftOut.contains(date))
                            .map(date -> new Due(date, due.due().time()).startsAt(due.zone()))
                            .anyMatch(range::holds);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static @Nullable Moment moment(Candidate candidate, String name) {
        return candidate
                .todo
                .line(name)
                .map(line -> Moment.of(line, candidate.zone, TodoZones.KNOWN))
                .orElse(null);
    }
}
