package dev.sandglass.task.domain.chat;

import dev.sandglass.events.Priority;
import dev.sandglass.time.Due;
import dev.sandglass.time.Recurrence;
import dev.sandglass.time.ReminderSpec;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a sentence. What neither shows nor completes, and leaves something for a title, is a task to be added; where
 * that is doubtful, it asks.
 */
public final class Understanding {
    /** As a chat message; a task of more words is better written as one. */
    private static final int LONGEST_MESSAGE = 2_000;

    /** Nobody asks for tasks in more words, and they are read several times. */
    private static final int LONGEST_QUESTION = 300;

    private static final int LONGEST_TITLE = 500;
    private static final int LONGEST_TAG = 50;
    private static final int MOST_TAGS = 50;
    private static final int MOST_REMINDERS = 20;

    private static final Pattern ADD = SpokenTime.pattern(
            "^(?:please\\s+)?(?:(?:add|create|make)\\s+(?:me\\s+)?(?:(?:an?\\s+)?(?:new\\s+)?(?:task|to-?do)\\b(?:\\s+(?:to|called|named|for)\\b)?:?)?"
                    + "|new\\s+(?:task|to-?do)\\b(?:\\s+(?:to|called|named)\\b)?:?|to-?do:|add:?|(?:remember|don['’]t\\s+forget|i\\s+(?:need|have|want))\\s+to\\b)(?=\\s|$)");
    private static final Pattern REMIND_TO = SpokenTime.pattern("^(?:please\\s+)?remind\\s+me\\b");
    private static final Pattern DONE = SpokenTime.pattern(
            "^(?:i(?:['’]ve|\\s+have|['’]m|\\s+am)?\\s+)?(?:just\\s+|already\\s+)?(?:done|finished|completed)\\b(?:\\s+with\\b)?:?\\s*(.*)$"
                    + "|^mark\\s+(.+?)\\s+(?:as\\s+)?(?:done|completed?|finished)$"
                    + "|^(.+?)\\s+(?:(?:is|are|was|were)\\s+)?(?:done|finished|completed)$");
    private static final Pattern DO_COMPLETE =
            SpokenTime.pattern("^(?:complete|finish|close|tick\\s+off|check\\s+off)\\b\\s*(.*?)(?:\\s+as\\s+done)?$");
    private static final Pattern SHOW = SpokenTime.pattern(
            "^(?:please\\s+)?(?:(show|list|display|what(?:['’]?s)?|which|anything|how\\s+many|(?:is|are)\\s+there|do\\s+i\\s+have)"
                    + "|(find|search(?:\\s+for)?|look\\s+for|when(?:['’]s|\\s+(?:is|are|do|does))))(?![\\p{L}\\p{N}-])");
    private static final Pattern IMPERATIVE = SpokenTime.pattern("(?:show|list|display)$");
    private static final Pattern FILLER = SpokenTime.pattern(
            "(?<![\\p{L}\\p{N}])(?:is|are|do|does|did|i|we|have|has|got|to|for|me|my|our|the|a|in|on|of|at|by|with|please|which|any|still"
                    + "|need|must|should|can|get|give|see|that|there|priority|tagged|tag|today['’]s|it|be|will)(?![\\p{L}\\p{N}])");
    private static final Pattern TASKS = SpokenTime.pattern(
            "\\b(?:tasks?|to-?dos?|due|all|everything|anything|open|left|pending|next|list|lists|coming\\s+up|upcoming)\\b");
    private static final Pattern QUESTION = SpokenTime.pattern(
            "\\?$|^(?:what|who|whom|whose|why|how|when|where|which)(?:['’]?s)?(?:\\s|$)"
                    + "|^(?:are|can|could|would|will|do|does|did)\\s+(?:you|i|we|it|they)\\b|^(?:help|help\\s+me|hi|hello|hey|thanks|thank\\s+you|ok|okay|yes|no)[!.]*$");
    private static final Pattern NEVER_MIND =
            SpokenTime.pattern("(?:no|none|cancel|stop|never\\s*mind|forget\\s+it|neither)[.!]*");
    private static final Map<String, Integer> NUMBERS =
            Map.of("the first", 1, "first", 1, "the second", 2, "second", 2, "the third", 3, "third", 3);

