package dev.sandglass.task.domain.chat;

import dev.sandglass.time.Due;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Month;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.natty.Parser;

/**
 * Dates and times as people write them. natty says which day is meant by words; where a date stands in a sentence is
 * said here, because natty also finds one in "chapter 3", "sat nav" and "march to the shop", and takes 31 February for
 * 3 March.
 *
 * @param date null: not said
 * @param time null: not said
 */
record SpokenTime(@Nullable LocalDate date, @Nullable LocalTime time) {
    static final String DAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)day";
    static final String SHORT_DAY = "(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)";
    static final String MONTH = "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
            + "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
    static final String NUMBER = "(?:\\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)";
    private static final String PREPOSITION = "(?:\\b(?:due|on|by|for|before|from|starting)\\s+)*";

    private static final Pattern ISO = pattern(PREPOSITION + "\\b(\\d{4})-(\\d{2})-(\\d{2})(?:T(?=[\\s\\x00])|\\b)");
    private static final Pattern DOTTED =
            pattern(PREPOSITION + "(?<![\\d.])(\\d{1,2})\\.(\\d{1,2})\\.(\\d{4}\\b)?(?!\\d)");
    private static final Pattern SLASHED = pattern(
            "(?:(?:\\b(?:due|on|by|before)\\s+)+(\\d{1,2})/(\\d{1,2})|\\b(\\d{1,2})/(\\d{1,2})/(\\d{4}))(?![\\d/])");
    private static final Pattern MONTH_DAY =
            pattern(PREPOSITION + "(?:the\\s+)?\\b(?:(\\d{1,2})(?:st|nd|rd|th)?(?:\\s+of)?\\s+(" + MONTH + ")|(" + MONTH
                    + ")\\s+(\\d{1,2})(?:st|nd|rd|th)?)\\b(?:,?\\s+(\\d{4})\\b)?(?!:)");
    private static final Pattern DAY_OF_MONTH =
            pattern("(?:\\b(?:due|on|by)\\s+)+(?:the\\s+)?(\\d{1,2})(?:st|nd|rd|th)\\b(?!\\s+\\p{L})");
    private static final Pattern PERIOD = pattern(
            "(?:\\b(?:due|by|at)\\s+)*\\b(?:this|(?:the\\s+)?end\\s+of(?:\\s+the|\\s+this)?)\\s+(weekend|week|month|year)\\b");
    private static final Pattern SOON = pattern("\\bin\\s+(" + NUMBER + ")\\s+(second|sec|minute|min|hour)s?\\b");
    private static final Pattern DAYS = pattern(PREPOSITION
            + "(\\b(?:(?:the\\s+)?day\\s+after\\s+tomorrow|today|tonight|tomorrow"
            + "|in\\s+" + NUMBER + "\\s+(?:day|week|month|year)s?"
            + "|" + NUMBER + "\\s+(?:day|week|month|year)s?\\s+from\\s+(?:now|today)"
            + "|next\\s+(?:week|month|year)"
            + "|(?:(?:this|next|coming)\\s+)?" + DAY
            + "|(?:(?:this|next)\\s+|(?<=\\b(?:on|by|due)\\s))" + SHORT_DAY
            + "|" + SHORT_DAY + "(?=[\\s\\x00]*$|\\s+(?:at\\s+)?\\d{1,2}(?::|\\s?[ap]m)))\\b)(?!['’]s)");

    private static final Pattern TONIGHT = pattern("\\btonight\\b");
    private static final Pattern CLOCK = pattern(
            "(?:(?:\\b(?:at|by|around|from)\\s+|@\\s?)?(?<![\\d:.,/–-])"
                    + "(?:\\b(\\d{1,2})(?:[:.](\\d{2}))?\\s?([ap])\\.?m\\b|(?:\\b|(?<=\\dT))(\\d{1,2}):(\\d{2})(?::00)?(?![\\d:])|\\b(noon|midnight)\\b)"
                    + "|(?:\\bat\\s+|@\\s?)(\\d{1,2})(?=[\\s,.;!?\\x00]*(?:$|\\x00|\\b(?:on|in|every|today|tomorrow|tonight|next|this|and|with|"
                    + DAY
                    + ")\\b))|(?:\\b(?:this|in\\s+the)\\s+|(?<=(?:tomorrow|day)\\s))(morning|afternoon|evening|night)\\b)(?!\\s?[–-]\\s?\\d)");
    private static final Map<String, LocalTime> TIMES = Map.of(
            "noon", LocalTime.NOON,
            "midnight", LocalTime.MIDNIGHT,
            "morning", LocalTime.of(9, 0),
            "afternoon", LocalTime.of(15, 0),
            "evening", LocalTime.of(19, 0),
            "night", LocalTime.of(20, 0));
    /** Of an hour alone, these are meant in the afternoon: few tasks are due at four in the morning. */
    private static final int FIRST_MORNING_HOUR = 7;

    static Pattern pattern(String text) {
        return Pattern.compile(text, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    /**
     * Takes a date and a time out of a sentence.
     *
     * @throws Unsure for a date that could be two, or is none
     */
    static SpokenTime take(Words words, ZonedDateTime now) {
        var soon = words.take(SOON, true, it -> soon(it, now));
        if (soon != null) {
            return new SpokenTime(soon.toLocalDate(), soon.toLocalTime());
        }
        boolean tonight = words.has(TONIGHT);
        var time = words.take(CLOCK, true, it -> clock(it, tonight));
        var date = date(words, now);
        if (time == null && tonight && now.toLocalTime().isBefore(TIMES.get("night"))) {
            time = TIMES.get("night");
        }
        return new SpokenTime(date, time);
    }

    /**
     * The first day that is meant.
     *
     * @return a time alone is the next such time
     */
    @Nullable
    Due due(ZonedDateTime now) {
        if (date == null && time == null) {
            return null;
        }
        var day = date != null ? date : now.toLocalDate();
        return new Due(date == null && !day.atTime(time).isAfter(now.toLocalDateTime()) ? day.plusDays(1) : day, time);
    }

    static @Nullable LocalDate date(Words words, ZonedDateTime now) {
        var today = now.toLocalDate();
        var date = words.take(ISO, true, it -> day(it.group(1), it.group(2), it.group(3), it));
        if (date == null) {
            date = words.take(MONTH_DAY, true, it -> monthDay(it, today));
        }
        if (date == null) {
            date = words.take(DOTTED, true, it -> dotted(it, today));
        }
        if (date == null) {
            date = words.take(SLASHED, true, it -> slashed(it, today));
        }
        if (date == null) {
            date = words.take(PERIOD, true, it -> endOf(it.group(1), today));
        }
        if (date == null) {
            date = words.take(DAY_OF_MONTH, true, it -> nextDayOfMonth(Integer.parseInt(it.group(1)), today));
        }
        return date != null ? date : words.take(DAYS, true, it -> natty(it.group(1), now));
    }

    private static ZonedDateTime soon(MatchResult it, ZonedDateTime now) {
        var unit = it.group(2).toLowerCase(Locale.ROOT);
        return now.truncatedTo(ChronoUnit.SECONDS)
                .plus(
                        number(it.group(1)),
                        unit.startsWith("s")
                                ? ChronoUnit.SECONDS
                                : unit.startsWith("m") ? ChronoUnit.MINUTES : ChronoUnit.HOURS);
    }

    static int number(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "a", "an", "one" -> 1;
            case "two", "other" -> 2;
            case "three" -> 3;
            case "four" -> 4;
            case "five" -> 5;
            case "six" -> 6;
            case "seven" -> 7;
            case "eight" -> 8;
            case "nine" -> 9;
            case "ten" -> 10;
            case "twelve" -> 12;
            default -> Integer.parseInt(text);
        };
    }

    private static @Nullable LocalTime clock(MatchResult it, boolean tonight) {
        if (it.group(6) != null || it.group(8) != null) {
            return TIMES.get((it.group(6) != null ? it.group(6) : it.group(8)).toLowerCase(Locale.ROOT));
        }
        if (it.group(7) != null) {
            int hour = Integer.parseInt(it.group(7));
            return time(hour > 0 && hour < 12 && (tonight || hour < FIRST_MORNING_HOUR) ? hour + 12 : hour, null);
        }
        if (it.group(4) != null) {
            return time(Integer.parseInt(it.group(4)), it.group(5));
        }
        int hour = Integer.parseInt(it.group(1));
        return hour < 1 || hour > 12
                ? null
                : time(hour % 12 + (it.group(3).equalsIgnoreCase("p") ? 12 : 0), it.group(2));
    }

    private static @Nullable LocalTime time(int hour, @Nullable String minute) {
        int minutes = minute == null ? 0 : Integer.parseInt(minute);
        return hour > 23 || minutes > 59 ? null : LocalTime.of(hour, minutes);
    }

    private static LocalDate day(String year, String month, String day, MatchResult it) {
        try {
            var date = LocalDate.of(Integer.parseInt(year), Integer.parseInt(month), Integer.parseInt(day));
            if (date.getYear() > 0) {
                return date;
            }
        } catch (DateTimeException e) {
            // said below
        }
        var words = it.group().strip().replaceFirst(PREPOSITION, "");
        throw new Unsure("There is no such day: " + words + ". Which day do you mean?", it.group(), List.of());
    }

    /** Without a year, the next one that comes. */
    private static LocalDate numbers(String day, String month, @Nullable String year, MatchResult it, LocalDate today) {
        if (year != null) {
            return day(year, month, day, it);
        }
        // 29 February may be years away; a leap year is right for all others too.
        var inLeapYear = day("2024", month, day, it);
        for (int y = today.getYear(); ; y++) {
            var date = inLeapYear.withYear(y);
            if (date.getDayOfMonth() == inLeapYear.getDayOfMonth() && !date.isBefore(today)) {
                return date;
            }
        }
    }

    /** Without a year it may as well be the number of a version. */
    private static @Nullable LocalDate dotted(MatchResult it, LocalDate today) {
        boolean day = Integer.parseInt(it.group(1)) <= 31 && Integer.parseInt(it.group(2)) <= 12;
        return it.group(3) != null || day ? numbers(it.group(1), it.group(2), it.group(3), it, today) : null;
    }

    private static LocalDate monthDay(MatchResult it, LocalDate today) {
        var month = it.group(2) != null ? it.group(2) : it.group(3);
        return numbers(
                it.group(1) != null ? it.group(1) : it.group(4), String.valueOf(month(month)), it.group(5), it, today);
    }

    private static int month(String name) {
        for (var month : Month.values()) {
            if (month.name().startsWith(name.substring(0, 3).toUpperCase(Locale.ROOT))) {
                return month.getValue();
            }
        }
        throw new IllegalArgumentException(name);
    }

    /** 5/6 is one day in one country and another in the next: ask, unless only one of them exists. */
    private static LocalDate slashed(MatchResult it, LocalDate today) {
        var first = it.group(1) != null ? it.group(1) : it.group(3);
        var second = it.group(2) != null ? it.group(2) : it.group(4);
        int a = Integer.parseInt(first);
        int b = Integer.parseInt(second);
        if (a <= 12 && b <= 12 && a != b && a > 0 && b > 0) {
            var year = it.group(5) == null ? "" : " " + it.group(5);
            throw new Unsure(
                    "Which day is " + first + "/" + second + "?",
                    it.group(),
                    List.of(
                            new Choice("on " + a + " " + name(b) + year, a + " " + name(b) + year),
                            new Choice("on " + b + " " + name(a) + year, b + " " + name(a) + year)));
        }
        return a > 12 ? numbers(first, second, it.group(5), it, today) : numbers(second, first, it.group(5), it, today);
    }

    private static String name(int month) {
        return Month.of(month).getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    private static LocalDate endOf(String period, LocalDate today) {
        return switch (period.toLowerCase(Locale.ROOT)) {
            case "weekend" ->
                today.getDayOfWeek() == DayOfWeek.SUNDAY
                        ? today
                        : today.with(TemporalAdjusters.nextOrSame(DayOfWeek.SATURDAY));
            case "week" -> today.with(TemporalAdjusters.nextOrSame(DayOfWeek.SUNDAY));
            case "month" -> today.with(TemporalAdjusters.lastDayOfMonth());
            default -> today.with(TemporalAdjusters.lastDayOfYear());
        };
    }

    private static @Nullable LocalDate nextDayOfMonth(int day, LocalDate today) {
        if (day < 1 || day > 31) {
            return null;
        }
        return today.datesUntil(today.plusMonths(3))
                .filter(it -> it.getDayOfMonth() == day)
                .findFirst()
                .orElseThrow();
    }

    private static @Nullable LocalDate natty(String text, ZonedDateTime now) {
        if (TONIGHT.matcher(text).matches()) {
            return now.toLocalDate();
        }
        var groups = new Parser(TimeZone.getTimeZone(now.getZone())).parse(text, Date.from(now.toInstant()));
        if (groups.isEmpty() || groups.get(0).getDates().isEmpty()) {
            return null;
        }
        var date = groups.get(0)
                .getDates()
                .get(0)
                .toInstant()
                .atZone(now.getZone())
                .toLocalDate();
        return date.getYear() > 9999 ? null : date;
    }
}
