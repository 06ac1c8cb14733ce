package dev.sandglass.task.domain.imports;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Priority;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.TaskFields;
import dev.sandglass.task.domain.dav.KeptProperties;
import dev.sandglass.task.domain.dav.Sent;
import dev.sandglass.task.domain.finding.Folding;
import dev.sandglass.time.Due;
import dev.sandglass.time.Nag;
import dev.sandglass.time.Recurrence;
import dev.sandglass.time.ReminderSpec;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An entry in the making. What it is given is brought within the limits of a task; what these cut off is told. */
final class Item {
    /** Sentences on what is not kept. */
    private static final int MOST_LOST = 50;

    /** Characters of a text that a sentence quotes. */
    private static final int LONGEST_QUOTE = 100;

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");
    /** The reason why a date is not kept. */
    static final String YEARS = "a date is in the years 0001 to 9999";

    /** Fields that come of a date in words. */
    private static final List<String> OF_WORDS =
            List.of("due", "timeZone", "recurrence", "recurFrom", "workdays", "reminders");

    private final int line;
    private final List<String> notes = new ArrayList<>();
    private final Map<String, String> tags = new LinkedHashMap<>();
    private final List<String> reminders = new ArrayList<>();
    private final List<String> lost = new ArrayList<>();
    private final ObjectNode becomes = Json.object();
    private String title = "";
    private String source = "";
    private @Nullable String list;
    private @Nullable Priority priority;
    private @Nullable Due due;
    private @Nullable ZoneId zone;
    private @Nullable String rule;
    private boolean fromCompletion;
    private @Nullable String workdays;
    private @Nullable Nag nag;
    private @Nullable Instant completedAt;
    private boolean undated;
    private @Nullable String words;
    private @Nullable RulePlace place;
    private @Nullable KeptProperties kept;
    private @Nullable String uid;
    private @Nullable String task;
    private @Nullable String error;

    Item(int line) {
        this.line = line;
    }

    // ---------------------------------------------------------------- What it says

    Item title(String text) {
        title = clean(text, false);
        return this;
    }

    String title() {
        return title;
    }

    /** Its texts as a task has them, to the letter. */
    Item texts(String ofTitle, String ofDescription, List<String> itsTags) {
        title = letters(ofTitle, false);
        String description = letters(ofDescription, true);
        if (!description.isEmpty()) {
            notes.add(description);
        }
        for (String one : itsTags) {
            String tag = cut(letters(one.replace(',', ' '), false), TaskFields.LONGEST_TAG);
            tags.putIfAbsent(Folding.fold(tag), tag);
        }
        return this;
    }

    /** A paragraph more of its description. */
    Item note(String text) {
        String clean = clean(text, true);
        if (!clean.isEmpty()) {
            notes.add(clean);
        }
        return this;
    }

    Item tag(String text) {
        String tag = cut(clean(text.replace(',', ' '), false), TaskFields.LONGEST_TAG);
        if (!tag.isEmpty()) {
            tags.putIfAbsent(Folding.fold(tag), tag);
        }
        return this;
    }

    Item priority(@Nullable Priority given) {
        priority = given;
        return this;
    }

    Item due(Due given, ZoneId in) {
        due = given;
        zone = in;
        return this;
    }

    /** Due at an instant, told by the clock of a zone. */
    Item due(Instant at, ZoneId in) {
        try {
            LocalDateTime local = LocalDateTime.ofInstant(at, in).truncatedTo(ChronoUnit.SECONDS);
            return due(Due.of(local), in);
        } catch (DateTimeException | IllegalArgumentException e) {
            return lost("Its date “" + at + "” is not kept: " + YEARS);
        }
    }

    /** A zone without a date. */
    Item zone(ZoneId in) {
        zone = in;
        return this;
    }

    @Nullable
    Due due() {
        return due;
    }

    /** @param given a rule as the contract takes one; what it does not take is told */
    Item rule(@Nullable String given) {
        rule = given;
        return this;
    }

    /** @param given where it stands in its rule; null: the rule begins with it */
    Item place(@Nullable RulePlace given) {
        place = given;
        return this;
    }

