package dev.sandglass.task.domain.chat;

import dev.sandglass.time.Recurrence.From;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A recurrence as one says it: {@code every 2 weeks on Monday and Friday, until 31 December 2026}. */
final class RuleInWords {
    private static final Map<String, String> UNITS =
            Map.of("DAILY", "day", "WEEKLY", "week", "MONTHLY", "month", "YEARLY", "year");
    private static final Set<String> SAID =
            Set.of("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "COUNT", "UNTIL", "SKIP");
    private static final String WORKDAYS = "MO,TU,WE,TH,FR";
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss", Locale.ROOT);

    private RuleInWords() {}

    /**
     * @param rule as the contract takes it; one with parts that have no words is named as it is
     * @param zone in which its end is said
     */
    static String of(String rule, From from, ZoneId zone) {
        var completion = from == From.COMPLETION ? " from completion" : "";
        var parts = parts(rule);
        if (!SAID.containsAll(parts.keySet())) {
            return "by the rule " + rule + completion;
        }
        var unit = UNITS.getOrDefault(parts.getOrDefault("FREQ", ""), "");
        int interval = Integer.parseInt(parts.getOrDefault("INTERVAL", "1"));
        var every = interval == 1 ? "every " + unit : "every " + interval + " " + unit + "s";
        return every + on(parts) + completion + end(parts, zone);
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
        var of = month.isEmpty() ? "" : " of " + month;
        var said = new ArrayList<String>();
        if (parts.containsKey("BYSETPOS")) {
            var which = days.equals(WORKDAYS) ? "working day" : "of " + joined(days, RuleInWords::weekday);
            said.add("the " + joined(parts.get("BYSETPOS"), RuleInWords::place) + " " + which);
        } else if (!days.isEmpty()) {
            said.add(joined(days, RuleInWords::weekday));
        }
        if (!monthDays.isEmpty()) {
            said.add(joined(monthDays, RuleInWords::monthDay));
        }
        if (said.isEmpty()) {
            return month.isEmpty() ? "" : " in " + month;
        }
        var which = String.join(" and ", said) + of;
        return (Character.isDigit(which.charAt(0)) ? " " : " on ") + which;
    }

    private static String months(String numbers) {
        return numbers.isEmpty()
                ? ""
                : joined(numbers, it -> Month.of(Integer.parseInt(it)).getDisplayName(TextStyle.FULL, Locale.ENGLISH));
    }

    private static String weekday(String code) {
        var letters = code.replaceAll("[^A-Z]", "");
        var place = code.replaceAll("[A-Z+]", "");
        var name = Arrays.stream(DayOfWeek.values())
                .filter(it -> it.name().startsWith(letters))
                .map(it -> it.getDisplayName(TextStyle.FULL, Locale.ENGLISH))
                .findFirst()
                .orElse(code);
        return place.isEmpty() ? name : "the " + place(place) + " " + name;
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
        return switch (number) {
            case "-1" -> "last";
            case "-2" -> "second last";
            case "1" -> "first";
            case "2" -> "second";
            case "3" -> "third";
            case "4" -> "fourth";
            case "5" -> "fifth";
            default -> number.startsWith("-") ? number.substring(1) + "th last" : number + "th";
        };
    }

    private static String joined(String values, java.util.function.UnaryOperator<String> word) {
        return joined(Arrays.stream(values.split(",")).map(word).toList());
    }

    static String joined(List<String> words) {
        int last = words.size() - 1;
        return last < 1
                ? String.join("", words)
                : words.stream().limit(last).collect(Collectors.joining(", ")) + " and " + words.get(last);
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
