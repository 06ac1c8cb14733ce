package dev.sandglass.task.domain.dav;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sandglass.support.domain.Rejection;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a VTODO that the ledger keeps beside the task: no field of a task holds them, or not to the letter.
 *
 * @param href the name that a client gave to its resource; null: it has that of the task
 * @param uid as it was written; null: that of the task
 * @param rest lines of the VTODO and parts within it, each line in one piece
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KeptProperties(
        @Nullable String href, @Nullable String uid, String rest) {
    /** Lines that are written anew each time. */
    private static final Set<String> WRITTEN = Set.of("UID", "DTSTAMP", "LAST-MODIFIED", "RECURRENCE-ID", Todo.GONE_ON);

    private static final Set<String> SAID = Set.of("SUMMARY", "DESCRIPTION", "RRULE");
    /** Lines that are about one date of a series alone. */
    private static final Set<String> OF_ONE = Set.of(
            "STATUS",
            "COMPLETED",
            "PERCENT-COMPLETE",
            "CREATED",
            "SEQUENCE",
            "RELATED-TO",
            "X-MOZ-LASTACK",
            "X-MOZ-SNOOZE-TIME");

    /** Takes the properties to keep from a VTODO; zones in them become those of the IANA database. */
    static KeptProperties of(@Nullable String href, @Nullable String uid, Component todo, TodoZones zones) {
        return new KeptProperties(href, uid, plain(todo, zones).body());
    }

    /**
     * Reads properties that were kept elsewhere.
     *
     * @throws Rejection as {@link DavRefused#data} where they are none
     */
    public static KeptProperties read(@Nullable String uid, String rest) {
        return of(null, uid, new KeptProperties(null, null, rest).component(), TodoZones.KNOWN);
    }

    private static Component plain(Component part, TodoZones zones) {
        List<Line> lines = new ArrayList<>();
        for (Line line : part.lines()) {
            if (!WRITTEN.contains(line.name()) && !isSaidByTheTask(line)) {
                lines.add(inKnownZone(line, zones));
            }
        }
        return new Component(
                part.name(),
                lines,
                part.inner().stream().map(inner -> whole(inner, zones)).toList());
    }

    private static Component whole(Component part, TodoZones zones) {
        return new Component(
                part.name(),
                part.lines().stream().map(line -> inKnownZone(line, zones)).toList(),
                part.inner().stream().map(inner -> whole(inner, zones)).toList());
    }

    /** Most of a task is its title and its description: they are not kept twice, and a rule only where something is said beside it. */
    private static boolean isSaidByTheTask(Line line) {
        if (!line.parameters().isEmpty() || !SAID.contains(line.name())) {
            return false;
        }
        if (line.name().equals("RRULE")) {
            return true;
        }
        Component alone = new Component("VTODO", List.of(line), List.of());
        Todo said = Todo.of(alone, ZoneOffset.UTC, TodoZones.KNOWN, false);
        return Line.escaped(line.name().equals("SUMMARY") ? said.title() : said.description())
                .equals(line.value());
    }

    private static Line inKnownZone(Line line, TodoZones zones) {
        String zone = line.parameter("TZID");
        if (zone == null) {
            return line;
        }
        Map<String, List<String>> parameters = new LinkedHashMap<>(line.parameters());
        parameters.put("TZID", List.of(zones.zone(zone).getId()));
        return new Line(line.name(), parameters, line.value());
    }

    /** The rest as it was written. */
    Component component() {
        return Component.read("BEGIN:VTODO\n" + rest + "END:VTODO\n");
    }

    /** The dates that are left out of the rule, by the clocks of a zone. */
    public SortedSet<LocalDate> leftOut(ZoneId zone) {
        return dates(RuleDates.LEFT_OUT, zone);
    }

    /** The dates that come besides those of the rule. */
    public SortedSet<LocalDate> added(ZoneId zone) {
        return dates(RuleDates.ADDED, zone);
    }

    private SortedSet<LocalDate> dates(String name, ZoneId zone) {
        return rest.contains(name)
                ? RuleDates.of(component(), name, zone, TodoZones.KNOWN)
                : Collections.emptySortedSet();
    }

    /** The same with the single dates of a rule that others have: who read no rule does not say that it has none. */
    public KeptProperties withDatesOf(@Nullable KeptProperties others) {
        if (others == null) {
            return this;
        }
        Component todo = component();
        Stream<Line> own = todo.lines().stream().filter(line -> !RuleDates.isOne(line));
        Stream<Line> theirs = others.component().lines().stream().filter(RuleDates::isOne);
        return new KeptProperties(
                href, uid, new Component(todo.name(), Stream.concat(own, theirs).toList(), todo.inner()).body());
    }

    /** The properties that go over to the next date of a series. */
    public KeptProperties next() {
        Component todo = component();
        return new KeptProperties(
                null,
                null,
                new Component(
                                todo.name(),
                                todo.lines().stream()
                                        .filter(line -> !OF_ONE.contains(line.name()))
                                        .toList(),
                                todo.inner())
                        .body());
    }

    /** The same of a task that has these names. */
    public KeptProperties withNamesOf(KeptProperties there) {
        return new KeptProperties(there.href, there.uid, rest);
    }

    /** The same for a list where nobody has named it. */
    public KeptProperties elsewhere() {
        return new KeptProperties(null, uid, rest);
    }
}
