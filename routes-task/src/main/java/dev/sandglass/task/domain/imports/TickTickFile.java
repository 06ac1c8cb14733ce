package dev.sandglass.task.domain.imports;

import dev.sandglass.events.Priority;
import dev.sandglass.time.Due;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A backup of TickTick (CSV). */
final class TickTickFile {
    static final List<String> COLUMNS = List.of("list name", "title", "due date", "status");

    /** Columns that are kept, told, or say nothing of the task itself. */
    private static final Set<String> KNOWN = Set.of(
            "folder name",
            "list name",
            "title",
            "kind",
            "tags",
            "content",
            "is check list",
            "start date",
            "due date",
            "reminder",
            "repeat",
            "priority",
            "status",
            "created time",
            "completed time",
            "order",
            "timezone",
            "is all day",
            "is floating",
            "column name",
            "column order",
            "view mode",
            "taskid",
            "parentid",
            "projectkind",
            "");

    private static final DateTimeFormatter INSTANT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssXX", Locale.ROOT);
    private static final Pattern OFFSET = Pattern.compile(".*([+-]\\d{4}|Z)");
    private static final Pattern RULE = Pattern.compile("(?i)RRULE:");

    private TickTickFile() {}

    static List<ImportEntry> read(Table table, Importer who) {
        Map<String, String> titles = new HashMap<>();
        // Parents may come after their children.
        table.rows().forEach(row -> titles.put(row.get("taskid"), row.get("title")));
        FileIds ids = new FileIds();
        List<ImportEntry> entries = new ArrayList<>();
        for (Table.Row row : table.rows()) {
            if (row.get("title").isEmpty() && row.get("content").isEmpty()) {
                continue;
            }
            Item item = task(row, who);
            String parent = row.get("parentid");
            if (!parent.isEmpty() && titles.containsKey(parent)) {
                item.partOf(String.valueOf(titles.get(parent)));
            }
            // Its ids are numbers within the file.
            item.known(ids.of("ticktick", row.get("created time"), item.title()));
            entries.add(item.entry());
        }
        return entries;
    }

    private static Item task(Table.Row row, Importer who) {
        Item item = new Item(row.line())
                .title(row.get("title"))
                .note(row.get("content"))
                .in(row.get("list name"));
        for (String tag : row.get("tags").split(",")) {
            item.tag(tag);
        }
        item.priority(
                switch (row.get("priority")) {
                    case "1" -> Priority.LOW;
                    case "3" -> Priority.MEDIUM;
                    case "5" -> Priority.HIGH;
                    case "", "0" -> null;
                    default -> item.unknownPriority(row.get("priority"));
                });
        if (!row.get("folder name").isEmpty()) {
            item.lost("Its folder “" + Item.quoted(row.get("folder name")) + "” is not kept");
        }
        if (!row.get("column name").isEmpty()) {
            item.lost("Its column “" + Item.quoted(row.get("column name")) + "” is not kept");
        }
        if (row.get("kind").equalsIgnoreCase("NOTE")) {
            item.lost("It was a note: it is a task now");
        }
        if (row.get("kind").equalsIgnoreCase("CHECKLIST") || isTrue(row.get("is check list"))) {
            item.lost("Its check list is lines of the description");
        }
        item.notKept(row.cells().keySet().stream()
                .filter(column -> !KNOWN.contains(column) && !row.get(column).isEmpty()));
        due(item, row, who);
        status(item, row, who);
        return item;
    }

    private static void due(Item item, Table.Row row, Importer who) {
        ZoneId zone = SourceZones.of(row.get("timezone"), item, who.zone());
        String start = row.get("start date");
        String end = row.get("due date");
        String when = end.isEmpty() ? start : end;
        if (when.isEmpty()) {
            return;
        }
        Optional<LocalDateTime> local = local(when, zone);
        if (local.isEmpty()) {
            item.lost("Its date “" + Item.quoted(when) + "” is not kept: it cannot be read");
            return;
        }
        boolean allDay = isTrue(row.get("is all day")) || when.length() == "2027-01-31".length();
        try {
            // An all-day date comes as midnight in its own zone; a floating date is the same by every clock.
            item.due(
                    new Due(
                            local.get().toLocalDate(),
                            allDay ? null : local.get().toLocalTime()),
                    isTrue(row.get("is floating")) ? who.zone() : zone);
        } catch (IllegalArgumentException e) {
            item.lost("Its date “" + Item.quoted(when) + "” is not kept: " + Item.YEARS);
        }
        if (!start.isEmpty() && !end.isEmpty() && !start.equals(end)) {
            item.lost("That it starts at " + Item.quoted(start) + " is not kept");
        }
        String[] rules = row.get("repeat").split("[\r\n]+");
        if (!rules[0].isBlank()) {
            item.rule(RULE.matcher(rules[0].strip()).replaceFirst(""));
        }
        if (rules.length > 1) {
            item.lost("It comes again by several rules: only the first is kept");
        }
        for (String reminder : row.get("reminder").split("[,\r\n]+")) {
            if (!reminder.isBlank()) {
                item.remind(reminder.strip().replaceFirst("(?i)^TRIGGER:", ""));
            }
        }
    }

    /** 0 is open, -1 was given up; what 1 and 2 are changed with its versions, and both are over. */
    private static void status(Item item, Table.Row row, Importer who) {
        String status = row.get("status");
        if (status.isEmpty() || status.equals("0")) {
            return;
        }
        if (status.equals("-1")) {
            item.lost("It was given up: it is kept as completed");
        }
        item.completed(instant(row.get("completed time")), who.now().toInstant());
    }

    private static Optional<LocalDateTime> local(String text, ZoneId zone) {
        try {
            if (text.length() == "2027-01-31".length()) {
                return Optional.of(LocalDate.parse(text).atStartOfDay());
            }
            if (!OFFSET.matcher(text).matches()) {
                return Optional.of(LocalDateTime.parse(text.replace(' ', 'T')).truncatedTo(ChronoUnit.SECONDS));
            }
            return instant(text).map(at -> LocalDateTime.ofInstant(at, zone));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(
                    OffsetDateTime.parse(text.replace(' ', 'T'), INSTANT).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static boolean isTrue(String cell) {
        return cell.equalsIgnoreCase("true") || cell.equals("1") || cell.equalsIgnoreCase("y");
    }
}
