package dev.sandglass.task.domain.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Priority;
import dev.sandglass.events.Task;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.domain.Ids;
import dev.sandglass.task.domain.TaskFields;
import dev.sandglass.task.domain.dav.KeptProperties;
import dev.sandglass.time.Due;
import dev.sandglass.time.Recurrence;
import dev.sandglass.time.ReminderSpec;
import dev.sandglass.time.Workdays;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A list of our own export: {@code {"sandglass":1,"list":{…},"daysOff":[…],"tasks":[…]}}. */
public final class OwnFile {
    /** How an export names itself, and its version. */
    public static final String MARK = "sandglass";

    public static final int VERSION = 1;
    /** A task of it has this beside its own fields: {@code {"anchor","slot"}}. */
    public static final String PLACE = "place";

    /** And this: {@code {"uid","lines"}}, what programs of CalDAV said of it that no field of a task holds. */
    public static final String CALDAV = "caldav";

    /** A version beyond it is none of ours, and leaves no room for more. */
    private static final int MOST_CHANGES = 1_000_000_000;

    private static final Pattern COUNT = Pattern.compile("(?i)COUNT=\\+?(\\d{1,9})");

    /**
     * A list, and the settings that go with it where it is made.
     *
     * @param id empty where it has none that was made here
     */
    public record ArchivedList(
            String id, String name, boolean inbox, SortedSet<LocalDate> daysOff, List<String> reminders) {}

    private OwnFile() {}

    static boolean isOne(JsonNode data) {
        return data.path(MARK).asInt() == VERSION && data.path("tasks").isArray();
    }

    /** @param list its key */
    static List<ImportEntry> read(JsonNode data, String list) {
        List<ImportEntry> entries = new ArrayList<>();
        int number = 0;
        for (JsonNode given : data.path("tasks")) {
            Item item = new Item(++number).within(list).ours(given.path("id").asText());
            try {
                KeptProperties kept = kept(item, given.path(CALDAV));
                item.kept(kept).uid(kept == null ? null : kept.uid());
                task(item, Json.read(whole(given), Task.class), given.path(PLACE));
            } catch (IllegalArgumentException e) {
                item.title(given.path("title").asText("")).wrong("It is not as the export has tasks");
            }
            entries.add(item.entry());
        }
        return entries;
    }

    private static @Nullable KeptProperties kept(Item item, JsonNode given) {
        try {
            return given.isMissingNode()
                    ? null
                    : KeptProperties.read(
                            given.path("uid").textValue(), given.path("lines").asText());
        } catch (Rejection wrong) {
            item.lost("What programs of CalDAV said of it beside is not kept: it is not as the export has it");
            return null;
        }
    }

    static ArchivedList listed(JsonNode data) {
        JsonNode list = data.path("list");
        String id = list.path("id").asText();
        return new ArchivedList(
                Ids.isId(id) ? id : "",
                Item.letters(list.path("name").asText(), false),
                list.path("inbox").asBoolean(),
                daysOff(data),
                reminders(list.path("reminders")));
    }

    private static SortedSet<LocalDate> daysOff(JsonNode data) {
        SortedSet<LocalDate> days = new TreeSet<>();
        for (JsonNode day : data.path("daysOff")) {
            try {
                days.add(LocalDate.parse(day.asText()));
            } catch (DateTimeException e) {
                // It is no day, so it is no day off.
            }
        }
        return days;
    }

    private static List<String> reminders(JsonNode data) {
        return data.valueStream()
                .map(JsonNode::asText)
                .filter(OwnFile::isReminder)
                .limit(TaskFields.MOST_REMINDERS)
                .toList();
    }

    /** Tells if a list may have it. */
    private static boolean isReminder(String text) {
        try {
            return text.length() <= TaskFields.LONGEST_REMINDER
                    && ReminderSpec.parse(text).needsDue();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static JsonNode whole(JsonNode given) {
        if (given instanceof ObjectNode task) {
            return task;
        }
        throw new IllegalArgumentException("no object");
    }

    private static void task(Item item, Task task, JsonNode place) {
        item.texts(task.title(), task.description(), task.tags())
                .priority(task.priority() == Priority.MEDIUM ? null : task.priority());
        if (task.due() == null) {
            item.zone(task.timeZone());
        } else {
            item.due(task.due(), task.timeZone());
        }
        if (task.recurrence() != null) {
            rule(item, task, task.recurrence(), place);
            if (task.workdays() != null && task.workdays() != Workdays.AS_IS) {
                item.workdays(Json.tree(task.workdays()).asText());
            }
        }
        if (task.recurFrom() == Recurrence.From.COMPLETION) {
            item.fromCompletion();
        }
        task.reminders().forEach(item::remind);
        item.nag(task.nag());
        if (task.completedAt() != null) {
            item.completed(task.completedAt());
        }
    }

    /** An archive of before has no places: there the rule begins anew, and COUNT counts on. */
    private static void rule(Item item, Task task, String rule, JsonNode place) {
        RulePlace there = place(task, rule, place, item.added(task.timeZone()));
        item.rule(there == null ? rest(rule, task.occurrence()) : rule).place(there);
        if (there == null && !place.isMissingNode()) {
            item.lost("Its rule begins anew: it does not have the place that is told");
        }
    }

    /** Null where the rule has no such place. */
    private static @Nullable RulePlace place(Task task, String rule, JsonNode place, Set<LocalDate> added) {
        try {
            Due anchor = Json.read(place.path("anchor"), Due.class);
            Due slot = Json.read(place.path("slot"), Due.class);
            Integer begun = Json.read(place.path("begun"), Integer.class);
            boolean has = task.due() != null
                    && anchor != null
                    && slot != null
                    && task.occurrence() >= 1
                    && (begun == null || begun >= 1 && begun <= task.occurrence())
                    && (added.contains(slot.date())
                            || Recurrence.parse(rule)
                                    .has(
                                            new Recurrence.Series(
                                                    anchor,
                                                    slot,
                                                    task.timeZone(),
                                                    RulePlace.ofRule(task.occurrence(), begun)),
                                            task.recurFrom()));
            LocalDate placed = Json.read(place.path("placed"), LocalDate.class);
            Integer version = task.version() >= 1 && task.version() <= MOST_CHANGES ? task.version() : null;
            return has ? new RulePlace(anchor, slot, task.occurrence(), placed, begun, task.series(), version) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** COUNT counts on. */
    private static String rest(String rule, int occurrence) {
        return COUNT.matcher(rule)
                .replaceFirst((MatchResult count) ->
                        "COUNT=" + Math.max(1, Integer.parseInt(count.group(1)) - occurrence + 1));
    }
}