    private static final Pattern TAG =
            SpokenTime.pattern("(?<!\\S)#(?=[\\p{N}_./-]*\\p{L})([\\p{L}\\p{N}_./-]*[\\p{L}\\p{N}])");
    private static final Pattern PRIORITY = SpokenTime.pattern("(?<!\\S)!(low|medium|high|urgent)(?![\\p{L}\\p{N}])");
    private static final Pattern REMIND = SpokenTime.pattern("[\\s,;]*(?:\\band\\s+)?\\bremind\\s+me\\b");
    private static final Pattern BEFORE = SpokenTime.pattern("(?:\\b(?:and|also)\\s+)?\\b(" + SpokenTime.NUMBER
            + ")\\s+(second|sec|minute|min|hour|day|week)s?\\s+(?:before(?:hand)?|earlier|ahead|in\\s+advance)\\b");
    private static final Pattern WHEN_DUE = SpokenTime.pattern(
            "\\b(?:when\\s+(?:it\\s+is\\s+|it['’]s\\s+)?due|on\\s+time|at\\s+(?:the|that)\\s+time|then)\\b");

    private static final Pattern OVERDUE = SpokenTime.pattern("\\b(?:overdue|late)\\b");
    private static final Pattern COMPLETED = SpokenTime.pattern("\\b(?:completed?|done|finished?)\\b");
    private static final Pattern IMPORTANT = SpokenTime.pattern("\\b(?:important|urgent|high|medium|low)\\b");
    private static final Pattern WEEK = SpokenTime.pattern("\\b(this|next)\\s+(week|month)\\b");
    private static final Pattern UP_TO = SpokenTime.pattern("\\b(before|until|till|by)\\s+");

    private Understanding() {}

    /**
     * @param message what was typed, of any length
     * @param now with the user's zone
     */
    public static Intent of(String message, ZonedDateTime now) {
        var text = message.replaceAll("[\\p{Cc}\\p{Cs}\\s]+", " ").strip();
        if (text.isEmpty()) {
            return help("What shall I do?", List.of());
        }
        if (text.length() > LONGEST_MESSAGE) {
            return new Intent.Unclear(
                    "That is more than I can read at once. Say it in fewer than 2,000 characters.", List.of(), null);
        }
        try {
            return read(text, now);
        } catch (Unsure e) {
            return e.about(text);
        }
    }

    /** Reads what was typed after a question. A sentence that stands by itself is taken as such. */
    public static Intent answer(Pending pending, String message, ZonedDateTime now) {
        var text = message.replaceAll("[\\p{Cc}\\p{Cs}\\s]+", " ").strip();
        var said = text.toLowerCase(Locale.ROOT).replaceAll("[.!]+$", "");
        if (NEVER_MIND.matcher(said).matches()) {
            return new Intent.Unclear("All right, nothing was done.", List.of(), null);
        }
        int number = said.matches("\\d{1,2}") ? Integer.parseInt(said) : NUMBERS.getOrDefault(said, 0);
        if (number > 0 && number <= pending.choices().size()) {
            return of(pending.choices().get(number - 1).say(), now);
        }
        var alike = said.isEmpty()
                ? List.<Choice>of()
                : pending.choices().stream()
                        .filter(it -> it.say().equalsIgnoreCase(text)
                                || it.label().toLowerCase(Locale.ROOT).contains(said))
                        .toList();
        if (alike.size() == 1) {
            return of(alike.get(0).say(), now);
        }
        var alone = of(text, now);
        boolean standsAlone = alone instanceof Intent.Show
                || alone instanceof Intent.Complete
                || (alone instanceof Intent.Add add && add.due() != null);
        return pending.about() == null || standsAlone || text.isEmpty() ? alone : of(pending.about() + " " + text, now);
    }

    private static Intent read(String text, ZonedDateTime now) {
        var add = ADD.matcher(text);
        if (add.find()) {
            return add(text.substring(add.end()).strip(), text, now);
        }
        var show = show(text.replaceAll("[.!?\\s]+$", ""), now);
        if (show != null) {
            return show;
        }
        var bare = text.replaceAll("[.!]+$", "");
        var done = DONE.matcher(bare);
        if (done.matches()) {
            var words = done.group(1) != null ? done.group(1) : done.group(2) != null ? done.group(2) : done.group(3);
            return complete(words);
        }
        if (QUESTION.matcher(text).find()) {
            return help("I am not sure what you mean.", List.of(addInstead(text)));
        }
        var complete = DO_COMPLETE.matcher(bare);
        if (complete.matches() && only(complete.group(1), now)) {
            return complete(complete.group(1));
        }
        return add(text, text, now);
    }

    private static Choice addInstead(String text) {
        return new Choice("add " + text, "Add “" + text + "” as a task");
    }

