package dev.sandglass.time;

import dev.sandglass.time.Rule.Frequency;
import dev.sandglass.time.Rule.Skip;
import dev.sandglass.time.Rule.Weekday;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The parser for the text of a rule; a fault is a sentence for a person. */
final class RuleText {
    /**
     * The four words keep the day of the first date in months that have it: 31 Jan, 28 Feb, 31 Mar (RFC 7529 section 4.1,
     * SKIP). A rule in full follows RFC 5545, which leaves such months out, unless it has its own SKIP.
     */
    private static final Map<String, String> WORDS = Map.of(
            "daily", "FREQ=DAILY",
            "weekly", "FREQ=WEEKLY",
            "monthly", "FREQ=MONTHLY;SKIP=BACKWARD",
            "yearly", "FREQ=YEARLY;SKIP=BACKWARD");

    private static final Pattern PART = Pattern.compile("([A-Z-]+)=([^,=\\s]+(?:,[^,=\\s]+)*)");
    private static final Pattern OTHER_PROPERTY = Pattern.compile("\\b(RRULE|EXRULE|RDATE|EXDATE|DTSTART)\\b");
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,9}");
    private static final Pattern WEEKDAY = Pattern.compile("([+-]?\\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)");
    private static final Pattern UNTIL = Pattern.compile("\\d{8}(T\\d{6}Z?)?");
    private static final DateTimeFormatter UNTIL_DATE = strict("uuuuMMdd");
    private static final DateTimeFormatter UNTIL_TIME = strict("uuuuMMdd'T'HHmmss");
    private static final List<String> DAYS = List.of("MO", "TU", "WE", "TH", "FR", "SA", "SU");

    /** The most characters. */
    private static final int LONGEST = 2_000;

    private static final int GREATEST_INTERVAL = 10_000;

    private final Map<String, String> parts;

    private RuleText(Map<String, String> parts) {
        this.parts = parts;
    }

    /** @throws IllegalArgumentException with a sentence for a person, where the text is not a rule */
    static Rule read(String text) {
        return new RuleText(parts(WORDS.getOrDefault(text, text))).rule();
    }

    private static Map<String, String> parts(String rule) {
        if (rule.length() > LONGEST) {
            throw new IllegalArgumentException("a rule has at most " + LONGEST + " characters");
        }
        String upper = rule.toUpperCase(Locale.ROOT);
        var other = OTHER_PROPERTY.matcher(upper);
        if (other.find()) {
            throw new IllegalArgumentException(
                    other.group() + " is no part of a rule: write the value of an RRULE alone");
        }
        Map<String, String> parts = new LinkedHashMap<>();
        for (String part : upper.split(";", -1)) {
            var read = PART.matcher(part);
            if (!read.matches()) {
                throw new IllegalArgumentException(
                        "must be daily, weekly, monthly, yearly or an RFC 5545 rule such as FREQ=WEEKLY;BYDAY=MO,WE");
            }
            if (parts.put(read.group(1), read.group(2)) != null) {
                throw new IllegalArgumentException(read.group(1) + " is there twice");
            }
        }
        return parts;
    }

    private Rule rule() {
        for (String part : List.of("BYHOUR", "BYMINUTE", "BYSECOND")) {
            refuse(parts.containsKey(part), part + " is not taken, the time of day is that of due");
        }
        refuse(
                parts.containsKey("COUNT") && parts.containsKey("UNTIL"),
                "COUNT and UNTIL do not go together in one rule");
        Frequency frequency = word("FREQ", null, Frequency.values());
        Rule rule = new Rule(
                frequency,
                number("INTERVAL", 1, GREATEST_INTERVAL),
                number("COUNT", Integer.MAX_VALUE, 999_999_999),
                until(parts.remove("UNTIL")),
                word("SKIP", Skip.OMIT, Skip.values()),
                DayOfWeek.of(DAYS.indexOf(one("WKST", "MO", DAYS)) + 1),
                numbers("BYMONTH", 12, false),
                numbers("BYWEEKNO", 53, true),
                numbers("BYYEARDAY", 366, true),
                numbers("BYMONTHDAY", 31, true),
                list("BYDAY", RuleText::weekday),
                numbers("BYSETPOS", 366, true));
        one("RSCALE", "GREGORIAN", List.of("GREGORIAN"));
        refuse(!parts.isEmpty(), String.join(", ", parts.keySet()) + " is no part of a rule");
        holdTogether(rule);
        return rule;
    }

    /** RFC 5545 section 3.3.10. */
    private static void holdTogether(Rule rule) {
        boolean yearly = rule.frequency() == Frequency.YEARLY;
        boolean ofMonths = yearly || rule.frequency() == Frequency.MONTHLY;
        boolean numbered = rule.weekdays().stream().anyMatch(day -> day.n() != 0);
        refuse(!yearly && !rule.weeks().isEmpty(), "BYWEEKNO goes with FREQ=YEARLY alone");
        refuse(!yearly && !rule.yearDays().isEmpty(), "BYYEARDAY goes with FREQ=YEARLY alone");
        refuse(
                rule.frequency() == Frequency.WEEKLY && !rule.monthDays().isEmpty(),
                "BYMONTHDAY does not go with FREQ=WEEKLY");
        refuse(numbered && !ofMonths, "a number in BYDAY goes with FREQ=MONTHLY and FREQ=YEARLY alone");
        refuse(numbered && !rule.weeks().isEmpty(), "a number in BYDAY does not go with BYWEEKNO");
        boolean chosen = !rule.months().isEmpty()
                || !rule.weeks().isEmpty()
                || !rule.yearDays().isEmpty()
                || !rule.monthDays().isEmpty()
                || !rule.weekdays().isEmpty();
        refuse(!rule.positions().isEmpty() && !chosen, "BYSETPOS needs another part that begins with BY");
    }

    private static void refuse(boolean wrong, String sentence) {
        if (wrong) {
            throw new IllegalArgumentException(sentence);
        }
    }

    private <E extends Enum<E>> E word(String part, @Nullable E standard, E[] known) {
        List<String> names = Arrays.stream(known).map(Enum::name).toList();
        return known[names.indexOf(one(part, standard == null ? null : standard.name(), names))];
    }

    private String one(String part, @Nullable String standard, List<String> known) {
        String given = parts.remove(part);
        String value = given == null ? standard : given;
        refuse(value == null || !known.contains(value), part + " must be " + String.join(" or ", known));
        return Objects.requireNonNull(value);
    }

    private int number(String part, int standard, int most) {
        String given = parts.remove(part);
        return given == null ? standard : number(part, given, most, false);
    }

    private static int number(String part, String text, int most, boolean alsoFromTheEnd) {
        int number = NUMBER.matcher(text).matches() ? Integer.parseInt(text) : 0;
        refuse(
                number == 0 || Math.abs(number) > most || (number < 0 && !alsoFromTheEnd),
                part + " must be 1 to " + most + (alsoFromTheEnd ? ", or -1 to -" + most : ""));
        return number;
    }

    private Set<Integer> numbers(String part, int most, boolean alsoFromTheEnd) {
        return list(part, text -> number(part, text, most, alsoFromTheEnd));
    }

    private <T> Set<T> list(String part, Function<String, T> read) {
        String given = parts.remove(part);
        return given == null
                ? Set.of()
                : Arrays.stream(given.split(",")).map(read).collect(Collectors.toUnmodifiableSet());
    }

    private static Weekday weekday(String text) {
        var read = WEEKDAY.matcher(text);
        refuse(!read.matches(), "BYDAY must be days such as MO, or 2MO, or -1FR");
        int n = read.group(1) == null ? 0 : number("the number in BYDAY", read.group(1), 53, true);
        return new Weekday(n, DayOfWeek.of(DAYS.indexOf(read.group(2)) + 1));
    }

    /** UNTIL includes its whole date, or its time (RFC 5545 section 3.3.10); all day counts as 00:00. */
    private static BiPredicate<Due, ZoneId> until(@Nullable String text) {
        if (text == null) {
            return (due, zone) -> true;
        }
        try {
            if (UNTIL.matcher(text).matches()) {
                if (text.length() == 8) {
                    var last = LocalDate.parse(text, UNTIL_DATE);
                    return (due, zone) -> !due.date().isAfter(last);
                }
                var last = LocalDateTime.parse(text.substring(0, 15), UNTIL_TIME);
                return text.endsWith("Z")
                        ? (due, zone) -> !due.startsAt(zone).isAfter(last.toInstant(ZoneOffset.UTC))
                        : (due, zone) -> !due.local().isAfter(last);
            }
        } catch (DateTimeException e) {
            // the sentence below says it
        }
        throw new IllegalArgumentException(
                "UNTIL must be a date or date-time: 20270131, 20270131T090000, 20270131T080000Z");
    }

    private static DateTimeFormatter strict(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    }
}