    /** @param given what programs of CalDAV said of it that no field of a task holds */
    Item kept(@Nullable KeptProperties given) {
        kept = given;
        return this;
    }

    /** @param given the UID that it has in programs of CalDAV; null: none */
    Item uid(@Nullable String given) {
        if (given != null && given.length() > Sent.LONGEST_UID) {
            return lost("Its UID is not kept: it is longer than " + Sent.LONGEST_UID + " characters");
        }
        uid = given;
        return this;
    }

    /** The dates on which its rule comes besides. */
    Set<LocalDate> added(ZoneId in) {
        return kept == null ? Set.of() : kept.added(in);
    }

    /** The rule counts from the day of completion. */
    Item fromCompletion() {
        fromCompletion = true;
        return this;
    }

    Item workdays(String given) {
        workdays = given;
        return this;
    }

    Item remind(String given) {
        reminders.add(given);
        return this;
    }

    /** How often its last reminder comes again. */
    Item nag(@Nullable Nag given) {
        nag = given;
        return this;
    }

    Item completed(Instant at) {
        if (!isInYears(at)) {
            lost("When it was done (“" + at + "”) is not kept: " + YEARS);
        }
        Instant known = at.isBefore(FIRST) ? FIRST : at.isAfter(LAST) ? LAST : at;
        completedAt = known.truncatedTo(ChronoUnit.MILLIS);
        return this;
    }

    static boolean isInYears(Instant at) {
        return !at.isBefore(FIRST) && !at.isAfter(LAST);
    }

    /** @param now where the file does not say when it was */
    Item completed(Optional<Instant> at, Instant now) {
        undated = at.isEmpty();
        return completed(at.orElse(now));
    }

    /** A date, in words that mean another one another day. */
    Item words(String text) {
        words = text;
        return this;
    }

    boolean isCompleted() {
        return completedAt != null;
    }

    Item in(@Nullable String name) {
        String clean = name == null ? "" : cut(clean(name, false), Head.LONGEST_NAME);
        list = clean.isEmpty() ? null : clean;
        return this;
    }

    /** In a list by its key. */
    Item within(String key) {
        list = key;
        return this;
    }

    Item known(String by) {
        source = by;
        return this;
    }

    /** One of our own tasks. */
    Item ours(String id) {
        task = id;
        return known(id);
    }

    /** A part of another task, which here it is not. */
    Item partOf(String parent) {
        note("Part of: " + quoted(parent));
        return lost("It is a task of its own, no more a part of “" + quoted(parent) + "”");
    }

    Item lost(String sentence) {
        if (lost.size() < MOST_LOST && !lost.contains(sentence)) {
            lost.add(sentence);
        }
        return this;
    }

    /** Fields of the file that a task does not have. */
    Item notKept(Stream<String> fields) {
        String names = fields.sorted().collect(Collectors.joining(", "));
        return names.isEmpty() ? this : lost("Not kept: " + quoted(names));
    }

    /** None that is known; which it was is told. */
    @Nullable
    Priority unknownPriority(String given) {
        lost("Its priority “" + quoted(given) + "” is not kept: it is none of those there are here");
        return null;
    }

    Item wrong(String sentence) {
        error = sentence;
        return this;
    }

    // ---------------------------------------------------------------- What it becomes

    ImportEntry entry() {
        putTexts();
        if (priority != null) {
            becomes.set("priority", Json.tree(priority));
        }
        if (tags.size() > TaskFields.MOST_TAGS) {
            lost("It has more than " + TaskFields.MOST_TAGS + " tags: the others are not kept");
        }
        if (!tags.isEmpty()) {
            becomes.set(
                    "tags",
                    Json.tree(tags.values().stream().limit(TaskFields.MOST_TAGS).toList()));
        }
        Due when = due;
        if (when != null) {
            becomes.put("due", when.toString());
        }
        if (zone != null) {
            becomes.put("timeZone", zone.getId());
        }
        // The order of the fields is part of the content, which is known by its hash.
        Optional<String> recurs = rule();
        recurs.ifPresent(kept -> becomes.put("recurrence", kept));
        if (fromCompletion && (recurs.isPresent() || task != null)) {
            becomes.put("recurFrom", "completion");
        }
        if (workdays != null && recurs.isPresent()) {
            becomes.put("workdays", workdays);
        }
        putReminders();
        return new ImportEntry(
                line,
                source,
                list,
                content(),
                becomes,
                completedAt,
                becomes.has("recurrence") ? place : null,
                kept,
                uid,
                task,
                lost,
                error);
    }

