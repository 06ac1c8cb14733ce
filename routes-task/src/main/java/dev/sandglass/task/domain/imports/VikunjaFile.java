package dev.sandglass.task.domain.imports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Priority;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.finding.Folding;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code data.json} of a dump of Vikunja: projects, before them lists in namespaces, with their tasks. */
final class VikunjaFile {
    /** A date that was never set. */
    private static final int NEVER = 1;

    /** Fields that are kept, told, or say nothing of the task itself. */
    private static final Set<String> KNOWN = Set.of(
            "id",
            "title",
            "description",
            "done",
            "done_at",
            "due_date",
            "start_date",
            "end_date",
            "reminders",
            "reminder_dates",
            "project_id",
            "list_id",
            "repeat_after",
            "repeat_mode",
            "repeats",
            "repeats_from_current_date",
            "priority",
            "assignees",
            "labels",
            "percent_done",
            "identifier",
            "index",
            "related_tasks",
            "attachments",
            "comments",
            "comment_count",
            "created",
            "updated",
            "created_by",
            "position",
            "kanban_position",
            "bucket_id",
            "is_favorite",
            "hex_color",
            "subscription",
            "is_unread");

    private static final Set<String> NOTHING = Set.of("", "0", "false", "0001-01-01T00:00:00Z");

    private static final Duration DAY = Duration.ofDays(1);
    private static final Pattern LINE_ENDS =
            Pattern.compile("(?i)<br\\s*/?>|</(p|div|h\\d|li|tr|ul|ol|pre|blockquote)>");
    private static final Pattern TAG = Pattern.compile("</?[A-Za-z][^<>]*>");
    private static final Pattern EMPTY_LINES = Pattern.compile("\n{3,}");

    private final Importer who;
    private final List<ImportEntry> entries = new ArrayList<>();
    private final Map<String, String> titles = new HashMap<>();
    private final Map<String, String> buckets = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();
    /** Projects without tasks, by their names. */
    private final SortedMap<String, OwnFile.ArchivedList> empty = new TreeMap<>();

    private VikunjaFile(Importer who) {
        this.who = who;
    }

    static boolean isOne(JsonNode data) {
        JsonNode first = data.path(0);
        return first.path("title").isTextual()
                && (first.has("tasks")
                        || first.has("lists")
                        || first.has("projects")
                        || first.has("parent_project_id"));
    }

    static ImportFile read(JsonNode data, Importer who) {
        VikunjaFile file = new VikunjaFile(who);
        // Parents may come after their children.
        file.know(data);
        file.projects(data);
        file.entries.forEach(entry -> file.empty.remove(entry.list()));
        return new ImportFile("vikunja", file.entries, file.empty);
    }

    private void know(JsonNode projects) {
        for (JsonNode project : projects) {
            names.put(project.path("id").asText(), project.path("title").asText(""));
            project.path("buckets")
                    .forEach(bucket -> buckets.put(
                            bucket.path("id").asText(), bucket.path("title").asText("")));
            project.path("tasks")
                    .forEach(task -> titles.put(
                            task.path("id").asText(), task.path("title").asText("")));
            inside(project).forEach(this::know);
        }
    }

    private void projects(JsonNode projects) {
        for (JsonNode project : projects) {
            String name = project.path("title").asText("");
            project.path("tasks").forEach(task -> entries.add(task(task, project, name)));
            if (project.path("tasks").isEmpty() && inside(project).stream().allMatch(JsonNode::isEmpty)) {
                boolean inbox = Folding.fold(name).strip().equals(Folding.fold(Head.INBOX));
                empty.put(name, new OwnFile.ArchivedList("", name, inbox, new TreeSet<>(), List.of()));
            }
            inside(project).forEach(this::projects);
        }
    }

    private static List<JsonNode> inside(JsonNode project) {
        return List.of(project.path("lists"), project.path("projects"), project.path("child_projects"));
    }

    private ImportEntry task(JsonNode task, JsonNode project, String name) {
        Item item = new Item(entries.size() + 1)
                .title(task.path("title").asText(""))
                .note(text(task.path("description").asText("")))
                .in(name)
                .known("vikunja\n" + task.path("id").asText() + "\n"
                        + task.path("created").asText());
        task.path("comments").forEach(comment -> item.note(comment(comment)));
        task.path("labels").forEach(label -> item.tag(label.path("title").asText("")));
        item.priority(
                switch (task.path("priority").asInt()) {
                    case 1 -> Priority.LOW;
                    case 2 -> Priority.MEDIUM;
                    case 3 -> Priority.HIGH;
                    case 4, 5 -> Priority.URGENT;
                    case 0 -> null;
                    default -> item.unknownPriority(task.path("priority").asText());
                });
        time(task.path("due_date")).ifPresent(at -> item.due(at, who.zone()));
        recurrence(item, task);
        reminders(item, task);
        if (task.path("done").asBoolean()) {
            item.completed(time(task.path("done_at")), who.now().toInstant());
        }
        task.path("related_tasks").path("parenttask").forEach(parent -> {
            String known = titles.get(parent.path("id").asText());
            item.partOf(known == null ? parent.path("title").asText("") : known);
        });
        JsonNode around = project.path("parent_project_id");
        String parent = around.asLong() == 0 ? "" : names.getOrDefault(around.asText(), "");
        if (!parent.isEmpty()) {
            item.lost("That its project is in “" + Item.quoted(parent) + "” is not kept");
        }
        if (!project.path("description").asText("").isBlank()) {
            item.lost("What its project says of itself is not kept");
        }
        lose(item, task);
        return item.entry();
    }

