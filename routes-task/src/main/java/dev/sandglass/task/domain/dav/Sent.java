package dev.sandglass.task.domain.dav;

import dev.sandglass.support.domain.Rejection;
import dev.sandglass.time.Due;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The body of a PUT, read: the tasks in it and their zones.
 *
 * @param master the task
 * @param others single dates of it that are otherwise
 * @param program that wrote it
 */
public record Sent(String uid, Component master, List<Component> others, TodoZones zones, String program) {
    private static final Set<String> PARTS = Set.of("VTODO", "VTIMEZONE");
    /** Lines of a task that say nothing of a single date that is otherwise. */
    private static final Set<String> OF_DATES =
            Set.of("DTSTART", "DUE", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE");

    private static final Set<String> OF_STATUS = Set.of("STATUS", "COMPLETED", "PERCENT-COMPLETE", Todo.GONE_ON);
    public static final int LONGEST_UID = 1_000;

    /** @throws Rejection with the condition that is not met */
    public static Sent read(String body) {
        Component calendar = Component.read(body.startsWith("\ufeff") ? body.substring(1) : body);
        if (!calendar.name().equals("VCALENDAR") || calendar.has("METHOD")) {
            throw object("it is a VCALENDAR without a METHOD");
        }
        calendar.inner().stream()
                .map(Component::name)
                .filter(name -> !PARTS.contains(name) && !name.startsWith("X-"))
                .findFirst()
                .ifPresent(name -> {
                    throw DavRefused.because(DavNames.SUPPORTED_COMPONENT, "Here are tasks (VTODO), and no " + name);
                });
        List<Component> todos = calendar.inner("VTODO").toList();
        List<Component> masters =
                todos.stream().filter(todo -> !todo.has("RECURRENCE-ID")).toList();
        if (masters.size() != 1) {
            throw object("it has one task");
        }
        Component master = masters.get(0);
        String uid = Objects.requireNonNullElse(master.value("UID"), "");
        if (uid.isEmpty()
                || uid.length() > LONGEST_UID
                || todos.stream()
                        .anyMatch(todo -> !uid.equals(todo.value("UID"))
                                || todo.lines("UID").count() > 1)) {
            throw object("it has one UID");
        }
        if (todos.stream().flatMap(todo -> todo.lines("RECURRENCE-ID")).anyMatch(id -> id.parameter("RANGE") != null)) {
            throw object("what is about a date and all that follow is put as the task itself");
        }
        if (master.lines("RRULE").count() > 1) {
            throw DavRefused.data("a task comes again by one RRULE");
        }
        return new Sent(
                uid,
                master,
                todos.stream().filter(todo -> todo != master).toList(),
                TodoZones.of(calendar),
                Objects.requireNonNullElse(calendar.value("PRODID"), ""));
    }

    private static Rejection object(String sentence) {
        return DavRefused.because(DavNames.VALID_OBJECT, "The calendar cannot be taken: " + sentence);
    }

    /** The zone of times that have none: of a series at times in UTC that is UTC, where its days are others there than usual. */
    public ZoneId context(ZoneId usual) {
        return master.line("DTSTART")
                        .or(() -> master.line("DUE"))
                        .filter(first -> master.has("RRULE") && Moment.isOfAnotherDayInUtc(first, usual, zones))
                        .isPresent()
                ? Moment.UTC
                : usual;
    }

    /** @param context the zone of times that have none */
    public Todo todo(ZoneId context) {
        return Todo.of(master, context, zones, false);
    }

    /** A single date of it that is otherwise. */
    public Todo other(Component other, ZoneId context) {
        return Todo.of(whole(other), context, zones, true);
    }

    /** It is as the task says, where it says nothing. */
    private Component whole(Component other) {
        return master.without(OF_DATES).without(OF_STATUS).with(other);
    }

    /** The date of the series that a part is about, by the clocks of a zone. */
    public Due which(Component other, ZoneId zone) {
        Line id = other.line("RECURRENCE-ID").orElseThrow();
        return RuleDates.due(Moment.of(id, zone, zones), RuleDates.lasts(master, zone, zones))
                .in(zone);
    }

    /**
     * The properties that no field of a task holds.
     *
     * @param context the zone of times that have none
     */
    public KeptProperties kept(@Nullable String href, @Nullable String uidKept, ZoneId context) {
        return KeptProperties.of(href, uidKept, RuleDates.listed(master, context, zones), zones);
    }

    /** The same of a task that goes on with what is said of its present date. */
    public KeptProperties keptWith(Component other, @Nullable String href, @Nullable String uidKept, ZoneId context) {
        Component with = master.with(other.without(OF_DATES));
        return KeptProperties.of(href, uidKept, RuleDates.listed(with, context, zones), zones);
    }

    /** The same of a date that is done. */
    public KeptProperties keptOf(Component other, @Nullable String href, @Nullable String uidKept) {
        return KeptProperties.of(href, uidKept, whole(other), zones);
    }

    /** Thunderbird says that a date is done, and moves a task for other reasons. */
    public boolean movesOnlyToMove() {
        return program.contains("Mozilla");
    }
}
