package dev.sandglass.task.domain.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.task.domain.filter.Condition.Absent;
import dev.sandglass.task.domain.filter.Condition.All;
import dev.sandglass.task.domain.filter.Condition.Any;
import dev.sandglass.task.domain.filter.Condition.Compared;
import dev.sandglass.task.domain.filter.Condition.Not;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The parser reads what a filter says, and tells what is wrong with one that says nothing. */
@Tag("FR-006")
@net.jqwik.api.Tag("FR-006")
class FilterParserTest {
    private static final Condition A = is(Field.TITLE, "a");
    private static final Condition B = is(Field.TITLE, "b");
    private static final Condition C = is(Field.TITLE, "c");

    private static Condition is(Field field, String text) {
        return compared(field, Operator.EQUALS, new Value.Text(text));
    }

    private static Condition compared(Field field, Operator operator, Value... values) {
        return new Compared(field, operator, List.of(values));
    }

    private record Good(String filter, Condition said) {}

    static List<Good> goods() {
        return List.of(
                new Good("title = a", A),
                new Good("TITLE=a", A),
                new Good(" title\n=\t\u00a0a ", A),
                new Good("title = \"a\"", A),
                new Good("title = \"say \\\"a\\\" \\\\ b\"", is(Field.TITLE, "say \"a\" \\ b")),
                new Good("title = \"\"", is(Field.TITLE, "")),
                new Good("tag = #c++/x-y:z", is(Field.TAG, "#c++/x-y:z")),
                new Good("title = in", is(Field.TITLE, "in")),
                new Good("title = \"and\"", is(Field.TITLE, "and")),
                new Good("title = \u00e9\ud83c\udfe0", is(Field.TITLE, "\u00e9\ud83c\udfe0")),
                new Good("text ~ a", compared(Field.TEXT, Operator.CONTAINS, new Value.Text("a"))),
                new Good("list != x", compared(Field.LIST, Operator.DIFFERS, new Value.Text("x"))),
                new Good(
                        "description in [a,\"b c\" , d]",
                        compared(
                                Field.DESCRIPTION,
                                Operator.EQUALS,
                                new Value.Text("a"),
                                new Value.Text("b c"),
                                new Value.Text("d"))),
                new Good("priority >= High", compared(Field.PRIORITY, Operator.FROM, new Value.Choice(2))),
                new Good("status=completed", compared(Field.STATUS, Operator.EQUALS, new Value.Choice(1))),
                new Good("overdue = true", compared(Field.OVERDUE, Operator.EQUALS, new Value.Choice(1))),
                new Good("recurring != true", compared(Field.RECURRING, Operator.DIFFERS, new Value.Choice(1))),
                new Good("due is null", new Absent(Field.DUE)),
                new Good("due < 2027-01-31", compared(Field.DUE, Operator.BEFORE, day("2027-01-31", 0))),
                new Good("due <= today", compared(Field.DUE, Operator.UP_TO, new Value.Day(null, 0))),
                new Good("due > tomorrow+7d", compared(Field.DUE, Operator.AFTER, new Value.Day(null, 8))),
                new Good("due > today - 2w", compared(Field.DUE, Operator.AFTER, new Value.Day(null, -14))),
                new Good("due > 2027-01-31-7d", compared(Field.DUE, Operator.AFTER, day("2027-01-31", -7))),
                new Good("created > NOW", compared(Field.CREATED, Operator.AFTER, new Value.Moment(null, 0, 0))),
                new Good(
                        "updated > now - 12h", compared(Field.UPDATED, Operator.AFTER, new Value.Moment(null, 0, -12))),
                new Good("updated > now+1w", compared(Field.UPDATED, Operator.AFTER, new Value.Moment(null, 7, 0))),
                new Good(
                        "completed in [2027-01-31T08:00:00+01:00, today]",
                        compared(
                                Field.COMPLETED,
                                Operator.EQUALS,
                                new Value.Moment(Instant.parse("2027-01-31T07:00:00Z"), 0, 0),
                                new Value.Day(null, 0))),
                new Good("priority >= \"High\"", compared(Field.PRIORITY, Operator.FROM, new Value.Choice(2))),
                new Good("status=\"open\"", compared(Field.STATUS, Operator.EQUALS, new Value.Choice(0))),
                new Good("overdue = \"TRUE\"", compared(Field.OVERDUE, Operator.EQUALS, new Value.Choice(1))),
                new Good(
                        "priority in [\"low\",urgent]",
                        compared(Field.PRIORITY, Operator.EQUALS, new Value.Choice(0), new Value.Choice(3))),
                new Good("due = \"2027-01-31\"", compared(Field.DUE, Operator.EQUALS, day("2027-01-31", 0))),
                new Good("due < \"today\"", compared(Field.DUE, Operator.BEFORE, new Value.Day(null, 0))),
                new Good("due < \"Tomorrow\" + 7d", compared(Field.DUE, Operator.BEFORE, new Value.Day(null, 8))),
                new Good(
                        "created > \"2027-01-31t08:00:00+01:00\"",
                        compared(
                                Field.CREATED,
                                Operator.AFTER,
                                new Value.Moment(Instant.parse("2027-01-31T07:00:00Z"), 0, 0))),
                new Good("due = TODAY + 7D", compared(Field.DUE, Operator.EQUALS, new Value.Day(null, 7))),
                new Good("due = Today-2W", compared(Field.DUE, Operator.EQUALS, new Value.Day(null, -14))),
                new Good(
                        "updated > Now - 12H", compared(Field.UPDATED, Operator.AFTER, new Value.Moment(null, 0, -12))),
                new Good("title=a or title=b and title=c", new Any(List.of(A, new All(List.of(B, C))))),
                new Good("(title=a or title=b)and(title=c)", new All(List.of(new Any(List.of(A, B)), C))),
                new Good("not title=a and title=b", new All(List.of(new Not(A), B))),
                new Good(
                        "NOT not(title=a OR title=b AND title=c)",
                        new Not(new Not(new Any(List.of(A, new All(List.of(B, C))))))));
    }