    /** A part that depends on the clock when the file is read is as the file says it. */
    private String content() {
        ObjectNode said = becomes;
        if (words != null) {
            said = becomes.deepCopy().remove(OF_WORDS).put("words", words);
        }
        RulePlace where = becomes.has("recurrence") ? place : null;
        return said + "\n" + (undated ? "done" : completedAt) + (where == null ? "" : "\n" + where.text())
                + (kept == null ? "" : "\n" + kept);
    }

    private void putTexts() {
        if (title.isEmpty()) {
            error = error == null ? "It has no title" : error;
        } else if (title.codePointCount(0, title.length()) > TaskFields.LONGEST_TITLE) {
            lost("Its title is longer than " + TaskFields.LONGEST_TITLE
                    + " characters; the whole is in the description");
            notes.add(0, title);
        }
        becomes.put("title", cut(title, TaskFields.LONGEST_TITLE));
        String description = String.join("\n\n", notes);
        String kept = cut(description, TaskFields.LONGEST_DESCRIPTION);
        if (!kept.equals(description)) {
            lost("Its description is longer than " + TaskFields.LONGEST_DESCRIPTION
                    + " characters: the end is not kept");
        }
        if (!kept.isEmpty()) {
            becomes.put("description", kept);
        }
    }

    private Optional<String> rule() {
        if (rule == null) {
            return Optional.empty();
        }
        String how = "It does not come again as it did there (“" + quoted(rule) + "”): ";
        if (due == null) {
            lost(how + "a rule needs a date to begin with");
            return Optional.empty();
        }
        try {
            if (rule.length() > TaskFields.LONGEST_RULE) {
                throw new IllegalArgumentException("the rule is too long");
            }
            if (!Recurrence.parse(rule).comesAgain(due)) {
                throw new IllegalArgumentException("it has no date after " + due);
            }
            return Optional.of(rule);
        } catch (IllegalArgumentException e) {
            lost(how + e.getMessage());
            return Optional.empty();
        }
    }

    private void putReminders() {
        List<String> kept = new ArrayList<>();
        for (String reminder : task == null ? reminders.stream().distinct().toList() : reminders) {
            try {
                if (ReminderSpec.parse(reminder).needsDue() && due == null) {
                    throw new IllegalArgumentException("it counts from a date that is not there");
                }
                kept.add(reminder);
            } catch (IllegalArgumentException e) {
                lost("A reminder (“" + quoted(reminder) + "”) is not kept: " + e.getMessage());
            }
        }
        if (kept.size() > TaskFields.MOST_REMINDERS) {
            lost("It has more than " + TaskFields.MOST_REMINDERS + " reminders: the others are not kept");
        }
        if (!kept.isEmpty()) {
            becomes.set(
                    "reminders",
                    Json.tree(kept.stream().limit(TaskFields.MOST_REMINDERS).toList()));
            if (nag != null) {
                becomes.set("nag", Json.tree(nag));
            }
        }
    }

    // ---------------------------------------------------------------- Texts

    static String quoted(String text) {
        String clean = clean(text, false);
        String cut = cut(clean, LONGEST_QUOTE);
        return cut.equals(clean) ? cut : cut + "…";
    }

    private static String cut(String text, int most) {
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most)).strip();
    }

    private static String clean(String text, boolean lines) {
        return letters(text, lines).strip();
    }

    /** Without what no task may have: control characters, but for line breaks and tabs where there are lines, and halves of characters. */
    static String letters(String text, boolean lines) {
        StringBuilder clean = new StringBuilder(text.length());
        TaskFields.lines(text).codePoints().forEach(letter -> {
            int type = Character.getType(letter);
            if (lines && (letter == '\n' || letter == '\t')
                    || type != Character.CONTROL && type != Character.SURROGATE) {
                clean.appendCodePoint(letter);
            } else if (!lines) {
                clean.append(' ');
            }
        });
        return clean.toString();
    }
}
