package dev.sandglass.task.domain.chat;

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

/** What is said back. Dates are in the zone of {@code now}, the user's. */
public final class Reply {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ENGLISH);
    private static final DateTimeFormatter THIS_YEAR = DateTimeFormatter.ofPattern("EEEE, d MMMM", Locale.ENGLISH);
    private static final DateTimeFormatter ANY_YEAR = DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);
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
            parts.add(recurrence(task.recurrence()));
        }
        if (task.priority() != Priority.MEDIUM) {
            parts.add(task.priority().name().toLowerCase(Locale.ROOT));
        }
        task.tags().forEach(it -> parts.add("#" + it));
        var reminders = task.reminders().stream().map(it -> reminder(it, now)).collect(Collectors.joining(" and "));
        return String.join(", ", parts) + "." + (reminders.isEmpty() ? "" : " I will remind you " + reminders + ".");
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

    /** @param next null: it does not come again */
    public static String completed(Task task, @Nullable Due next, ZonedDateTime now) {
        return "Done: “" + task.title() + "”." + (next == null ? "" : " The next one is due " + due(next, now) + ".");
    }

    /** The question where several tasks match, or none, or more than can be shown. */
    public static Intent.Unclear which(Intent.Complete asked, List<Task> matching, ZonedDateTime now) {
        if (matching.isEmpty()) {
            return new Intent.Unclear(
                    "I find no open task with “" + asked.words() + "”.",
                    List.of(new Choice("add " + asked.words(), "Add “" + asked.words() + "” as a task")),
                    null);
        }
        var choices = matching.stream()
                .limit(MOST_NAMED)
                .map(it -> new Choice("done with task " + it.id(), label(it, now)))
                .toList();
        var more = matching.size() > MOST_NAMED ? " These are the first; say more of its title for others." : "";
        return new Intent.Unclear(
                matching.size() + " open tasks match “" + asked.words() + "”. Which one is done?" + more,
                choices,
                null);
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

    private static String reminder(String text, ZonedDateTime now) {
        var reminder = ReminderSpec.parse(text);
        if (reminder instanceof ReminderSpec.Relative relative) {
            return relative(relative);
        }
        // Absolute: the same whatever the task's due date is.
        var at = ((ReminderSpec.Absolute) reminder).instant().atZone(now.getZone());
        return due(new Due(at.toLocalDate(), at.toLocalTime().truncatedTo(ChronoUnit.SECONDS)), now);
    }

    private static String relative(ReminderSpec.Relative it) {
        var days = Duration.ofDays(it.days().toTotalMonths() * 30 + it.days().get(ChronoUnit.DAYS));
        var whole = it.hours().plus(days);
        if (whole.isZero()) {
            return "when it is due";
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

    /** The rules the chat makes, in words; others as they are called by everybody: repeating. */
    private static String recurrence(String rule) {
        return switch (rule) {
            case "daily" -> "every day";
            case "weekly" -> "every week";
            case "monthly" -> "every month";
            case "yearly" -> "every year";
            default -> spelledOut(rule);
        };
    }

    private static String spelledOut(String rule) {
        String unit = "";
        int interval = 1;
        String days = "";
        for (var part : rule.split(";")) {
            var value = part.substring(part.indexOf('=') + 1);
            switch (part.substring(0, Math.max(0, part.indexOf('=')))) {
                case "FREQ" ->
                    unit = value.equals("DAILY")
                            ? "day"
                            : value.replace("LY", "").toLowerCase(Locale.ROOT);
                case "INTERVAL" -> interval = Integer.parseInt(value);
                case "BYDAY" -> days = days(value);
                case "BYMONTHDAY" -> days = value.equals("-1") ? " on its last day" : " on day " + value;
                default -> {
                    // an end, or more than a sentence should say
                }
            }
        }
        return (interval == 1 ? "every " + unit : "every " + interval + " " + unit + "s") + days;
    }

    private static String days(String codes) {
        return " on " + Arrays.stream(codes.split(",")).map(Reply::day).collect(Collectors.joining(" and "));
    }

    private static String day(String code) {
        var letters = code.replaceAll("[^A-Za-z]", "");
        var nth = code.replaceAll("[A-Za-z+]", "");
        var name = Arrays.stream(DayOfWeek.values())
                .filter(it -> it.name().startsWith(letters.toUpperCase(Locale.ROOT)))
                .map(Reply::name)
                .findFirst()
                .orElse(code);
        return switch (nth) {
            case "" -> name;
            case "-1" -> "the last " + name;
            case "1" -> "the first " + name;
            case "2" -> "the second " + name;
            case "3" -> "the third " + name;
            default -> "the " + nth + "th " + name;
        };
    }
}
