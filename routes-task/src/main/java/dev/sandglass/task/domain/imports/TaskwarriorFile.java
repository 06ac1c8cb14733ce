package dev.sandglass.task.domain.imports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Priority;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.time.Due;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The output of {@code task export} (JSON): an array, or a task on each line. */
final class TaskwarriorFile {
    private static final DateTimeFormatter BASIC = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT);
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT);
    private static final Pattern EVERY = Pattern.compile("(\\d{1,4})?\\s*([a-z]+)");
    private static final Pattern ISO = Pattern.compile("P(\\d{1,4})([DWMY])");

    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("daily", "daily"),
            Map.entry("weekdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
            Map.entry("weekly", "weekly"),
            Map.entry("sennight", "weekly"),
            Map.entry("biweekly", "FREQ=WEEKLY;INTERVAL=2"),
            Map.entry("fortnight", "FREQ=WEEKLY;INTERVAL=2"),
            Map.entry("monthly", "monthly"),
            Map.entry("bimonthly", "FREQ=MONTHLY;INTERVAL=2;SKIP=BACKWARD"),
            Map.entry("quarterly", "FREQ=MONTHLY;INTERVAL=3;SKIP=BACKWARD"),
            Map.entry("semiannual", "FREQ=MONTHLY;INTERVAL=6;SKIP=BACKWARD"),
            Map.entry("annual", "yearly"),
            Map.entry("yearly", "yearly"),
            Map.entry("biannual", "FREQ=YEARLY;INTERVAL=2;SKIP=BACKWARD"),
            Map.entry("biyearly", "FREQ=YEARLY;INTERVAL=2;SKIP=BACKWARD"));

    private static final Set<String> KNOWN = Set.of(
            "uuid",
            "id",
            "description",
            "status",
            "entry",
            "modified",
            "end",
            "due",
            "until",
            "project",
            "priority",
            "tags",
            "recur",
            "rtype",
            "parent",
            "mask",
            "imask",
            "annotations",
            "urgency",
            "depends",
            "wait",
            "scheduled",
            "start",
            "template",
            "last");

    /** A task and its line. */
    private record Told(int line, JsonNode task) {
        String text(String field) {
            return task.path(field).asText("");
        }

        Optional<Instant> time(String field) {
            return instant(text(field));
        }

        boolean is(String status) {
            return text("status").equals(status);
        }

        boolean isOpen() {
            return is("pending") || is("waiting") || text("status").isEmpty();
        }
    }

    private final Importer who;

    private TaskwarriorFile(Importer who) {
        this.who = who;
    }

    static boolean isOne(JsonNode task) {
        return task.path("description").isTextual()
                && (task.path("uuid").isTextual()
                        || task.path("status").isTextual()
                        || task.path("entry").isTextual());
    }

    /** @param tasks an array */
    static List<ImportEntry> read(JsonNode tasks, Importer who) {
        List<Told> told = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            told.add(new Told(i + 1, tasks.get(i)));
        }
        return new TaskwarriorFile(who).read(told);
    }

    /**
     * A task on each line, as older versions write them also with a comma behind.
     *
     * @throws Rejection INVALID where a line is no task
     */
    static List<ImportEntry> readLines(String text, Importer who) {
        List<Told> told = new ArrayList<>();
        String[] lines = text.split("\n");
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip().replaceFirst(",$", "");
            if (!line.isEmpty()) {
                JsonNode task = Trees.read(line, i + 1);
                if (!isOne(task)) {
                    throw Rejection.wrong("", "line " + (i + 1) + ": this is no task of Taskwarrior");
                }
                told.add(new Told(i + 1, task));
            }
        }
        return new TaskwarriorFile(who).read(told);
    }

    /** Reads the tasks. A series is there as a template and its dates: the first open date gets the rule, and is the task. */
    private List<ImportEntry> read(List<Told> all) {
        Map<String, Told> first = new HashMap<>();
        all.stream()
                .filter(one -> one.isOpen() && !one.text("parent").isEmpty())
                .forEach(one -> first.merge(one.text("parent"), one, TaskwarriorFile::earlier));
        List<ImportEntry> entries = new ArrayList<>();
        for (Told one : all) {
            String parent = one.text("parent");
            if (one.is("deleted") || one.is("recurring") && first.containsKey(one.text("uuid"))) {
                continue;
            }
            boolean recurs = one.is("recurring") || one.equals(first.get(parent));
            if (recurs || parent.isEmpty() || !one.isOpen()) {
                entries.add(task(one, recurs, recurs && !parent.isEmpty() ? parent : one.text("uuid")));
            }
        }
        return entries;
    }

    private static Told earlier(Told one, Told other) {
        Comparator<Told> byDue = Comparator.comparing(told -> told.time("due").orElse(Instant.MAX));
        return byDue.compare(other, one) < 0 ? other : one;
    }

    private ImportEntry task(Told told, boolean recurs, String uuid) {
        Item item = new Item(told.line)
                .title(told.text("description"))
                .known(uuid.isEmpty() ? "taskwarrior\n" + told.text("entry") + told.text("description") : uuid)
                .in(told.text("project"));
        told.task
                .path("annotations")
                .forEach(annotation ->
                        item.note(instant(annotation.path("entry").asText(""))
                                        .map(at -> LocalDateTime.ofInstant(at, who.zone())
                                                        .toLocalDate() + ": ")
                                        .orElse("")
                                + annotation.path("description").asText("")));
        told.task.path("tags").forEach(tag -> item.tag(tag.asText("")));
        item.priority(
                switch (told.text("priority")) {
                    case "H" -> Priority.HIGH;
                    case "M" -> Priority.MEDIUM;
                    case "L" -> Priority.LOW;
                    case "" -> null;
                    default -> item.unknownPriority(told.text("priority"));
                });
        told.time("due").ifPresentOrElse(at -> due(item, at), () -> notRead(item, "Its date", told.text("due")));
        if (recurs) {
            item.rule(rule(told));
        } else if (!told.text("recur").isEmpty() && told.isOpen()) {
            item.lost("That it comes again (" + Item.quoted(told.text("recur")) + ") is not kept");
        }
        if (told.is("completed")) {
            Optional<Instant> end = told.time("end");
            if (end.isEmpty()) {
                notRead(item, "When it was done", told.text("end"));
            }
            item.completed(end, who.now().toInstant());
        }
        lose(item, told);
        return item.entry();
    }

    private static void notRead(Item item, String what, String text) {
        if (!text.isEmpty()) {
            item.lost(what + " (“" + Item.quoted(text) + "”) is not kept: it is no date, or " + Item.YEARS);
        }
    }

    /** It keeps the midnight of a day as an instant: a day of yours is a whole one. */
    private void due(Item item, Instant at) {
        Due due = item.due(at, who.zone()).due();
        if (due != null && LocalTime.MIDNIGHT.equals(due.time())) {
            item.due(new Due(due.date(), null), who.zone());
        }
    }

    private @Nullable String rule(Told told) {
        String recur = told.text("recur").toLowerCase(Locale.ROOT);
        String rule = rule(recur).orElse(recur.isEmpty() ? null : recur);
        Optional<Instant> until = told.time("until");
        return rule == null || until.isEmpty()
                ? rule
                : full(rule) + ";UNTIL=" + DATE.format(until.get().atZone(who.zone()));
    }

    private static String full(String rule) {
        return switch (rule) {
            case "daily", "weekly" -> "FREQ=" + rule.toUpperCase(Locale.ROOT);
            case "monthly", "yearly" -> "FREQ=" + rule.toUpperCase(Locale.ROOT) + ";SKIP=BACKWARD";
            default -> rule;
        };
    }

    private static Optional<String> rule(String recur) {
        if (WORDS.containsKey(recur)) {
            return Optional.ofNullable(WORDS.get(recur));
        }
        Matcher iso = ISO.matcher(recur.toUpperCase(Locale.ROOT));
        if (iso.matches()) {
            return every(iso.group(1), iso.group(2).toLowerCase(Locale.ROOT));
        }
        Matcher every = EVERY.matcher(recur);
        return every.matches()
                ? every(every.group(1) == null ? "1" : every.group(1), every.group(2))
                : Optional.empty();
    }

    private static Optional<String> every(String count, String unit) {
        int n = Integer.parseInt(count);
        return switch (unit) {
            case "d", "day", "days" -> Optional.of("FREQ=DAILY;INTERVAL=" + n);
            case "w", "wk", "wks", "week", "weeks" -> Optional.of("FREQ=WEEKLY;INTERVAL=" + n);
            case "m", "mo", "mos", "mth", "mths", "mnths", "month", "months" ->
                Optional.of("FREQ=MONTHLY;INTERVAL=" + n + ";SKIP=BACKWARD");
            case "q", "qtr", "qtrs", "qrtr", "qrtrs", "quarter", "quarters" ->
                Optional.of("FREQ=MONTHLY;INTERVAL=" + 3 * n + ";SKIP=BACKWARD");
            case "y", "yr", "yrs", "year", "years" -> Optional.of("FREQ=YEARLY;INTERVAL=" + n + ";SKIP=BACKWARD");
            default -> Optional.empty();
        };
    }

    private static void lose(Item item, Told told) {
        Map.of(
                        "wait", "That it waits until %s is not kept: it is seen at once",
                        "scheduled", "That it is scheduled for %s is not kept",
                        "start", "That it was started at %s is not kept")
                .forEach((field, sentence) -> {
                    if (!told.text(field).isEmpty()) {
                        item.lost(String.format(Locale.ROOT, sentence, Item.quoted(told.text(field))));
                    }
                });
        if (!told.text("until").isEmpty() && told.text("recur").isEmpty()) {
            item.lost("That it goes away at " + Item.quoted(told.text("until")) + " is not kept");
        }
        if (!told.task.path("depends").isMissingNode()) {
            item.lost("That it depends on others is not kept");
        }
        Set<String> others = new TreeSet<>();
        told.task.fieldNames().forEachRemaining(others::add);
        others.removeAll(KNOWN);
        if (!others.isEmpty()) {
            item.lost("Not kept: " + Item.quoted(String.join(", ", others)));
        }
    }

    private static Optional<Instant> instant(String text) {
        try {
            if (text.isEmpty()) {
                return Optional.empty();
            }
            Instant at = text.indexOf('-') > 0
                    ? Instant.parse(text)
                    : LocalDateTime.parse(text, BASIC).toInstant(ZoneOffset.UTC);
            return Optional.of(at).filter(Item::isInYears);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