    /** A comment with who wrote it, and when. */
    private static String comment(JsonNode comment) {
        String said = text(comment.path("comment").asText(""));
        String who = Stream.of(
                        comment.at("/author/username").asText(""),
                        time(comment.path("created")).map(Instant::toString).orElse(""))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
        return who.isEmpty() ? said : who + ": " + said;
    }

    /** Seconds after the date, or, by its mode, months, or from the day it is done; in newer ones a rule. */
    private static void recurrence(Item item, JsonNode task) {
        Duration after = Duration.ofSeconds(task.path("repeat_after").asLong());
        int mode = task.path("repeat_mode").asInt();
        String rule = task.path("repeats").asText("");
        if (!rule.isEmpty() && !rule.equals("null")) {
            item.rule(rule.replaceFirst("(?i)^RRULE:", ""));
            if (task.path("repeats_from_current_date").asBoolean()) {
                item.fromCompletion();
            }
        } else if (mode == 1) {
            item.rule("monthly");
        } else if (after.compareTo(DAY) >= 0 && after.toSeconds() % DAY.toSeconds() == 0) {
            item.rule("FREQ=DAILY;INTERVAL=" + after.toDays());
            if (mode == 2) {
                item.fromCompletion();
            }
        } else if (!after.isZero()) {
            item.lost("That it comes again after " + after.toSeconds() + " seconds is not kept: it takes whole days");
        }
    }

    private static void reminders(Item item, JsonNode task) {
        for (JsonNode reminder : task.path("reminders")) {
            String from = reminder.path("relative_to").asText("");
            if (from.equals("due_date")) {
                // The least there is has no opposite; what is too long is told with the others.
                Duration period = Duration.ofSeconds(
                        Math.max(reminder.path("relative_period").asLong(), -Long.MAX_VALUE));
                item.remind((period.isNegative() ? "-" : "") + period.abs());
            } else {
                time(reminder.path("reminder")).ifPresent(at -> item.remind(at.toString()));
            }
        }
        task.path("reminder_dates").forEach(at -> time(at).ifPresent(known -> item.remind(known.toString())));
    }

    private static boolean saysSomething(JsonNode value) {
        return value.isContainerNode() ? !value.isEmpty() : !value.isNull() && !NOTHING.contains(value.asText());
    }

    private void lose(Item item, JsonNode task) {
        time(task.path("start_date")).ifPresent(at -> item.lost("That it starts at " + at + " is not kept"));
        time(task.path("end_date")).ifPresent(at -> item.lost("That it ends at " + at + " is not kept"));
        if (!task.path("assignees").isEmpty()) {
            item.lost("Who it is for is not kept");
        }
        if (!task.path("attachments").isEmpty()) {
            item.lost("What is attached to it is not kept");
        }
        String bucket = buckets.getOrDefault(task.path("bucket_id").asText(), "");
        if (!bucket.isEmpty()) {
            item.lost("Its bucket “" + Item.quoted(bucket) + "” is not kept");
        }
        if (task.path("is_favorite").asBoolean()) {
            item.lost("That it is a favourite is not kept");
        }
        if (!task.path("hex_color").asText("").isEmpty()) {
            item.lost("Its colour is not kept");
        }
        item.notKept(task.propertyStream()
                .filter(field -> !KNOWN.contains(field.getKey()) && saysSomething(field.getValue()))
                .map(Map.Entry::getKey));
        double done = task.path("percent_done").asDouble();
        if (done > 0 && done < 1) {
            item.lost("How much of it is done is not kept");
        }
        task.path("related_tasks").fieldNames().forEachRemaining(kind -> {
            if (!kind.equals("parenttask") && !kind.equals("subtask")) {
                item.lost("How it hangs together with others (" + Item.quoted(kind) + ") is not kept");
            }
        });
    }

    private static Optional<Instant> time(JsonNode value) {
        try {
            OffsetDateTime at = OffsetDateTime.parse(value.asText(""));
            return at.getYear() <= NEVER ? Optional.empty() : Optional.of(at.toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Its descriptions are HTML. */
    private static String text(String html) {
        if (html.indexOf('<') < 0) {
            return html;
        }
        String lines =
                LINE_ENDS.matcher(html.replaceAll("(?i)<li[^<>]*>", "- ")).replaceAll("\n");
        String plain = TAG.matcher(lines)
                .replaceAll("")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&nbsp;", " ")
                .replace("&amp;", "&");
        return EMPTY_LINES.matcher(plain).replaceAll("\n\n").strip();
    }
}
