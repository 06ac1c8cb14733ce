package dev.sandglass.task.domain.chat;

import dev.sandglass.time.Recurrence;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a sentence says that a task comes again.
 *
 * @param rule as the contract takes it
 * @param on the days on which it may begin
 * @param time of day, where the words name one (every morning)
 */
record Repeat(
        String rule,
        Recurrence.From from,
        Predicate<LocalDate> on,
        @Nullable LocalTime time) {
    private static final String EVERY = "\\b(?:every|each)(!?)\\s+";
    private static final String NTH = "(?:1st|2nd|3rd|[4-9]th|1\\dth|2[04-9]th|21st|22nd|23rd|30th|31st)";
    private static final String ANY_DAY = "(?:" + SpokenTime.DAY + "|" + SpokenTime.SHORT_DAY + ")s?";
    private static final Map<String, Integer> ORDINALS = Map.of(
            "first", 1, "1st", 1, "second", 2, "2nd", 2, "third", 3, "3rd", 3, "fourth", 4, "4th", 4, "last", -1);

    private static final Pattern NTH_WEEKDAY = SpokenTime.pattern("(?:" + EVERY
            + "|\\b(?:monthly|every month)\\s+on\\s+the\\s+)" + "(first|second|third|fourth|last|1st|2nd|3rd|4th)\\s+("
            + SpokenTime.DAY + ")\\b(?:\\s+of\\s+(?:the|every|each)\\s+month)?");
    private static final Pattern LAST_DAY = SpokenTime.pattern(
            "(?:" + EVERY
                    + "|\\b(?:monthly|every month)\\s+)?(?:on\\s+)?(?:the\\s+)?last\\s+day\\s+of\\s+(?:the|every|each)\\s+month\\b");
    private static final Pattern DAY_OF_MONTH = SpokenTime.pattern(
            "(?:" + EVERY + "(?:month\\s+on\\s+(?:the\\s+)?)?|\\bmonthly\\s+on\\s+(?:the\\s+)?)" + "(" + NTH
                    + ")\\b(?:\\s+of\\s+(?:the|every|each)\\s+month)?(?!\\s+(?:of\\s+)?" + SpokenTime.MONTH + "\\b)");
    private static final Pattern WEEKDAYS = SpokenTime.pattern(EVERY + "(other\\s+)?(" + ANY_DAY
            + "(?:(?:\\s*,\\s*|\\s+)(?:(?:and|&)\\s+)?" + ANY_DAY + ")*)\\b|" + "\\bweekly\\s+on\\s+(" + ANY_DAY
            + "(?:(?:\\s*,\\s*|\\s+)(?:(?:and|&)\\s+)?" + ANY_DAY + ")*)\\b");
    private static final Pattern INTERVAL = SpokenTime.pattern(
            EVERY + "(?:(other|" + SpokenTime.NUMBER
                    + ")\\s+)?(day|week|month|year|weekday|workday|working\\s+day|weekend|morning|afternoon|evening|night)s?\\b");
    private static final Pattern DATE =
            SpokenTime.pattern(EVERY + "(?=(?:\\d{1,2}(?:st|nd|rd|th)?(?:\\s+of)?\\s+)?" + SpokenTime.MONTH + "\\b)");
    private static final Pattern WORD = SpokenTime.pattern(
            "\\b(daily|weekly|monthly|yearly|annually|everyday)\\b(?=[\\s,.;!\\x00]*(?:$|\\x00|on\\b|at\\b|from\\b|starting\\b|until\\b|remind\\b|\\d))");
    private static final Pattern UNTIL = SpokenTime.pattern("\\b(?:until|till|ending)\\s+");
    private static final Pattern TIMES = SpokenTime.pattern("\\b(?:for\\s+)?(\\d{1,3})\\s+times\\b");
    /** The first weekday in a month may be two months away, 29 February eight years. */
    private static final int LONGEST_WAIT_DAYS = 3_000;

    /**
     * Takes a recurrence out of a sentence, its end included.
     *
     * @return null where there is none
     */
    static @Nullable Repeat take(Words words, ZonedDateTime now) {
        var repeat = words.take(NTH_WEEKDAY, true, Repeat::nthWeekday);
        if (repeat == null) {
            repeat = words.take(
                    LAST_DAY,
                    true,
                    it -> of(
                            "FREQ=MONTHLY;BYMONTHDAY=-1",
                            it.group(1),
                            day -> day.equals(day.with(TemporalAdjusters.lastDayOfMonth()))));
        }
        if (repeat == null) {
            repeat = words.take(DAY_OF_MONTH, true, it -> {
                int day = Integer.parseInt(it.group(2).replaceAll("\\D", ""));
                return of("monthly", it.group(1), date -> date.getDayOfMonth() == day);
            });
        }
        if (repeat == null) {
            repeat = words.take(WEEKDAYS, true, Repeat::weekdays);
        }
        if (repeat == null) {
            repeat = words.take(INTERVAL, true, Repeat::interval);
        }
        if (repeat == null) {
            repeat = words.take(DATE, true, it -> of("yearly", it.group(1), day -> true));
        }
        if (repeat == null) {
            repeat = words.take(WORD, true, it -> switch (it.group(1).toLowerCase(Locale.ROOT)) {
                case "everyday" -> of("daily", null, day -> true);
                case "annually" -> of("yearly", null, day -> true);
                default -> of(it.group(1).toLowerCase(Locale.ROOT), null, day -> true);
            });
        }
        return repeat == null ? null : repeat.ending(words, now);
    }

    /** The first date of the rule from {@code start} on, which with a time is not before {@code now}. */
    LocalDate first(LocalDate start, @Nullable LocalTime at, ZonedDateTime now) {
        return start.datesUntil(start.plusDays(LONGEST_WAIT_DAYS))
                .filter(on)
                .filter(day -> at == null || day.atTime(at).isAfter(now.toLocalDateTime()))
                .findFirst()
                .filter(day -> day.getYear() <= 9999)
                .orElse(start);
    }

    private Repeat ending(Words words, ZonedDateTime now) {
        var end = words.take(TIMES, true, it -> ";COUNT=" + Math.max(1, Integer.parseInt(it.group(1))));
        if (end == null) {
            var tail = words.tail(UNTIL);
            if (tail != null) {
                var date = SpokenTime.date(tail, now);
                end = date == null ? "" : ";UNTIL=" + DateTimeFormatter.BASIC_ISO_DATE.format(date);
                words.append(tail);
            }
        }
        return end == null || end.isEmpty() ? this : new Repeat(spelledOut() + end, from, on, time);
    }

    /** A word and an end need a rule; months without the day keep their last, as the word has it. */
    private String spelledOut() {
        return switch (rule) {
            case "daily", "weekly" -> "FREQ=" + rule.toUpperCase(Locale.ROOT);
            case "monthly", "yearly" -> "FREQ=" + rule.toUpperCase(Locale.ROOT) + ";SKIP=BACKWARD";
            default -> rule;
        };
    }

    private static Repeat of(String rule, @Nullable String mark, Predicate<LocalDate> on) {
        var from = "!".equals(mark) ? Recurrence.From.COMPLETION : Recurrence.From.SCHEDULE;
        return new Repeat(rule, from, on, null);
    }

    private static Repeat nthWeekday(MatchResult it) {
        int nth = ORDINALS.getOrDefault(it.group(2).toLowerCase(Locale.ROOT), 1);
        var day = day(it.group(3));
        return of(
                "FREQ=MONTHLY;BYDAY=" + nth + code(day),
                it.group(1),
                date -> date.equals(date.with(TemporalAdjusters.dayOfWeekInMonth(nth, day))));
    }

    private static Repeat weekdays(MatchResult it) {
        var days = Arrays.stream((it.group(3) != null ? it.group(3) : it.group(4)).split("(?i)[\\s,&]+(?:and\\s+)?"))
                .filter(word -> !word.isEmpty() && !word.equalsIgnoreCase("and"))
                .map(Repeat::day)
                .distinct()
                .sorted()
                .toList();
        return of(weekly(days, it.group(2) != null ? 2 : 1), it.group(1), date -> days.contains(date.getDayOfWeek()));
    }

    private static String weekly(List<DayOfWeek> days, int interval) {
        return "FREQ=WEEKLY;" + (interval == 1 ? "" : "INTERVAL=" + interval + ";") + "BYDAY="
                + days.stream().map(Repeat::code).collect(Collectors.joining(","));
    }

    private static @Nullable Repeat interval(MatchResult it) {
        var unit = it.group(3).toLowerCase(Locale.ROOT);
        int every = it.group(2) == null ? 1 : SpokenTime.number(it.group(2).strip());
        if (every == 0) {
            return null;
        }
        return switch (unit) {
            case "day", "week", "month", "year" -> of(every(unit, every), it.group(1), date -> true);
            case "weekend" -> days(List.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY), it);
            case "morning" -> daily(9, it);
            case "afternoon" -> daily(15, it);
            case "evening" -> daily(19, it);
            case "night" -> daily(20, it);
            default ->
                days(
                        Arrays.stream(DayOfWeek.values())
                                .filter(day -> day.compareTo(DayOfWeek.SATURDAY) < 0)
                                .toList(),
                        it);
        };
    }

    private static String every(String unit, int every) {
        if (every > 1) {
            // Every few months on the 31st keeps to the months' ends, as the words do.
            var skip = unit.equals("month") || unit.equals("year") ? ";SKIP=BACKWARD" : "";
            return "FREQ=" + (unit.equals("day") ? "DAILY" : unit.toUpperCase(Locale.ROOT) + "LY") + ";INTERVAL="
                    + every + skip;
        }
        return unit.equals("day") ? "daily" : unit + "ly";
    }

    private static Repeat days(List<DayOfWeek> days, MatchResult it) {
        return of(weekly(days, 1), it.group(1), date -> days.contains(date.getDayOfWeek()));
    }

    private static Repeat daily(int hour, MatchResult it) {
        var daily = of("daily", it.group(1), date -> true);
        return new Repeat(daily.rule, daily.from, daily.on, LocalTime.of(hour, 0));
    }

    private static DayOfWeek day(String name) {
        return Arrays.stream(DayOfWeek.values())
                .filter(it -> it.name().startsWith(name.substring(0, 3).toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow();
    }

    private static String code(DayOfWeek day) {
        return day.name().substring(0, 2);
    }
}
