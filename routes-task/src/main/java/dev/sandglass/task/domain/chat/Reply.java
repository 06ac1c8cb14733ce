package dev.sandglass.task.domain.chat;

import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Priority;
import dev.sandglass.events.Task;
import dev.sandglass.time.Due;
import dev.sandglass.time.Nag;
import dev.sandglass.time.ReminderSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The reply to a message, in the language of who spoke. Its dates are in the zone of {@code now}, the user's. */
public final class Reply {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    private static final int MOST_NAMED = 5;

    private final Language language;
    private final ZonedDateTime now;

    Reply(Language language, ZonedDateTime now) {
        this.language = language;
        this.now = now;
    }

    public Reply(Speaker speaker) {
        this(speaker.language(), speaker.now());
    }

    /** @param why in English, as programs are told */
    public String refused(String why) {
        return language.say("refused", "why", why);
    }

    /** The reply to an answer that comes too late. */
    public String answered() {
        return language.say("answered");
    }

    /**
     * “Added “buy milk”, due tomorrow at 09:00, high, #home. I will remind you 15 minutes before.”
     *
     * @param list its name, where one was said
     */
    public String added(Task task, @Nullable String list) {
        var parts = new ArrayList<String>();
        parts.add(
                list == null
                        ? language.say("added", "title", task.title())
                        : language.say("added-to", Map.of("title", task.title(), "list", list)));
        parts.addAll(more(task));
        return String.join(", ", parts) + "." + reminders(task);
    }

    /** “Added 2 tasks: “buy milk”; “call mum” (tomorrow).” */
    public String added(List<Task> tasks) {
        return language.say(
                "added-all",
                Map.of(
                        "n",
                        "" + tasks.size(),
                        "tasks",
                        tasks.stream().map(this::named).collect(Collectors.joining("; "))));
    }

    private List<String> more(Task task) {
        var parts = new ArrayList<String>();
        if (task.due() != null) {
            parts.add(language.say("due", "due", due(task)));
        }
        if (task.recurrence() != null) {
            parts.add(new RuleInWords(language).of(task, now.getZone()));
        }
        if (task.priority() != Priority.MEDIUM) {
            parts.add(language.say("priority-" + task.priority().name().toLowerCase(Locale.ROOT)));
        }
        task.tags().forEach(it -> parts.add("#" + it));
        return parts;
    }

    /**
     * @param tasks those to name, the first of them at least
     * @param total how many there are
     */
    public String found(Intent.Show show, List<Task> tasks, int total) {
        var what = show.what().isEmpty() ? "" : " " + show.what();
        if (total == 0) {
            return show.what().isEmpty() ? language.say("nothing-to-do") : nothingFound(show);
        }
        var named = tasks.stream().limit(MOST_NAMED).map(this::named).collect(Collectors.joining("; "));
        int more = total - Math.min(MOST_NAMED, tasks.size());
        return (total == 1 ? language.say("one-task") : language.say("tasks", "n", "" + total)) + what + ": " + named
                + (more > 0 ? "; " + language.say("more", "n", "" + more) : ".");
    }

    private String nothingFound(Intent.Show show) {
        return language.say("no-tasks", "what", show.what());
    }

    /** The question where nothing was found. */
    public Intent.Unclear nothing(Intent.Show show) {
        return new Intent.Unclear(nothingFound(show), List.of(add(String.valueOf(show.otherwise()))), null);
    }

    /**
     * The question before something is done to several tasks.
     *
     * @param tasks of all there are the most that are done at once
     */
    public Intent.Unclear sure(boolean delete, Intent.Show show, List<Task> tasks, int total) {
        if (tasks.isEmpty()) {
            return new Intent.Unclear(found(show, tasks, 0), List.of(), null);
        }
        var all = new Intent.Complete("", null);
        return sure(
                delete ? new Intent.Delete(all) : all,
                found(show, tasks, total),
                tasks.stream().map(Task::id).toList());
    }

