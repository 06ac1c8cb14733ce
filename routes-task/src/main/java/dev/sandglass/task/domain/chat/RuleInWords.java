package dev.sandglass.task.domain.chat;

import dev.sandglass.events.Task;
import dev.sandglass.time.Recurrence.From;
import dev.sandglass.time.Workdays;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
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
    private static final Set<String> SAID =
            Set.of("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "COUNT", "UNTIL", "SKIP");
    private static final String WORKDAYS = "MO,TU,WE,TH,FR";
    /** Numbers that have a name; others have digits. */
    private static final int NAMED_PLACES = 5;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss", Locale.ROOT);

    private final Language language;

    RuleInWords(Language language) {
        this.language = language;
    }

    /** @param task a recurring one */
    public static String inEnglish(Task task, ZoneId zone) {
        return new RuleInWords(Language.spokenIn(Language.ENGLISH)).of(task, zone);
    }

    String of(Task task, ZoneId zone) {
        return of(Objects.requireNonNull(task.recurrence()), task.recurFrom(), task.workdays(), zone);
    }

    /**
     * @param rule as the contract takes it; one with parts that have no words is named as it is
     * @param zone in which its end is said
     */
    String of(String rule, From from, @Nullable Workdays workdays, ZoneId zone) {
        var counted = (from == From.COMPLETION ? " " + language.say("from-completion") : "") + moved(workdays);
        var parts = parts(rule);
        // Places among days of the month have no words.
        boolean places =
                parts.containsKey("BYSETPOS") && (!parts.containsKey("BYDAY") || parts.containsKey("BYMONTHDAY"));
        if (!SAID.containsAll(parts.keySet()) || places) {
            return language.say("by-the-rule", "rule", rule) + counted;
        }
        var unit = parts.getOrDefault("FREQ", "").toLowerCase(Locale.ROOT);
        int interval = Integer.parseInt(parts.getOrDefault("INTERVAL", "1"));
        var every = interval == 1 ? language.say(unit) : language.say("every-" + unit, "n", "" + interval);
        return every + on(parts) + skipped(parts) + counted + end(parts, zone);
    }

    private String moved(@Nullable Workdays workdays) {
        return switch (Objects.requireNonNullElse(workdays, Workdays.AS_IS)) {
            case AS_IS -> "";
            case BEFORE -> ", " + language.say("moved-before");
            case AFTER -> ", " + language.say("moved-after");
            case SKIP -> ", " + language.say("moved-skip");
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

    private String on(Map<String, String> parts) {
        var days = parts.getOrDefault("BYDAY", "");
        var monthDays = parts.getOrDefault("BYMONTHDAY", "");
        var month = months(parts.getOrDefault("BYMONTH", ""));
        boolean ofMonths = parts.getOrDefault("FREQ", "").matches("MONTHLY|YEARLY");
        var of = month.isEmpty()
                ? parts.getOrDefault("FREQ", "").equals("YEARLY") && !monthDays.isEmpty()
                        ? " " + language.say("of-every-month")
                        : ""
                : " " + language.say(ofMonths ? "of-months" : "in-months", "months", month);
        String said;
        if (parts.containsKey("BYSETPOS")) {
            var places = joined(parts.get("BYSETPOS"), this::place);
            said = days.equals(WORKDAYS)
                    ? language.say("nth-workday", "place", places)
                    : language.say("nth-of", Map.of("place", places, "days", joined(days, it -> weekday(it, false))));
        } else if (!monthDays.isEmpty()) {
            // Both must hold: Friday the 13th.
            said = monthDays(monthDays)
                    + (days.isEmpty()
                            ? ""
                            : " " + language.say("where-it-is", "days", joined(days, it -> weekday(it, false), "or")));
        } else if (!days.isEmpty()) {
            said = joined(days, it -> weekday(it, ofMonths));
            boolean each = ofMonths && Character.isLetter(days.charAt(0));
            return " " + language.say(each ? "on-each" : "on", "days", said) + of;
        } else {
            return month.isEmpty() ? "" : " " + language.say("in-months", "months", month);
        }
        return " "
                + (Character.isDigit(said.charAt(0)) && monthDays.startsWith("-")
                        ? said
                        : language.say("on", "days", said))
                + of;
    }

    /** Tells what becomes of a day that not each of its months has. */
    private String skipped(Map<String, String> parts) {
        int last = Arrays.stream(parts.getOrDefault("BYMONTHDAY", "0").split(","))
                .mapToInt(Integer::parseInt)
                .max()
                .orElseThrow();
        var months = parts.containsKey("BYMONTH")
                ? Arrays.stream(parts.get("BYMONTH").split(",")).map(it -> Month.of(Integer.parseInt(it)))
                : Arrays.stream(Month.values());
        boolean there = months.allMatch(month -> month.minLength() >= last);
        return there || parts.getOrDefault("FREQ", "").equals("DAILY")
                ? ""
                : ", "
                        + language.say(
                                "skip-" + parts.getOrDefault("SKIP", "OMIT").toLowerCase(Locale.ROOT));
    }

    private String monthDays(String numbers) {
        return joined(numbers, this::monthDay);
    }

    private String months(String numbers) {
        return numbers.isEmpty()
                ? ""
                : joined(
                        numbers,
                        it -> Month.of(Integer.parseInt(it)).getDisplayName(TextStyle.FULL, language.locale()));
    }

    /** @param each whether one that has no place is each of them */
    private String weekday(String code, boolean each) {
        var letters = code.replaceAll("[^A-Z]", "");
        var place = code.replaceAll("[A-Z+]", "");
        var name = Arrays.stream(DayOfWeek.values())
                .filter(it -> it.name().startsWith(letters))
                .map(it -> it.getDisplayName(TextStyle.FULL, language.locale()))
                .findFirst()
                .orElse(code);
        return place.isEmpty()
                ? each ? language.say("each-weekday", "weekday", name) : name
                : language.say("nth-weekday", Map.of("place", place(place), "weekday", name));
    }

    private String monthDay(String number) {
        int day = Integer.parseInt(number);
        if (day > 0) {
            return language.say("month-day", "n", number);
        }
        int before = -day - 1;
        return before == 0
                ? language.say("its-last-day")
                : language.say(before == 1 ? "day-before-its-end" : "days-before-its-end", "n", "" + before);
    }

    private String place(String number) {
        int place = Integer.parseInt(number);
        if (place < 0) {
            return place == -1 ? language.say("last") : language.say("nth-last", "nth", place(String.valueOf(-place)));
        }
        return place <= NAMED_PLACES ? language.say("nth-" + place) : ordinal(place);
    }

    private String ordinal(int number) {
        int last = number / 10 % 10 == 1 ? 0 : number % 10;
        return number + language.say("ending-" + (last > 3 ? 0 : last));
    }

    private String joined(String values, UnaryOperator<String> word) {
        return joined(values, word, "and");
    }

    private String joined(String values, UnaryOperator<String> word, String and) {
        return joined(Arrays.stream(values.split(",")).map(word).toList(), " " + language.say(and) + " ");
    }

    String joined(List<String> words) {
        return joined(words, " " + language.say("and") + " ");
    }

    private static String joined(List<String> words, String and) {
        int last = words.size() - 1;
        return last < 1
                ? String.join("", words)
                : words.stream().limit(last).collect(Collectors.joining(", ")) + and + words.get(last);
    }

    private String end(Map<String, String> parts, ZoneId zone) {
        if (parts.containsKey("COUNT")) {
            var count = parts.get("COUNT");
            return ", " + (count.equals("1") ? language.say("once") : language.say("times", "n", count));
        }
        var until = parts.getOrDefault("UNTIL", "");
        if (until.isEmpty()) {
            return "";
        }
        var last = LocalDate.parse(until.substring(0, 8), DateTimeFormatter.BASIC_ISO_DATE)
                .atTime(LocalTime.MAX);
        if (until.length() > 8) {
            var given = LocalDateTime.parse(until.substring(0, 15), TIME);
            last = until.endsWith("Z")
                    ? given.atOffset(ZoneOffset.UTC).atZoneSameInstant(zone).toLocalDateTime()
                    : given;
        }
        var day = DateTimeFormatter.ofPattern(language.say("any-year"), language.locale())
                .format(last);
        // Nothing of the day is cut off.
        boolean whole = last.getHour() == 23 && last.getMinute() == 59;
        return ", "
                + language.say(
                        "until-day",
                        "day",
                        whole
                                ? day
                                : language.say(
                                        "day-at-time",
                                        Map.of(
                                                "day",
                                                day,
                                                "time",
                                                last.toLocalTime().toString())));
    }
}