    private static Intent.Unclear help(String question, List<Choice> choices) {
        return new Intent.Unclear(
                question
                        + " You can say: “buy milk tomorrow 9am #home !high”, “what is due this week”, “done with milk”.",
                choices,
                null);
    }

    private static Intent complete(String words) {
        var title = words.strip();
        return title.isEmpty()
                ? new Intent.Unclear("Which task is done?", List.of(), "done with")
                : new Intent.Complete(title);
    }

    /** Whether a sentence is words of a title and nothing else: “finish report by friday” is still to be done. */
    private static boolean only(String text, ZonedDateTime now) {
        var words = new Words(text);
        return words.take(TAG, false, it -> it.group(1)) == null
                && words.take(PRIORITY, false, it -> it.group(1)) == null
                && Repeat.take(words, now) == null
                && SpokenTime.take(words, now).due(now) == null;
    }

    private static Intent add(String text, String message, ZonedDateTime now) {
        var words = new Words(text);
        var tags = tags(words);
        var priority =
                words.take(PRIORITY, true, it -> Priority.valueOf(it.group(1).toUpperCase(Locale.ROOT)));
        var reminders = new ArrayList<String>();
        var lead = words.take(REMIND_TO, false, it -> it);
        var tail = lead == null ? words.tail(REMIND) : null;
        var about = tail == null ? words : tail;
        for (var before = before(about); before != null; before = before(about)) {
            reminders.add(before);
        }
        var remindAt = new SpokenTime(null, null);
        if (tail != null) {
            boolean whenDue = tail.take(WHEN_DUE, true, it -> it) != null;
            if (reminders.isEmpty() && !whenDue) {
                remindAt = SpokenTime.take(tail, now);
            }
            words.append(tail);
        }
        var repeat = Repeat.take(words, now);
        var spoken = SpokenTime.take(words, now);
        var due = due(repeat, spoken, now);
        if ((tail != null || lead != null) && reminders.isEmpty()) {
            reminders.add(remindAt.due(now) == null ? whenDue(due) : instant(remindAt, due, now));
        }
        var title = words.rest();
        if (lead != null) {
            title = title.replaceFirst("(?i)^(?:to|about|that)\\s+", "");
        }
        if (title.codePoints()
                .noneMatch(it -> !Character.isWhitespace(it) && Character.getType(it) != Character.FORMAT)) {
            return new Intent.Unclear("What is the task called?", List.of(), message);
        }
        if (title.length() > LONGEST_TITLE) {
            return new Intent.Unclear("A title has at most 500 characters. Can you say it shorter?", List.of(), null);
        }
        if (tags.size() > MOST_TAGS || tags.stream().anyMatch(it -> it.length() > LONGEST_TAG)) {
            return new Intent.Unclear("A task has at most 50 tags of 50 characters.", List.of(), null);
        }
        if (due == null && reminders.stream().anyMatch(it -> !it.endsWith("Z"))) {
            return new Intent.Unclear("When shall I remind you?", List.of(), message);
        }
        return new Intent.Add(
                title,
                due,
                priority,
                tags,
                repeat == null ? null : repeat.rule(),
                repeat == null || repeat.from() == Recurrence.From.SCHEDULE ? null : repeat.from(),
                reminders.stream().distinct().limit(MOST_REMINDERS).toList());
    }

    private static @Nullable Due due(@Nullable Repeat repeat, SpokenTime spoken, ZonedDateTime now) {
        if (repeat == null) {
            return spoken.due(now);
        }
        var time = spoken.time() != null ? spoken.time() : repeat.time();
        var start = spoken.date() != null ? spoken.date() : now.toLocalDate();
        return new Due(repeat.first(start, time, now), time);
    }

    private static List<String> tags(Words words) {
        var tags = new LinkedHashSet<String>();
        for (var tag = tag(words); tag != null; tag = tag(words)) {
            tags.add(tag);
        }
        return List.copyOf(tags);
    }

    private static @Nullable String tag(Words words) {
        return words.take(TAG, false, it -> it.group(1));
    }

    private static @Nullable String before(Words words) {
        return words.take(BEFORE, false, it -> {
            int number = SpokenTime.number(it.group(1));
            var text = switch (it.group(2).toLowerCase(Locale.ROOT)) {
                case "day" -> "-P" + number + "D";
                case "week" -> "-P" + number + "W";
                case "hour" -> "-PT" + number + "H";
                case "minute", "min" -> "-PT" + number + "M";
                default -> "-PT" + number + "S";
            };
            return possible(text) ? text : null;
        });
    }