    /** The question before tasks are deleted that are named by their ids. */
    Intent.Unclear sure(Intent.ToEach deed, List<String> ids) {
        return sure(deed, language.say("tasks", "n", "" + ids.size()) + ".", ids);
    }

    private Intent.Unclear sure(Intent.ToEach deed, String found, List<String> ids) {
        return new Intent.Unclear(
                found + " " + language.say(deed.deed() + "-these"),
                List.of(
                        new Choice(
                                deed.say(language, language.say("tasks-itself", "tasks", String.join(" ", ids))),
                                language.say(deed.deed() + "-all-label", "n", "" + ids.size())),
                        new Choice(language.say("no"), language.say("leave-them"))),
                null);
    }

    /** @param n how many tasks it was done to together */
    public String all(Intent.ToEach deed, int n) {
        return n == 0
                ? language.say("no-such-task")
                : language.say("all-" + deed.deed() + (n == 1 ? "-1" : ""), "n", "" + n);
    }

    private Choice add(String wanted) {
        return new Choice(
                language.say("task", "task", Quotes.around(wanted)), language.say("add-label", "title", wanted));
    }

    /** @param next null: it does not come again */
    public String completed(Task task, @Nullable Due next) {
        return language.say("completed-one", "title", task.title())
                + (next == null ? "" : " " + language.say("next", "due", due(next)));
    }

    /** @param what was done, and is taken back */
    public String undone(ChangeType what, String title) {
        var now = switch (what) {
            case TASK_CREATED -> "created";
            case TASK_DELETED -> "deleted";
            case TASK_COMPLETED -> "completed";
            case TASK_REOPENED -> "reopened";
            default -> "updated";
        };
        return language.say("undone-" + now, "title", title);
    }

    /** @param task where it went */
    public String skipped(Task task) {
        return language.say("skipped", Map.of("title", task.title(), "due", due(task)));
    }

    public String ended(Task task) {
        return language.say("ended", "title", task.title());
    }

    public String deleted(Task task) {
        return language.say("deleted", "title", task.title());
    }

    public String moved(Task task, Intent.Move move) {
        var list = move.list();
        if (list == null) {
            return language.say("moved", Map.of("title", task.title(), "due", due(task)));
        }
        return language.say("moved-to", Map.of("title", task.title(), "list", list.name()))
                + (move.isOfList() ? "" : " " + language.say("now", "due", due(task)));
    }

    public String snoozed(String title, Instant at) {
        return language.say("snoozed", Map.of("title", title, "when", at(at)));
    }

    public String shared(Intent.Share share) {
        return language.say(
                share.role() == null ? "unshared" : "shared-" + share.role(),
                Map.of("list", share.list().name(), "user", share.named(language)));
    }

    /**
     * The question where several tasks match, or none, or one that may be the wrong one.
     *
     * @param asked what is to be done
     */
    public Intent.Unclear which(Intent.ToOne asked, List<Task> matching) {
        var one = asked.one();
        var wanted = one.otherwise() == null ? one.words() : one.otherwise();
        if (matching.isEmpty()) {
            return new Intent.Unclear(findNone(asked, what(one)), List.of(add(wanted)), null);
        }
        var question = matching.size() == 1
                ? language.say("is-it-" + asked.deed(), "title", matching.get(0).title())
                : language.say("several-match", Map.of("n", "" + matching.size(), "words", one.words())) + " "
                        + language.say("which-" + asked.deed());
        return which(asked, matching, question);
    }

    /**
     * The question where several tasks are named, before it is done to them; where one of them is not there, or may be several, it asks
     * which of those it finds is meant.
     *
     * @param found for each that is named
     * @return null: none of them is there
     */
    public Intent.@Nullable Unclear each(Intent.ToEach asked, List<List<Task>> found) {
        var all = found.stream().flatMap(List::stream).distinct().toList();
        var each = asked.one().each();
        var missing = IntStream.range(0, found.size())
                .filter(it -> found.get(it).isEmpty())
                .mapToObj(it -> findNone(asked, what(each.get(it))))
                .toList();
        if (all.isEmpty()) {
            return null;
        }
        if (!missing.isEmpty()) {
            return which(asked, all, String.join(" ", missing) + " " + language.say("which-" + asked.deed()));
        }
        if (found.stream().anyMatch(it -> it.size() > 1) || all.size() == 1) {
            return which(asked, all);
        }
        var named = found(new Intent.Show(Map.of(), "", null), all, all.size());
        return sure(asked, named, all.stream().map(Task::id).toList());
    }

