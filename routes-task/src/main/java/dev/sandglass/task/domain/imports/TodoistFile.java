package dev.sandglass.task.domain.imports;

import dev.sandglass.events.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A project of Todoist, as its backup and its templates have it (CSV). Completed tasks are not in it. */
final class TodoistFile {
    static final List<String> COLUMNS = List.of("type", "content", "priority", "indent");

    private static final int DEEPEST = 10;
    private static final Pattern LABEL = Pattern.compile("(?<=^|\\s)@([^\\s@]+)(?=\\s|$)");

    private TodoistFile() {}

    /** @param project null where the file's name does not say */
    static List<ImportEntry> read(Table table, @Nullable String project, Importer who) {
        List<Item> items = new ArrayList<>();
        // The titles of the tasks around the present one.
        List<String> path = new ArrayList<>();
        FileIds ids = new FileIds();
        String section = "";
        for (Table.Row row : table.rows()) {
            switch (row.get("type").toLowerCase(Locale.ROOT)) {
                case "section" -> section = row.get("content");
                case "note" -> {
                    if (!items.isEmpty()) {
                        items.get(items.size() - 1).note(row.get("content"));
                    }
                }
                case "task" -> {
                    Item item = task(row, who);
                    int indent = indent(row);
                    while (path.size() >= indent) {
                        path.remove(path.size() - 1);
                    }
                    if (!path.isEmpty()) {
                        item.partOf(path.get(path.size() - 1));
                    }
                    item.tag(section)
                            .in(project)
                            .known(ids.of("todoist", String.valueOf(project), String.join("\t", path), item.title()));
                    path.add(item.title());
                    items.add(item);
                }
                default -> {
                    // Empty rows, and those about how it looks.
                }
            }
        }
        return items.stream().map(Item::entry).toList();
    }

    private static int indent(Table.Row row) {
        String indent = row.get("indent");
        return indent.matches("\\d{1,3}") ? Math.max(1, Math.min(DEEPEST, Integer.parseInt(indent))) : 1;
    }

    private static Item task(Table.Row row, Importer who) {
        Item item = new Item(row.line());
        Matcher labels = LABEL.matcher(row.get("content"));
        String title = labels.replaceAll("").replaceAll("\\s+", " ").strip();
        if (title.isEmpty()) {
            item.title(row.get("content"));
        } else {
            item.title(title);
            labels.reset().results().forEach(label -> item.tag(label.group(1)));
        }
        item.note(row.get("description"));
        // In its API 4 is the highest; here, as in its page, 1 is.
        item.priority(
                switch (row.get("priority")) {
                    case "1" -> Priority.URGENT;
                    case "2" -> Priority.HIGH;
                    case "3" -> Priority.MEDIUM;
                    case "4" -> Priority.LOW;
                    default -> null;
                });
        DateWords.put(
                item,
                row.get("date"),
                row.get("date_lang"),
                SourceZones.of(row.get("timezone"), item, who.zone()),
                who);
        if (!row.get("deadline").isEmpty()) {
            item.note("Deadline: " + row.get("deadline")).lost("Its deadline is in the description");
        }
        if (!row.get("duration").isEmpty()) {
            item.lost("How long it takes (" + Item.quoted(row.get("duration") + " " + row.get("duration_unit"))
                    + ") is not kept");
        }
        if (!row.get("responsible").isEmpty()) {
            item.lost("That it is for " + Item.quoted(row.get("responsible")) + " is not kept");
        }
        return item;
    }
}
