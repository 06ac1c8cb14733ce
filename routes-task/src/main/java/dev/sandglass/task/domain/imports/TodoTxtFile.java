package dev.sandglass.task.domain.imports;

import dev.sandglass.events.Priority;
import dev.sandglass.time.Due;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A file in the format todo.txt: a task on each line, with {@code due:}, {@code rec:}, {@code t:} and {@code pri:} as most programs write them. */
final class TodoTxtFile {
    private static final String DAY = "\\d{4}-\\d{2}-\\d{2}";
    private static final String RANK = "(?:\\(([A-Z])\\) )?";
    private static final Pattern DONE = Pattern.compile("x " + RANK + "(?:(" + DAY + ") )?(?:(" + DAY + ") )?(.*)");
    private static final Pattern OPEN = Pattern.compile(RANK + "(?:(" + DAY + ") )?(.*)");
    private static final Pattern RECURS = Pattern.compile("(\\+?)(\\d{1,3})?([dwmyb])");
    private static final Pattern LETTER = Pattern.compile("[A-Z]");

    private TodoTxtFile() {}

    static List<ImportEntry> read(String text, Importer who) {
        List<ImportEntry> entries = new ArrayList<>();
        FileIds ids = new FileIds();
        String[] lines = text.split("\n");
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (!line.isEmpty()) {
                Item item = task(new Item(i + 1), line, who);
                entries.add(item.known(ids.of("todo.txt", item.title())).entry());
            }
        }
        return entries;
    }

    private static Item task(Item item, String line, Importer who) {
        Matcher done = DONE.matcher(line);
        if (done.matches()) {
            rank(item, done.group(1));
            words(item, done.group(4), who);
            LocalDate day = day(done.group(2) == null ? "" : done.group(2));
            return item.completed(
                    Optional.ofNullable(day)
                            .map(it -> it.atStartOfDay(who.zone()).toInstant()),
                    who.now().toInstant());
        }
        Matcher open = OPEN.matcher(line);
        if (open.matches()) {
            rank(item, open.group(1));
            words(item, open.group(3), who);
        }
        return item;
    }

    private static void rank(Item item, @Nullable String letter) {
        if (letter != null) {
            item.priority(priority(letter));
        }
    }

    private static void words(Item item, String text, Importer who) {
        List<String> title = new ArrayList<>();
        String recurs = "";
        for (String word : text.strip().split("\\s+")) {
            String[] pair = word.split(":", 2);
            String value = pair.length == 2 ? pair[1] : "";
            LocalDate day = day(value);
            if (word.length() > 1 && (word.startsWith("@") || word.startsWith("+"))) {
                item.tag(word.substring(1));
            } else if (pair[0].equals("due") && day != null) {
                item.due(new Due(day, null), who.zone());
            } else if (pair[0].equals("t") && day != null) {
                item.lost("That it is hidden until " + day + " is not kept: it is seen at once");
            } else if (pair[0].equals("pri") && LETTER.matcher(value).matches()) {
                item.priority(priority(value));
            } else if (pair[0].equals("rec") && RECURS.matcher(value).matches()) {
                recurs = value;
            } else {
                title.add(word);
            }
        }
        String words = String.join(" ", title);
        item.title(words.isEmpty() ? text : words);
        if (!recurs.isEmpty()) {
            rule(item, recurs);
        }
    }

    /** With a plus it counts from the date that it was due, without one from the day it is done. */
    private static void rule(Item item, String recurs) {
        Matcher parts = RECURS.matcher(recurs);
        if (!parts.matches()) {
            return;
        }
        int n = parts.group(2) == null ? 1 : Integer.parseInt(parts.group(2));
        switch (parts.group(3)) {
            case "d" -> item.rule("FREQ=DAILY;INTERVAL=" + n);
            case "w" -> item.rule("FREQ=WEEKLY;INTERVAL=" + n);
            case "m" -> item.rule("FREQ=MONTHLY;INTERVAL=" + n + ";SKIP=BACKWARD");
            case "y" -> item.rule("FREQ=YEARLY;INTERVAL=" + n + ";SKIP=BACKWARD");
            default -> {
                if (n > 1) {
                    item.lost(
                            "It does not come again as it did there (“" + recurs + "”): working days are not counted");
                    return;
                }
                item.rule("daily").workdays("skip");
            }
        }
        if (parts.group(1).isEmpty()) {
            item.fromCompletion();
        }
    }

    private static Priority priority(String letter) {
        return switch (letter) {
            case "A" -> Priority.URGENT;
            case "B" -> Priority.HIGH;
            case "C" -> Priority.MEDIUM;
            default -> Priority.LOW;
        };
    }

    private static @Nullable LocalDate day(String text) {
        try {
            LocalDate day = text.matches(DAY) ? LocalDate.parse(text) : null;
            return day == null || day.getYear() < 1 ? null : day;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