    private String findNone(Intent.ToOne asked, String what) {
        return language.say(asked.ofRecurring() ? "find-none-recurring" : "find-none", "what", what);
    }

    private Intent.Unclear which(Intent.ToOne asked, List<Task> matching, String question) {
        var one = asked.one();
        var choices = matching.stream()
                .limit(MOST_NAMED)
                .map(it -> new Choice(asked.say(language, language.say("task-itself", "task", it.id())), label(it)))
                .collect(Collectors.toCollection(ArrayList::new));
        if (one.otherwise() != null) {
            choices.add(add(one.otherwise()));
        }
        var more = matching.size() > MOST_NAMED ? " " + language.say("say-more") : "";
        return new Intent.Unclear(question + more, choices, null);
    }

    private String what(Intent.Complete one) {
        var with = language.say("with-words", "words", one.words());
        return one.within().isEmpty()
                ? with
                : with + " "
                        + language.say("in-list", "list", one.within().get(0).name());
    }

    /**
     * The question where a task is to be due so much later and there is nothing to count from: it has no day, or no time.
     *
     * @return null: there is
     */
    public Intent.@Nullable Unclear nothingToCountFrom(Intent.Move move, Task task) {
        var due = task.due();
        boolean hours =
                move.by() instanceof Duration by && by.toSecondsPart() + by.toMinutesPart() + by.toHoursPart() != 0;
        if (move.by() == null || due != null && !(due.allDay() && hours)) {
            return null;
        }
        var choices = new ArrayList<Choice>();
        var named = language.say("task-itself", "task", task.id());
        var counted = now.plus(move.by());
        if (due == null && counted.isAfter(now)) {
            var at = new Due(
                    counted.toLocalDate(), hours ? counted.toLocalTime().truncatedTo(ChronoUnit.MINUTES) : null);
            choices.add(new Choice(
                    language.say("move", Map.of("task", named, "to", IntentParser.written(language, at))),
                    language.say("due", "due", due(at))));
        }
        choices.add(new Choice(language.say("no"), language.say("leave-it")));
        return new Intent.Unclear(
                due == null
                        ? language.say("no-day", "title", task.title())
                        : language.say("no-time", Map.of("title", task.title(), "due", due(task))),
                choices,
                language.say("move", Map.of("task", named, "to", "")).strip());
    }

    private String named(Task task) {
        return language.say("quoted", "title", task.title()) + (task.due() == null ? "" : " (" + due(task) + ")");
    }

    private String label(Task task) {
        return task.title() + (task.due() == null ? "" : ", " + language.say("due", "due", due(task)));
    }

    private String due(Task task) {
        var due = task.due();
        if (due == null) {
            return "";
        }
        if (due.time() == null || task.timeZone().equals(now.getZone())) {
            return due(due);
        }
        return at(due.startsAt(task.timeZone()));
    }

    private String at(Instant instant) {
        var there = instant.atZone(now.getZone());
        return due(Due.of(there.truncatedTo(ChronoUnit.SECONDS).toLocalDateTime()));
    }

    /** “in “Groceries” or “Work”” */
    String inAny(List<String> lists) {
        return lists.stream()
                .map(it -> language.say("in-list", "list", it))
                .collect(Collectors.joining(" " + language.say("or") + " "));
    }

    /** “with #a or #b” */
    String withAny(List<String> tags) {
        return language.say("with-tags", "tags", "#" + String.join(" " + language.say("or") + " #", tags));
    }

    /** {@code tomorrow at 09:00}, {@code on Friday}, {@code on 31 January 2027 at 14:30}. */
    String due(Due due) {
        var day = day(due.date());
        return due.time() == null
                ? day
                : language.say("day-at-time", Map.of("day", day, "time", TIME.format(due.time())));
    }