    private static Value day(String date, int days) {
        return new Value.Day(LocalDate.parse(date), days);
    }

    @ParameterizedTest
    @MethodSource("goods")
    void whatIsSaidIsUnderstood(Good good) {
        assertEquals(good.said, FilterParser.parse(good.filter));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "`` | character 1, the end: expected one of FIELDS, or not, or (",
                "`   ` | character 4, the end: expected one of FIELDS, or not, or (",
                "colour = red | character 1: expected one of FIELDS, or not, or (",
                "title = a and | character 14, the end: expected one of FIELDS, or not, or (",
                "title = a or = b | character 14: expected one of FIELDS, or not, or (",
                "() | character 2: expected one of FIELDS, or not, or (",
                "title | character 6, the end: expected =, !=, <=, <, >=, >, ~, in or is",
                "title a | character 7: expected =, !=, <=, <, >=, >, ~, in or is",
                "title == a | character 8: expected a text, plain or in double quotes",
                "due ~ 2027 | character 5: expected =, !=, <=, <, >=, >, in or is",
                "status > open | character 8: expected =, !=, in or is",
                "title = | character 8, the end: expected a text, plain or in double quotes",
                "title = and x = y | character 9: expected a text, plain or in double quotes",
                "title = pay rent | character 13: expected and, or or the end (a text with spaces stands in double quotes)",
                "title = a ) | character 11: expected and, or or the end (a text with spaces stands in double quotes)",
                "(title = a | character 11, the end: expected and, or or ) (a text with spaces stands in double quotes)",
                "(title = a title = b) | character 12: expected and, or or ) (a text with spaces stands in double quotes)",
                "title = \"a | character 11, the end: expected a \" that ends the text",
                "title = \"a\\n\" | character 12: expected \" or \\ after a \\",
                "title in a | character 10: expected [",
                "title in [] | character 11: expected a text, plain or in double quotes",
                "title in [a b] | character 13: expected , or ]",
                "title in [a, | character 13, the end: expected a text, plain or in double quotes",
                "due is not null | character 8: expected null",
                "priority = highest | character 12: expected one of low, medium, high, urgent",
                "overdue = yes | character 11: expected one of false, true",
                "priority = \"highest\" | character 12: expected one of low, medium, high, urgent",
                "priority = \"high \" | character 12: expected one of low, medium, high, urgent",
                "priority = \"\" | character 12: expected one of low, medium, high, urgent",
                "priority = \"high | character 17, the end: expected a \" that ends the text",
                "priority = \"high\" x | character 19: expected and, or or the end (a text with spaces stands in double quotes)",
                "priority = ] | character 12: expected one of low, medium, high, urgent",
                "priority = \"\\h\" | character 14: expected \" or \\ after a \\",
                "due < \"soon\" | character 7: expected a date as 2027-01-31, an instant as 2027-01-31T08:00:00Z, today, tomorrow or now",
                "due < \"today + 7d\" | character 7: expected a date as 2027-01-31, an instant as 2027-01-31T08:00:00Z, today, tomorrow or now",
                "due < \"2027-02-30\" | character 7: expected a date as 2027-01-31, an instant as 2027-01-31T08:00:00Z, today, tomorrow or now",
                "due < \"today | character 13, the end: expected a \" that ends the text",
                "due < TODAY + 3H | character 15: expected a number of days or weeks, as 7d or 2w",
                "due < soon | character 7: expected a date as 2027-01-31, an instant as 2027-01-31T08:00:00Z, today, tomorrow or now",
                "due < 2027-02-30 | character 7: expected a date as 2027-01-31, an instant as 2027-01-31T08:00:00Z, today, tomorrow or now",
                "due < 2027-01-31T08:00:00 | character 7: expected a date as 2027-01-31, an instant as 2027-01-31T08:00:00Z, today, tomorrow or now",
                "due < todays | character 7: expected a date as 2027-01-31, an instant as 2027-01-31T08:00:00Z, today, tomorrow or now",
                "due < today + 3 | character 15: expected a number of days or weeks, as 7d or 2w",
                "due < today + 3h | character 15: expected a number of days or weeks, as 7d or 2w",
                "due < now + x | character 13: expected a number of hours, days or weeks, as 12h, 7d or 2w",
                "due < now + 100000d | character 13: expected a number of hours, days or weeks, as 12h, 7d or 2w",
                "due < today + 7d + 1d | character 18: expected and, or or the end (a text with spaces stands in double quotes)",
                "title = \ud83c\udfe0\ud83c\udfe0 x | character 12: expected and, or or the end (a text with spaces stands in double quotes)",
                "title = e\u0301 x | character 12: expected and, or or the end (a text with spaces stands in double quotes)",
            })
    void whatIsWrongIsToldByItsCharacterAndWhatWasExpectedThere(String filter, String told) {
        assertEquals(
                told.replace(
                        "FIELDS",
                        "title, description, text, tag, list, priority, status, due, created, updated, completed, overdue,"
                                + " recurring"),
                refusal(filter == null ? "" : filter));
    }

    @Test
    void whatIsTooMuchIsRefused() {
        FilterParser.parse("(".repeat(20) + "title = a" + ")".repeat(20));
        assertEquals(
                "character 22: expected at most 20 levels of not and (",
                refusal("(".repeat(21) + "title = a" + ")".repeat(21)));
        assertEquals(
                "character 85: expected at most 20 levels of not and (", refusal("not ".repeat(400) + "title = a"));
        FilterParser.parse("tag=a or ".repeat(99) + "tag=a");
        assertEquals(
                "character 901: expected the end: there are at most 100 comparisons",
                refusal("tag=a or ".repeat(100) + "tag=a"));
        FilterParser.parse("tag in [" + "a,".repeat(98) + "a] or title = a");
        assertEquals(
                "character 213: expected the end: there are at most 100 comparisons",
                refusal("tag in [" + "a,".repeat(99) + "a] or title = a"));
        assertEquals(
                "character 410: expected ]: there are at most 100 comparisons",
                refusal("due in [" + "now,".repeat(100) + " now]"));
        FilterParser.parse("text~a or tag ~ a or ".repeat(10) + "tag=a or title=a");
        assertEquals(
                "character 211: expected the end: there are at most 20 comparisons by ~",
                refusal("text~a or tag ~ a or ".repeat(10) + "description ~ a or"));
        FilterParser.parse("title = " + "\ud83c\udfe0".repeat(1_992));
        assertEquals(
                "must have at most 2000 characters (Unicode code points), this has 2001",
                refusal("title = " + "\ud83c\udfe0".repeat(1_993)));
    }

    @Property(tries = 2_000)
    void anyTextIsReadOrToldByACharacterOfIt(@ForAll Random random, @ForAll int length) {
        var words = List.of(
                "title",
                "due",
                "tag",
                "overdue",
                "=",
                "!=",
                "<",
                "~",
                "in",
                "[",
                "]",
                ",",
                "is",
                "null",
                "and",
                "or",
                "not",
                "(",
                ")",
                "\"",
                "\\",
                "a",
                "today",
                "+",
                "7d",
                "2027-01-31",
                "true",
                " ",
                "\ud83c\udfe0",
                "\u0301");
        var filter = new StringBuilder();
        for (int i = 0; i < Math.floorMod(length, 30); i++) {
            filter.append(words.get(random.nextInt(words.size()))).append(random.nextBoolean() ? " " : "");
        }
        var text = filter.toString();
        try {
            FilterParser.parse(text);
        } catch (IllegalArgumentException e) {
            var told = e.getMessage().replaceFirst("character (\\d+)(, the end)?: expected .+", "$1$2");
            var end = text.codePointCount(0, text.length()) + 1;
            int at = Integer.parseInt(told.replace(", the end", ""));
            assertTrue(told.endsWith("the end") ? at == end : at > 0 && at < end, text + ": " + e.getMessage());
        }
    }

    @Test
    @Tag("FR-012")
    void theLongestIsReadInNoTime() {
        var longest = "title in [" + "a,".repeat(994) + "a";
        long start = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            refusal(longest);
        }
        assertTrue(System.nanoTime() - start < Duration.ofSeconds(5).toNanos());
    }

    private static String refusal(String filter) {
        return assertThrows(IllegalArgumentException.class, () -> FilterParser.parse(filter))
                .getMessage();
    }
}
