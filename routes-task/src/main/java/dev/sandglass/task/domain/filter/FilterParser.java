package dev.sandglass.task.domain.filter;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a filter by recursive descent, one method for each rule:
 *
 * <pre>
 * any        = all { "or" all }
 * all        = one { "and" one }
 * one        = "not" one | "(" any ")" | comparison
 * comparison = field ( operator value | "in" "[" value { "," value } "]" | "is" "null" )
 * value      = text | word of the field | time [ ( "+" | "-" ) number unit ], each but the shift plain or in double quotes
 * </pre>
 *
 * A mistake is told with the character, counted from 1 in code points, and what was expected there.
 */
public final class FilterParser {
    /** Code points. */
    private static final int LONGEST = 2_000;

    private static final int DEEPEST = 20;
    /** A value of a list is one. */
    private static final int MOST_COMPARISONS = 100;

    /** Comparisons that go through all of a text. */
    private static final int MOST_SEARCHES = 20;

    private static final Pattern SPACE = Pattern.compile("[\\s\\p{Z}]*");
    private static final Pattern WORD = Pattern.compile("[^\\s\\p{Z}()\\[\\],\"=!<>~]+");
    private static final Pattern TIME = Pattern.compile(
            "(?:today|tomorrow|now)\\b|\\d{4}-\\d{2}-\\d{2}(?:T[\\d:.]*(?:Z|[+-]\\d{2}:\\d{2})?)?",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern SHIFT = Pattern.compile("(\\d{1,5})([dwh])\\b", Pattern.CASE_INSENSITIVE);
    /** Words that are no text unless they are quoted. */
    private static final Set<String> RESERVED = Set.of("and", "or", "not");

    private static final String FIELDS =
            Arrays.stream(Field.values()).map(Field::toString).collect(Collectors.joining(", "));

    private final String filter;
    /** The next character, as an index. */
    private int at;

    private int comparisons;

    private int searches;

    private FilterParser(String filter) {
        this.filter = filter;
    }

    /** @throws IllegalArgumentException with a sentence for a person */
    public static Condition parse(String filter) {
        int length = filter.codePointCount(0, filter.length());
        if (length > LONGEST) {
            throw new IllegalArgumentException(
                    "must have at most " + LONGEST + " characters (Unicode code points), this has " + length);
        }
        FilterParser parser = new FilterParser(filter);
        Condition condition = parser.any(0);
        if (parser.at < filter.length()) {
            throw parser.wantsMore("the end");
        }
        return condition;
    }

    private Condition any(int depth) {
        List<Condition> parts = parts("or", () -> all(depth));
        return parts.size() == 1 ? parts.get(0) : new Condition.Any(parts);
    }

    private Condition all(int depth) {
        List<Condition> parts = parts("and", () -> one(depth));
        return parts.size() == 1 ? parts.get(0) : new Condition.All(parts);
    }

    private List<Condition> parts(String between, Supplier<Condition> part) {
        List<Condition> parts = new ArrayList<>();
        do {
            parts.add(part.get());
        } while (takes(between));
        return parts;
    }

    private Condition one(int depth) {
        if (depth > DEEPEST) {
            skipSpace();
            throw expected("at most " + DEEPEST + " levels of not and (");
        }
        if (takes("not")) {
            return new Condition.Not(one(depth + 1));
        }
        if (!takesSign("(")) {
            return comparison();
        }
        Condition inner = any(depth + 1);
        if (!takesSign(")")) {
            throw wantsMore(")");
        }
        return inner;
    }

    private Condition comparison() {
        String name = word();
        Field field = Field.named(name).orElseThrow(() -> expected("one of " + FIELDS + ", or not, or ("));
        oneMore("the end");
        int start = at;
        at += name.length();
        if (takes("is")) {
            if (!takes("null")) {
                throw expected("null");
            }
            return new Condition.Absent(field);
        }
        if (takes("in")) {
            return new Condition.Compared(field, Operator.EQUALS, list(field));
        }
        Operator operator = operator(field);
        if (operator == Operator.CONTAINS && ++searches > MOST_SEARCHES) {
            at = start;
            throw expected("the end: there are at most " + MOST_SEARCHES + " comparisons by ~");
        }
        return new Condition.Compared(field, operator, List.of(value(field)));
    }

    private void oneMore(String end) {
        skipSpace();
        comparisons++;
        if (comparisons > MOST_COMPARISONS) {
            throw expected(end + ": there are at most " + MOST_COMPARISONS + " comparisons");
        }
    }

    private Operator operator(Field field) {
        return Arrays.stream(Operator.values())
                .filter(operator -> filter.startsWith(operator.toString(), at))
                .findFirst()
                .filter(field.operators()::contains)
                .filter(operator -> takesSign(operator.toString()))
                .orElseThrow(() -> expected(Stream.concat(
                                field.operators().stream().sorted().map(Operator::toString), Stream.of("in or is"))
                        .collect(Collectors.joining(", "))));
    }

    private List<Value> list(Field field) {
        if (!takesSign("[")) {
            throw expected("[");
        }
        List<Value> values = new ArrayList<>();
        values.add(value(field));
        while (takesSign(",")) {
            oneMore("]");
            values.add(value(field));
        }
        if (!takesSign("]")) {
            throw expected(", or ]");
        }
        return values;
    }

    private Value value(Field field) {
        skipSpace();
        return switch (field.kind()) {
            case TEXT -> new Value.Text(text());
            case RANK, CHOICE -> choice(field);
            case TIME -> time();
        };
    }

    private String text() {
        String word = word();
        if (!isQuoted() && (word.isEmpty() || RESERVED.contains(word.toLowerCase(Locale.ROOT)))) {
            throw expected("a text, plain or in double quotes");
        }
        return given(WORD);
    }

    private boolean isQuoted() {
        return filter.startsWith("\"", at);
    }

    /** The next value: all that is in the quotes, or plain as much as is of this shape; empty where nothing is. */
    private String given(Pattern plain) {
        if (isQuoted()) {
            return quoted();
        }
        String there = peek(plain);
        at += there.length();
        return there;
    }

    private String quoted() {
        StringBuilder text = new StringBuilder();
        for (at++; at < filter.length(); at++) {
            char next = filter.charAt(at);
            if (next == '"') {
                at++;
                return text.toString();
            }
            if (next == '\\') {
                at++;
                if (!filter.startsWith("\"", at) && !filter.startsWith("\\", at)) {
                    throw expected("\" or \\ after a \\");
                }
                next = filter.charAt(at);
            }
            text.append(next);
        }
        throw expected("a \" that ends the text");
    }

    private Value choice(Field field) {
        int before = at;
        int index = field.words().indexOf(given(WORD).toLowerCase(Locale.ROOT));
        if (index < 0) {
            at = before;
            throw expected("one of " + String.join(", ", field.words()));
        }
        return new Value.Choice(index);
    }

    private Value time() {
        int before = at;
        Value start = start(given(TIME));
        if (start == null) {
            at = before;
            throw expected("a date as 2027-01-31, an instant as 2027-01-31T08:00:00Z, today, tomorrow or now");
        }
        int sign = takesSign("+") ? 1 : takesSign("-") ? -1 : 0;
        return sign == 0 ? start : shifted(start, sign);
    }

    /** Null for what is none, and for a day or an instant that does not exist. */
    private static @Nullable Value start(String given) {
        if (!TIME.matcher(given).matches()) {
            return null;
        }
        String time = given.toUpperCase(Locale.ROOT);
        try {
            return switch (time) {
                case "NOW" -> new Value.Moment(null, 0, 0);
                case "TODAY" -> new Value.Day(null, 0);
                case "TOMORROW" -> new Value.Day(null, 1);
                default ->
                    time.indexOf('T') < 0
                            ? new Value.Day(LocalDate.parse(time), 0)
                            : new Value.Moment(OffsetDateTime.parse(time).toInstant(), 0, 0);
            };
        } catch (DateTimeException e) {
            return null;
        }
    }

    private Value shifted(Value start, int sign) {
        skipSpace();
        Matcher shift = SHIFT.matcher(filter).region(at, filter.length());
        String unit = shift.lookingAt() ? shift.group(2).toLowerCase(Locale.ROOT) : "";
        if (unit.isEmpty() || (unit.equals("h") && start instanceof Value.Day)) {
            throw expected(
                    start instanceof Value.Day
                            ? "a number of days or weeks, as 7d or 2w"
                            : "a number of hours, days or weeks, as 12h, 7d or 2w");
        }
        at = shift.end();
        int number = sign * Integer.parseInt(shift.group(1));
        int days = unit.equals("d") ? number : unit.equals("w") ? 7 * number : 0;
        return start instanceof Value.Moment moment
                ? new Value.Moment(moment.instant(), days, unit.equals("h") ? number : 0)
                : ((Value.Day) start).plus(days);
    }

    /** The word that comes next; empty where none does. */
    private String word() {
        skipSpace();
        return peek(WORD);
    }

    private String peek(Pattern shape) {
        Matcher next = shape.matcher(filter).region(at, filter.length());
        return next.lookingAt() ? next.group() : "";
    }

    private boolean takes(String keyword) {
        boolean there = word().equalsIgnoreCase(keyword);
        at += there ? keyword.length() : 0;
        return there;
    }

    private boolean takesSign(String sign) {
        skipSpace();
        boolean there = filter.startsWith(sign, at);
        at += there ? sign.length() : 0;
        return there;
    }

    private void skipSpace() {
        Matcher space = SPACE.matcher(filter).region(at, filter.length());
        at = space.lookingAt() ? space.end() : at;
    }

    private IllegalArgumentException wantsMore(String end) {
        return expected("and, or or " + end + " (a text with spaces stands in double quotes)");
    }

    private IllegalArgumentException expected(String what) {
        return new IllegalArgumentException("character "
                + (filter.codePointCount(0, at) + 1)
                + (at < filter.length() ? "" : ", the end")
                + ": expected "
                + what);
    }
}
