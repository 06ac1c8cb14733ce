package dev.sandglass.task.domain.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.time.Recurrence;
import dev.sandglass.time.Recurrence.From;
import dev.sandglass.time.Workdays;
import java.time.ZoneOffset;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleInWordsTest {
    private static final RuleInWords ENGLISH = new RuleInWords(Language.spokenIn("en"));

    @ParameterizedTest
    @org.junit.jupiter.api.Tag("FR-001")
    @CsvSource(
            delimiter = '|',
            value = {
                "monthly | every month |",
                "monthly | every month, moved to the working day before | BEFORE",
                "FREQ=MONTHLY;BYMONTHDAY=1;UNTIL=20271231 | every month on day 1, moved to the working day after, until 31 December 2027 | AFTER",
                "FREQ=YEARLY;BYWEEKNO=20 | by the rule FREQ=YEARLY;BYWEEKNO=20, left out on days off | SKIP",
                "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE | every 2 weeks on Monday and Wednesday |",
                "freq=weekly;byday=mo;count=3 | every week on Monday, 3 times |",
                "FREQ=WEEKLY;BYDAY=MO;BYMONTH=1 | every week on Monday in January |",
                "FREQ=DAILY;BYMONTH=2,12 | every day in February and December |",
                "FREQ=MONTHLY;BYDAY=MO | every month on every Monday |",
                "FREQ=MONTHLY;BYDAY=1MO,3MO | every month on the first Monday and the third Monday |",
                "FREQ=MONTHLY;BYDAY=+1MO,-2FR | every month on the first Monday and the second last Friday |",
                "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR | every month on day 13 where it is Friday |",
                "FREQ=MONTHLY;BYMONTHDAY=1,2;BYDAY=SA,SU | every month on day 1 and day 2 where it is Saturday or Sunday |",
                "FREQ=MONTHLY;BYMONTHDAY=-3 | every month 2 days before its end |",
                "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1 | every month on the last working day |",
                "FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1 | every month on the first of Saturday and Sunday |",
                "FREQ=MONTHLY;BYMONTHDAY=13,14;BYSETPOS=1 | by the rule FREQ=MONTHLY;BYMONTHDAY=13,14;BYSETPOS=1 |",
                "FREQ=YEARLY;BYMONTHDAY=15 | every year on day 15 of every month |",
                "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH | every year on the fourth Thursday of November |",
                "FREQ=YEARLY;BYDAY=22MO,13TU | every year on the 22nd Monday and the 13th Tuesday |",
                "FREQ=YEARLY;BYWEEKNO=20 | by the rule FREQ=YEARLY;BYWEEKNO=20 |",
                "FREQ=DAILY;UNTIL=20270131T233000Z | every day, until 31 January 2027 at 23:30 |",
                "FREQ=DAILY;UNTIL=20270131T080000 | every day, until 31 January 2027 at 08:00 |",
                "FREQ=DAILY;UNTIL=20270131T235959Z | every day, until 31 January 2027 |",
                "FREQ=MONTHLY;BYMONTHDAY=31 | every month on day 31, left out where a month is shorter |",
                "FREQ=MONTHLY;BYMONTHDAY=1,30;SKIP=OMIT | every month on day 1 and day 30, left out where a month is shorter |",
                "FREQ=MONTHLY;BYMONTHDAY=31;SKIP=BACKWARD | every month on day 31, on its last day where a month is shorter |",
                "FREQ=MONTHLY;BYMONTHDAY=31;SKIP=FORWARD | every month on day 31, on the day after it where a month is shorter |",
                "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29 | every year on day 29 of February, left out where a month is shorter |",
                "FREQ=YEARLY;BYMONTH=1,3;BYMONTHDAY=31;SKIP=FORWARD | every year on day 31 of January and March |",
                "FREQ=DAILY;BYMONTHDAY=31 | every day on day 31 |",
            })
    void aRuleIsSaid(String rule, String words, Workdays workdays) {
        assertEquals(words, ENGLISH.of(rule, From.SCHEDULE, workdays, ZoneOffset.UTC));
    }

    /** The series of a task has its rule in words, whatever the rule is. */
    @Property
    @Tag("FR-001")
    void everyRuleIsSaid(@ForAll("rules") String rule, @ForAll From from, @ForAll Workdays workdays) {
        assertTrue(ENGLISH.of(rule, from, workdays, ZoneOffset.MAX).matches("(every|by the rule) \\S.*\\S"));
    }

    @Provide
    Arbitrary<String> rules() {
        return Combinators.combine(
                        Arbitraries.of("DAILY", "WEEKLY", "monthly", "YEARLY"),
                        Arbitraries.of("", ";INTERVAL=+2", ";INTERVAL=10000"),
                        Arbitraries.of("", ";BYDAY=MO,WE", ";byday=-1FR", ";BYDAY=+53MO", ";BYDAY=MO,TU,WE,TH,FR"),
                        Arbitraries.of("", ";BYMONTHDAY=31", ";BYMONTHDAY=+30,-31", ";BYYEARDAY=366", ";BYWEEKNO=53,1"),
                        Arbitraries.of("", ";BYMONTH=2", ";BYMONTH=+2,12"),
                        Arbitraries.of("", ";BYSETPOS=-1", ";BYSETPOS=+366,11"),
                        Arbitraries.of(
                                "",
                                ";COUNT=+1",
                                ";UNTIL=99991231",
                                ";UNTIL=99991231T235959z",
                                ";UNTIL=00010101T000000"),
                        Arbitraries.of("", ";SKIP=BACKWARD", ";WKST=SU"))
                .as((freq, interval, day, monthDay, month, place, end, more) ->
                        "FREQ=" + freq + interval + day + monthDay + month + place + end + more)
                .filter(RuleInWordsTest::reads);
    }

    private static boolean reads(String rule) {
        try {
            Recurrence.parse(rule);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