    private static boolean possible(String reminder) {
        try {
            ReminderSpec.parse(reminder);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** All day counts from 00:00, when nobody wants to be reminded. */
    private static String whenDue(@Nullable Due due) {
        return due != null && due.allDay() ? "PT9H" : "PT0S";
    }

    /** A time alone is meant on the day the task is due, if it is. */
    private static String instant(SpokenTime at, @Nullable Due due, ZonedDateTime now) {
        var day = at.date() == null && due != null ? due.date() : at.date();
        var when = new SpokenTime(day, at.time()).due(now);
        var time = when == null || when.time() == null ? LocalTime.of(9, 0) : when.time();
        return new Due(when == null ? now.toLocalDate() : when.date(), time)
                .startsAt(now.getZone())
                .toString();
    }

    private static @Nullable Intent show(String text, ZonedDateTime now) {
        var words = new Words(text);
        var verb = words.take(SHOW, false, it -> it);
        if (verb == null || text.length() > LONGEST_QUESTION) {
            return null;
        }
        var query = new LinkedHashMap<String, String>();
        var what = new ArrayList<String>();
        query.put("status", "open");
        query.put("sort", "due");
        var tags = tags(words);
        if (!tags.isEmpty()) {
            query.put("tag", String.join(",", tags));
            what.add("with #" + String.join(" or #", tags));
        }
        var priority = words.take(PRIORITY, true, it -> it.group(1).toLowerCase(Locale.ROOT));
        if (priority == null) {
            priority = words.take(IMPORTANT, true, it -> it.group().toLowerCase(Locale.ROOT));
        }
        if (priority != null) {
            query.put("priority", priority.equals("important") ? "high,urgent" : priority);
            what.add("of " + (priority.equals("important") ? "high or urgent" : priority) + " priority");
        }
        if (words.take(OVERDUE, true, it -> it) != null) {
            query.put("overdue", "true");
            what.add("overdue");
        } else if (words.take(COMPLETED, true, it -> it) != null) {
            query.put("status", "completed");
            query.put("sort", "-updated");
            what.add("completed");
        }
        span(words, now, query, what);
        boolean tasks = words.take(TASKS, true, it -> it) != null;
        while (words.take(TASKS, true, it -> it) != null || words.take(FILLER, true, it -> it) != null) {
            // words that ask for nothing by themselves
        }
        var rest = words.rest();
        if (!rest.isEmpty() && verb.group(2) != null) {
            query.put("q", rest);
            query.remove("status");
            what.add(0, "with “" + rest + "”");
        } else if (!rest.isEmpty()) {
            return new Intent.Unclear(
                    "I am not sure what you mean.",
                    List.of(new Choice("find " + rest, "Find tasks with “" + rest + "”"), addInstead(text)),
                    null);
        } else if (what.isEmpty() && !tasks && !IMPERATIVE.matcher(verb.group()).find()) {
            return null;
        }
        return new Intent.Show(query, String.join(", ", what));
    }

    /** The days asked for, as half-open span of dates. */
    private static void span(Words words, ZonedDateTime now, Map<String, String> query, List<String> what) {
        var today = now.toLocalDate();
        var week =
                words.take(WEEK, true, it -> it.group().toLowerCase(Locale.ROOT).replaceAll("\\s+", " "));
        if (week != null) {
            var month = today.withDayOfMonth(1);
            var monday = today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            // Half of the world begins the week on Sunday: on that day this week is the one that ends and the one that
            // begins.
            boolean both = today.getDayOfWeek() == DayOfWeek.SUNDAY;
            switch (week) {
                case "this week" -> put(query, monday, monday.plusDays(both ? 13 : 7));
                case "next week" -> put(query, monday.plusDays(7), monday.plusDays(14));
                case "this month" -> put(query, month, month.plusMonths(1));
                default -> put(query, month.plusMonths(1), month.plusMonths(2));
            }
            what.add("due " + week);
            return;
        }
        var upTo = words.take(UP_TO, true, it -> it.group(1).toLowerCase(Locale.ROOT));
        var due = SpokenTime.date(words, now);
        if (due == null) {
            return;
        }
        if (upTo == null) {
            put(query, due, due.plusDays(1));
            what.add("due " + Reply.day(due, now));
        } else {
            query.put("due_before", (upTo.equals("before") ? due : due.plusDays(1)).toString());
            what.add("due " + upTo + " " + Reply.day(due, now).replaceFirst("^on ", ""));
        }
    }

    private static void put(Map<String, String> query, LocalDate from, LocalDate to) {
        query.put("due_after", from.toString());
        query.put("due_before", to.toString());
    }
}
