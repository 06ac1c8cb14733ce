package dev.sandglass.task.domain.dav;

import dev.sandglass.events.Priority;
import dev.sandglass.task.domain.Invisible;
import dev.sandglass.task.domain.TaskFields;
import dev.sandglass.task.domain.finding.Folding;
import dev.sandglass.time.Nag;
import dev.sandglass.time.ReminderSpec;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A VTODO as far as it says what a task says: the rest of it is kept as it came. What is longer than a task has room for is cut here, and
 * whole in what is kept.
 *
 * @param due null where it is not due
 * @param rule the value of its RRULE; null without one
 * @param completed done, or cancelled: neither is still to be done
 */
public record Todo(
        String title,
        String description,
        Priority priority,
        List<String> tags,
        @Nullable Moment due,
        @Nullable String rule,
        List<String> reminders,
        @Nullable Nag nag,
        boolean completed) {
    /** The line of KDE's programs that says where in its rule a task is. */
    static final String GONE_ON = "X-KDE-LIBKCAL-DTRECURRENCE";

    private static final String NO_TITLE = "Untitled";
    private static final Pattern NO_TAG = Pattern.compile("[\\p{Cc},]");
    private static final Pattern SPACES = Pattern.compile(" +");

    /**
     * @param context the zone of times that have none
     * @param recurs whether it has a rule that is kept elsewhere
     */
    public static Todo of(Component todo, ZoneId context, TodoZones zones, boolean recurs) {
        Moment start = todo.line("DTSTART")
                .map(line -> Moment.of(line, context, zones))
                .orElse(null);
        String rule = todo.value("RRULE");
        if (rule == null && todo.has(RuleDates.ADDED)) {
            rule = RuleDates.FIRST_ALONE;
        }
        Moment due = due(todo, start, context, zones, recurs || rule != null);
        return new Todo(
                title(todo),
                cut(todo.line("DESCRIPTION").map(Line::unescaped).orElse(""), TaskFields.LONGEST_DESCRIPTION),
                priority(todo),
                tags(todo),
                due,
                rule,
                todo.inner("VALARM")
                        .flatMap(alarm -> TodoAlarms.reminder(alarm, due, start).stream())
                        .distinct()
                        .limit(TaskFields.MOST_REMINDERS)
                        .toList(),
                TodoAlarms.nag(todo.inner("VALARM"), due, start),
                completed(todo));
    }

    /** Without DUE, what comes again comes when it begins. */
    private static @Nullable Moment due(
            Component todo, @Nullable Moment start, ZoneId context, TodoZones zones, boolean recurs) {
        Line due = todo.line("DUE").orElse(null);
        String lasts = todo.value("DURATION");
        if (due != null) {
            Moment first = Moment.of(due, context, zones);
            return recurs ? goneOn(todo, first, start, context, zones) : first;
        }
        if (start == null || lasts == null) {
            return recurs ? start : null;
        }
        try {
            if (ReminderSpec.parse(lasts) instanceof ReminderSpec.Relative relative
                    && relative.days().toTotalMonths() == 0) {
                return start.later(Duration.ofDays(relative.days().getDays()).plus(relative.hours()));
            }
        } catch (DateTimeException | IllegalArgumentException e) {
            throw DavRefused.data("DURATION is none");
        }
        throw DavRefused.data("DURATION is none");
    }

    /** KDE's programs leave a series where it began, and say beside to which beginning it has gone on: DTSTART's, where there is one. */
    private static Moment goneOn(Component todo, Moment due, @Nullable Moment start, ZoneId context, TodoZones zones) {
        Moment first = start != null && start.isLike(due) ? new Moment(start.in(due.zone()), due.zone()) : due;
        return todo.line(GONE_ON)
                .map(line -> Moment.of(line, context, zones))
                .filter(there -> there.isLike(first))
                .map(there -> Moment.between(first.due(), there.in(due.zone())))
                .filter(on -> !on.isNegative())
                .map(due::later)
                .orElse(due);
    }

    private static String title(Component todo) {
        String said = todo.line("SUMMARY").map(Line::unescaped).orElse("");
        String title = cut(said.replace('\n', ' ').replace('\t', ' ').strip(), TaskFields.LONGEST_TITLE);
        try {
            return Invisible.refuse(title);
        } catch (IllegalArgumentException e) {
            return NO_TITLE;
        }
    }

    private static String cut(String text, int most) {
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most));
    }

    /** RFC 5545 has nine numbers, and programs mostly three: 1, 5, 9. */
    private static Priority priority(Component todo) {
        String said = todo.value("PRIORITY");
        return switch (said == null ? "0" : said) {
            case "1" -> Priority.URGENT;
            case "2", "3", "4" -> Priority.HIGH;
            case "6", "7", "8", "9" -> Priority.LOW;
            default -> Priority.MEDIUM;
        };
    }

    /** The number of a priority where nobody has said another. */
    public static String number(Priority priority) {
        return switch (priority) {
            case URGENT -> "1";
            case HIGH -> "3";
            case MEDIUM -> "5";
            case LOW -> "7";
        };
    }

    /** The tags of a task; tags that finding does not tell apart are one. */
    private static List<String> tags(Component todo) {
        Map<String, String> tags = new LinkedHashMap<>();
        todo.lines("CATEGORIES")
                .flatMap(line -> line.listed().stream())
                .flatMap(text -> tag(text).stream())
                .forEach(tag -> tags.putIfAbsent(Folding.fold(tag), tag));
        return tags.values().stream().limit(TaskFields.MOST_TAGS).toList();
    }

    /** The tag that a category is: a space is where a tag has no such character. Empty where it is none. */
    static Optional<String> tag(String category) {
        String allowed = NO_TAG.matcher(category).replaceAll(" ");
        String tag =
                (allowed.equals(category) ? category : SPACES.matcher(allowed).replaceAll(" ")).strip();
        try {
            return Optional.of(Invisible.refuse(tag))
                    .filter(its -> its.codePointCount(0, its.length()) <= TaskFields.LONGEST_TAG);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static boolean completed(Component todo) {
        String status = todo.value("STATUS");
        return status == null
                ? todo.has("COMPLETED")
                : status.equalsIgnoreCase("COMPLETED") || status.equalsIgnoreCase("CANCELLED");
    }

    /** Tells if two rules are written of the same parts. */
    public static boolean sameRule(@Nullable String one, @Nullable String other) {
        return one == null || other == null
                ? one == null && other == null
                : parts(one).equals(parts(other));
    }

    /** The same where one may count further: programs count down as they go on. */
    public static boolean sameRuleGoingOn(@Nullable String one, @Nullable String other) {
        return one == null || other == null
                ? one == null && other == null
                : uncounted(one).equals(uncounted(other));
    }

    private static List<String> uncounted(String rule) {
        return parts(rule).stream().filter(part -> !part.startsWith("COUNT=")).toList();
    }

    private static List<String> parts(String rule) {
        return Arrays.stream(rule.toUpperCase(Locale.ROOT).split(";"))
                // INTERVAL=1 is the default: a rule means the same without it.
                .filter(part -> !part.isEmpty() && !part.equals("INTERVAL=1"))
                .sorted()
                .toList();
    }
}