    String day(LocalDate day) {
        long away = ChronoUnit.DAYS.between(now.toLocalDate(), day);
        return away >= -1 && away <= 1 ? nameOf(day) : language.say("on-day", "day", nameOf(day));
    }

    String nameOf(LocalDate day) {
        var today = now.toLocalDate();
        long away = ChronoUnit.DAYS.between(today, day);
        if (away >= -1 && away <= 1) {
            return language.say(away == 0 ? "today" : away == 1 ? "tomorrow" : "yesterday");
        }
        if (away > 0 && away < 7) {
            return day.getDayOfWeek().getDisplayName(TextStyle.FULL, language.locale());
        }
        var pattern = language.say(day.getYear() == today.getYear() ? "this-year" : "any-year");
        return DateTimeFormatter.ofPattern(pattern, language.locale()).format(day);
    }

    /** Promises the reminders to come; a reminder in the past is said to be too late. */
    private String reminders(Task task) {
        var ahead = new ArrayList<String>();
        var past = new ArrayList<String>();
        for (var text : task.reminders()) {
            var reminder = ReminderSpec.parse(text);
            var due = task.due() == null ? new Due(now.toLocalDate(), null) : task.due();
            boolean comes = reminder.at(due, task.timeZone()).isAfter(now.toInstant());
            (comes ? ahead : past).add(reminder(reminder, due));
        }
        return reminders("remind", ahead) + (ahead.isEmpty() ? "" : nag(task.nag())) + reminders("remind-late", past);
    }

    private String nag(@Nullable Nag nag) {
        if (nag == null) {
            return "";
        }
        var each = nag.every().equals(Duration.ofHours(1))
                ? "nag-hour"
                : nag.every().equals(Duration.ofDays(1)) ? "nag-day" : "nag";
        return " " + language.say(each, "long", length(nag.every()));
    }

    private String reminders(String what, List<String> when) {
        return when.isEmpty() ? "" : " " + language.say(what, "when", new RuleInWords(language).joined(when));
    }

    private String reminder(ReminderSpec reminder, Due due) {
        if (reminder instanceof ReminderSpec.Relative relative) {
            return due.allDay() ? onTheDay(relative) : relative(relative);
        }
        // Absolute: the same whatever the task's due date is.
        return at(((ReminderSpec.Absolute) reminder).instant());
    }

    /** The reminder of an all-day task, which begins at 00:00: {@code at 09:00 on the day}. */
    private String onTheDay(ReminderSpec.Relative it) {
        if (it.days().isZero() && it.hours().isZero()) {
            return language.say("when-due");
        }
        var day = LocalDate.EPOCH;
        var at = day.atStartOfDay().plus(it.days()).plus(it.hours());
        long days = ChronoUnit.DAYS.between(day, at.toLocalDate());
        var which = days == 0
                ? "at-on-the-day"
                : days == -1
                        ? "at-the-day-before"
                        : days == 1 ? "at-the-day-after" : days < 0 ? "at-days-before" : "at-days-after";
        return language.say(which, Map.of("time", TIME.format(at), "n", "" + Math.abs(days)));
    }

    private String relative(ReminderSpec.Relative it) {
        var days = Duration.ofDays(it.days().toTotalMonths() * 30 + it.days().get(ChronoUnit.DAYS));
        var whole = it.hours().plus(days);
        return whole.isZero()
                ? language.say("when-due")
                : language.say(whole.isNegative() ? "so-long-before" : "so-long-after", "long", length(whole.abs()));
    }

    private String length(Duration it) {
        return Stream.of(
                        count(it.toDaysPart(), "day"),
                        count(it.toHoursPart(), "hour"),
                        count(it.toMinutesPart(), "minute"),
                        count(it.toSecondsPart(), "second"))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
    }

    private String count(long number, String unit) {
        return number == 0 ? "" : language.say(number == 1 ? "n-" + unit : "n-" + unit + "s", "n", "" + number);
    }
}
