package dev.sandglass.task.domain.chat;

import dev.sandglass.events.Task;
import dev.sandglass.time.Recurrence.From;
import dev.sandglass.time.Workdays;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A recurrence as one says it: {@code every 2 weeks on Monday and Friday, until 31 December 2026}. */
public final class RuleInWords {
    private static final Map<String, String> UNITS =
            Map.of("DAILY", "day", "WEEKLY", "week", "MONTHLY", "month", "YEARLY", "year");
    private static final Set<String> SAID =
            Set.of("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "COUNT", "UNTIL", "SKIP");
    private static final String WORKDAYS = "MO,TU,WE,TH,FR";
    private static final List<String> PLACES = List.of("first", "second", "third", "fourth", "fifth");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss", Locale.ROOT);

    private RuleInWords() {}

    /** @param task a recurring one */
    public static String of(Task task, ZoneId zone) {
        return of(Objects.requireNonNull(task.recurrence()), task.recurFrom(), task.workdays(), zone);
    }

    /**
     * @param rule as the contract takes it; one with parts that have no words is named as it is
     * @param zone in which its end is said
     */
    static String of(String rule, From from, @Nullable Workdays workdays, ZoneId zone) {
        var counted = (from == From.COMPLETION ? " from completion" : "") + moved(workdays);
        var parts = parts(rule);
        // Places among days of the month have no words.
        boolean places =
                parts.containsKey("BYSETPOS") && (!parts.containsKey("BYDAY") || parts.containsKey("BYMONTHDAY"));
        if (!SAID.containsAll(parts.keySet()) || places) {
            return "by the rule " + rule + counted;
        }
        var unit = UNITS.getOrDefault(parts.getOrDefault("FREQ", ""), "");
        int interval = Integer.parseInt(parts.getOrDefault("INTERVAL", "1"));
        var every = interval == 1 ? "every " + unit : "every " + interval + " " + unit + "s";
        return every + on(parts) + counted + end(parts, zone);
    }

    private static String moved(@Nullable Workdays workdays) {
        return switch (Objects.requireNonNullElse(workdays, Workdays.AS_IS)) {
            case AS_IS -> "";
            case BEFORE -> ", moved to the working day before";
            case AFTER -> ", moved to the working day after";
            case SKIP -> ", left out on days off";
        };
    }

    private static Map<String, String> parts(String rule) {
        var parts = new LinkedHashMap<String, String>();
        for (var part : (rule.contains("=") ? rule : "FREQ=" + rule)
                .toUpperCase(Locale.ROOT)
                .split(";")) {
            var pair = part.split("=", 2);
            parts.put(pair[0], pair.length == 2 ? pair[1] : "");
        }
        return parts;
    }

    private static String on(Map<String, String> parts) {
        var days = parts.getOrDefault("BYDAY", "");
        var monthDays = parts.getOrDefault("BYMONTHDAY", "");
        var month = months(parts.getOrDefault("BYMONTH", ""));
        boolean ofMonths = parts.getOrDefault("FREQ", "").matches("MONTHLY|YEARLY");
        var of = month.isEmpty()
                ? parts.getOrDefault("FREQ", "").equals("YEARLY") && !monthDays.isEmpty() ? " of every month" : ""
                : (ofMonths ? " of " : " in ") + month;
        String said;
        if (parts.containsKey("BYSETPOS")) {
            var which = days.equals(WORKDAYS) ? "working day" : "of " + joined(days, it -> weekday(it, ""));
            said = "the " + joined(parts.get("BYSETPOS"), RuleInWords::place) + " " + which;
        } else if (!monthDays.isEmpty()) {
            // Both must hold: Friday the 13th.
            said = joined(monthDays, RuleInWords::monthDay)
                    + (days.isEmpty() ? "" : " where it is " + joined(days, it -> weekday(it, ""), " or "));
        } else if (!days.isEmpty()) {
            said = joined(days, it -> weekday(it, ofMonths ? "every " : ""));
        } else {
            return month.isEmpty() ? "" : " in " + month;
        }
        return (Character.isDigit(said.charAt(0)) ? " " : " on ") + said + of;
    }

    private static String months(String numbers) {
        return numbers.isEmpty()
                ? ""
                : joined(numbers, it -> Month.of(Integer.parseInt(it)).getDisplayName(TextStyle.FULL, Locale.ENGLISH));
    }

    /** @param each before one that has no place */
    private static String weekday(String code, String each) {
        var letters = code.replaceAll("[^A-Z]", "");
        var place = code.replaceAll("[A-Z+]", "");
        var name = Arrays.stream(DayOfWeek.values())
                .filter(it -> it.name().startsWith(letters))
                .map(it -> it.getDisplayName(TextStyle.FULL, Locale.ENGLISH))
                .findFirst()
                .orElse(code);
        return place.isEmpty() ? each + name : "the " + place(place) + " " + name;
    }

    private static String monthDay(String number) {
        int day = Integer.parseInt(number);
        if (day > 0) {
            return "day " + day;
        }
        int before = -day - 1;
        return before == 0 ? "its last day" : before + (before == 1 ? " day" : " days") + " before its end";
    }

    private static String place(String number) {
        int place = Integer.parseInt(number);
        if (place < 0) {
            return place == -1 ? "last" : place(String.valueOf(-place)) + " last";
        }
        return place <= PLACES.size() ? PLACES.get(place - 1) : ordinal(place);
    }

    private static String ordinal(int number) {
        int last = number / 10 % 10 == 1 ? 0 : number % 10;
        return number + (last == 1 ? "st" : last == 2 ? "nd" : last == 3 ? "rd" : "th");
    }

    private static String joined(String values, UnaryOperator<String> word) {
        return joined(values, word, " and ");
    }

    private static String joined(String values, UnaryOperator<String> word, String and) {
        return joined(Arrays.stream(values.split(",")).map(word).toList(), and);
    }

    static String joined(List<String> words) {
        return joined(words, " and ");
    }

    private static String joined(List<String> words, String and) {
        int last = words.size() - 1;
        return last < 1
                ? String.join("", words)
                : words.stream().limit(last).collect(Collectors.joining(", ")) + and + words.get(last);
    }

    private static String end(Map<String, String> parts, ZoneId zone) {
        if (parts.containsKey("COUNT")) {
            var count = parts.get("COUNT");
            return count.equals("1") ? ", once" : ", " + count + " times";
        }
        var until = parts.getOrDefault("UNTIL", "");
        if (until.isEmpty()) {
            return "";
        }
        var day = until.endsWith("Z")
                ? LocalDateTime.parse(until.substring(0, until.length() - 1), TIME)
                        .atOffset(ZoneOffset.UTC)
                        .atZoneSameInstant(zone)
                        .toLocalDate()
                : LocalDate.parse(until.substring(0, 8), DateTimeFormatter.BASIC_ISO_DATE);
        return ", until " + DAY.format(day);
    }
}
