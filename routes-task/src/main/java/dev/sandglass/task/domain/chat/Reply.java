package dev.sandglass.task.domain.chat;

import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Priority;
import dev.sandglass.events.Task;
import dev.sandglass.time.Due;
import dev.sandglass.time.ReminderSpec;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The reply to a message. Its dates are in the zone of {@code now}, the user's. */
public final class Reply {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ENGLISH);
    private static final DateTimeFormatter THIS_YEAR = DateTimeFormatter.ofPattern("EEEE, d MMMM", Locale.ENGLISH);
    private static final DateTimeFormatter ANY_YEAR = DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);
    /** The reply to an answer that comes too late. */
    public static final String ANSWERED =
            "No question waits for an answer: it was answered already, or it is more than an hour ago.";

    private static final String WHEN_DUE = "when it is due";
    private static final int MOST_NAMED = 5;

    private Reply() {}

    /** “Added “buy milk”, due tomorrow at 09:00, high, #home. I will remind you 15 minutes before.” */
    public static String added(Task task, ZonedDateTime now) {
        var parts = new ArrayList<String>();
        parts.add("Added “" + task.title() + "”");
        if (task.due() != null) {
            parts.add("due " + due(task, now));
        }
        if (task.recurrence() != null) {
            parts.add(RuleInWords.of(task, now.getZone()));
        }
        if (task.priority() != Priority.MEDIUM) {
            parts.add(task.priority().name().toLowerCase(Locale.ROOT));
        }
        task.tags().forEach(it -> parts.add("#" + it));
        return String.join(", ", parts) + "." + reminders(task, now);
    }

    /**
     * @param tasks those to name, the first of them at least
     * @param total how many there are
     */
    public static String found(Intent.Show show, List<Task> tasks, int total, ZonedDateTime now) {
        var what = show.what().isEmpty() ? "" : " " + show.what();
        if (total == 0) {
            return show.what().isEmpty() ? "There is nothing to do." : "No tasks" + what + ".";
        }
        var named = tasks.stream().limit(MOST_NAMED).map(it -> named(it, now)).collect(Collectors.joining("; "));
        int more = total - Math.min(MOST_NAMED, tasks.size());
        return (total == 1 ? "One task" : total + " tasks") + what + ": " + named
                + (more > 0 ? "; and " + more + " more." : ".");
    }

    /** The question where nothing was found. */
    public static Intent.Unclear nothing(Intent.Show show) {
        var wanted = String.valueOf(show.otherwise());
        return new Intent.Unclear(
                "No tasks " + show.what() + ".",
                List.of(new Choice("add " + Quotes.around(wanted), "Add “" + wanted + "” as a task")),
                null);
    }

    /** @param next null: it does not come again */
    public static String completed(Task task, @Nullable Due next, ZonedDateTime now) {
        return "Done: “" + task.title() + "”." + (next == null ? "" : " The next one is due " + due(next, now) + ".");
    }

    /** @param what was done, and is taken back */
    public static String undone(ChangeType what, String title) {
        var now = switch (what) {
            case TASK_CREATED -> "is gone again";
            case TASK_DELETED -> "is back";
            case TASK_COMPLETED -> "is open again";
            case TASK_REOPENED -> "is done again";
            default -> "is as it was";
        };
        return "Undone: “" + title + "” " + now + ".";
    }

    /** @param task where it went */
    public static String skipped(Task task, ZonedDateTime now) {
        return "Skipped “" + task.title() + "”. It is now due " + due(task, now) + ".";
    }

    /** The question where several tasks match, or none, or one that may be the wrong one. */
    public static Intent.Unclear which(Intent.Complete asked, List<Task> matching, ZonedDateTime now) {
        return which(asked, false, matching, now);
    }

    /** @param skip whether it is to be skipped: it recurs then */
    public static Intent.Unclear which(Intent.Complete asked, boolean skip, List<Task> matching, ZonedDateTime now) {
        var wanted = asked.otherwise() == null ? asked.words() : asked.otherwise();
        var add = new Choice("add " + Quotes.around(wanted), "Add “" + wanted + "” as a task");
        if (matching.isEmpty()) {
            return new Intent.Unclear(
                    "I find no open " + (skip ? "recurring " : "") + "task with “" + asked.words() + "”.",
                    List.of(add),
                    null);
        }
        var choices = matching.stream()
                .limit(MOST_NAMED)
                .map(it -> new Choice((skip ? "skip task " : "done with task ") + it.id(), label(it, now)))
                .collect(Collectors.toCollection(ArrayList::new));
        if (asked.otherwise() != null) {
            choices.add(add);
        }
        var more = matching.size() > MOST_NAMED ? " These are the first; say more of its title for others." : "";
        var question = matching.size() == 1
                ? "Is “" + matching.get(0).title() + "” done, or is this a new task?"
                : matching.size() + " open tasks match “" + asked.words() + "”. Which one is "
                        + (skip ? "to be skipped?" : "done?");
        return new Intent.Unclear(question + more, choices, null);
    }

    private static String named(Task task, ZonedDateTime now) {
        return "“" + task.title() + "”" + (task.due() == null ? "" : " (" + due(task, now) + ")");
    }

    private static String label(Task task, ZonedDateTime now) {
        return task.title() + (task.due() == null ? "" : ", due " + due(task, now));
    }

    private static String due(Task task, ZonedDateTime now) {
        var due = task.due();
        if (due == null) {
            return "";
        }
        if (due.time() == null || task.timeZone().equals(now.getZone())) {
            return due(due, now);
        }
        var there = due.startsAt(task.timeZone()).atZone(now.getZone());
        return due(new Due(there.toLocalDate(), there.toLocalTime()), now);
    }

    /** {@code tomorrow at 09:00}, {@code on Friday}, {@code on 31 January 2027 at 14:30}. */
    static String due(Due due, ZonedDateTime now) {
        return day(due.date(), now) + (due.time() == null ? "" : " at " + TIME.format(due.time()));
    }

    static String day(LocalDate day, ZonedDateTime now) {
        var today = now.toLocalDate();
        long away = ChronoUnit.DAYS.between(today, day);
        if (away >= -1 && away <= 1) {
            return away == 0 ? "today" : away == 1 ? "tomorrow" : "yesterday";
        }
        if (away > 0 && away < 7) {
            return "on " + name(day.getDayOfWeek());
        }
        return "on " + (day.getYear() == today.getYear() ? THIS_YEAR : ANY_YEAR).format(day);
    }

    private static String name(DayOfWeek day) {
        return day.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    /** Promises the reminders to come; a reminder in the past is said to be too late. */
    private static String reminders(Task task, ZonedDateTime now) {
        var ahead = new ArrayList<String>();
        var past = new ArrayList<String>();
        for (var text : task.reminders()) {
            var reminder = ReminderSpec.parse(text);
            var due = task.due() == null ? new Due(now.toLocalDate(), null) : task.due();
            boolean comes = reminder.at(due, task.timeZone()).isAfter(now.toInstant());
            (comes ? ahead : past).add(reminder(reminder, due, now));
        }
        return (ahead.isEmpty() ? "" : " I will remind you " + RuleInWords.joined(ahead) + ".")
                + (past.isEmpty() ? "" : " It is too late for a reminder " + RuleInWords.joined(past) + ".");
    }

    private static String reminder(ReminderSpec reminder, Due due, ZonedDateTime now) {
        if (reminder instanceof ReminderSpec.Relative relative) {
            return due.allDay() ? onTheDay(relative) : relative(relative);
        }
        // Absolute: the same whatever the task's due date is.
        var at = ((ReminderSpec.Absolute) reminder).instant().atZone(now.getZone());
        return due(new Due(at.toLocalDate(), at.toLocalTime().truncatedTo(ChronoUnit.SECONDS)), now);
    }

    /** The reminder of an all-day task, which begins at 00:00: {@code at 09:00 on the day}. */
    private static String onTheDay(ReminderSpec.Relative it) {
        if (it.days().isZero() && it.hours().isZero()) {
            return WHEN_DUE;
        }
        var day = LocalDate.EPOCH;
        var at = day.atStartOfDay().plus(it.days()).plus(it.hours());
        long days = ChronoUnit.DAYS.between(day, at.toLocalDate());
        var which = days == 0
                ? "on the day"
                : days == -1 ? "the day before" : Math.abs(days) + " days " + (days < 0 ? "before" : "after");
        return "at " + TIME.format(at) + " " + (days == 1 ? "the day after" : which);
    }

    private static String relative(ReminderSpec.Relative it) {
        var days = Duration.ofDays(it.days().toTotalMonths() * 30 + it.days().get(ChronoUnit.DAYS));
        var whole = it.hours().plus(days);
        if (whole.isZero()) {
            return WHEN_DUE;
        }
        return length(whole.abs()) + (whole.isNegative() ? " before" : " after");
    }

    private static String length(Duration it) {
        return Arrays.asList(
                        count(it.toDaysPart(), "day"),
                        count(it.toHoursPart(), "hour"),
                        count(it.toMinutesPart(), "minute"),
                        count(it.toSecondsPart(), "second"))
                .stream()
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
    }

    private static String count(long number, String unit) {
        return number == 0 ? "" : number + " " + unit + (number == 1 ? "" : "s");
    }
}
