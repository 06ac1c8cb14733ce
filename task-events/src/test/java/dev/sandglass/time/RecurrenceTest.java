package dev.sandglass.time;

import static dev.sandglass.time.Recurrence.From.COMPLETION;
import static dev.sandglass.time.Recurrence.From.SCHEDULE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sandglass.time.Recurrence.From;
import dev.sandglass.time.Recurrence.Series;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecurrenceTest {
    private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");

    /** The first dates of a rule whose every occurrence is completed in the second it is due (or half a day before). */
    private static List<String> onTime(String rule, String first, int most) {
        var recurrence = Recurrence.parse(rule);
        var anchor = Due.parse(first);
        var dates = new ArrayList<String>();
        Optional<Due> due = Optional.of(anchor);
        for (int n = 1; due.isPresent() && n <= most; n++) {
            dates.add(due.get().toString());
            var done = due.get().startsAt(WARSAW);
            due = recurrence.next(new Series(anchor, due.get(), WARSAW, n), SCHEDULE, done);
        }
        return dates;
    }

    private static String next(String rule, From from, String anchor, String slot, int occurrence, String completedAt) {
        var series = new Series(Due.parse(anchor), Due.parse(slot), WARSAW, occurrence);
        return Recurrence.parse(rule)
                .next(series, from, Instant.parse(completedAt))
                .map(Due::toString)
                .orElse("none");
    }

    @ParameterizedTest
    @Tag("FR-001")
    @CsvSource(
            delimiter = '|',
            value = {
                "daily   | 2027-01-31T09:00:00 | 2027-02-01T09:00:00, 2027-02-02T09:00:00",
                "weekly  | 2027-01-31T09:00:00 | 2027-02-07T09:00:00, 2027-02-14T09:00:00",
                "monthly | 2027-01-31 | 2027-02-28, 2027-03-31, 2027-04-30, 2027-05-31",
                "monthly | 2028-01-30 | 2028-02-29, 2028-03-30",
                "monthly | 2027-02-28 | 2027-03-28",
                "yearly  | 2028-02-29 | 2029-02-28, 2030-02-28, 2031-02-28, 2032-02-29",
                // RFC 5545: a rule spelled out leaves out the months without that day
                "FREQ=MONTHLY | 2027-01-31 | 2027-03-31, 2027-05-31",
                "FREQ=YEARLY | 2028-02-29 | 2032-02-29",
                "FREQ=MONTHLY;BYMONTHDAY=-1 | 2027-01-31 | 2027-02-28, 2027-03-31, 2027-04-30",
                "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=FORWARD | 2027-01-31 | 2027-03-01, 2027-03-31, 2027-05-01",
                "RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=BACKWARD | 2028-02-29 | 2029-02-28",
                "FREQ=WEEKLY;BYDAY=MO,WE | 2027-02-01 | 2027-02-03, 2027-02-08",
                "FREQ=WEEKLY;BYDAY=MO,WE | 2027-02-02 | 2027-02-03, 2027-02-08", // first due on a day not named
                "freq=weekly;byday=mo | 2027-02-01 | 2027-02-08",
                "FREQ=MONTHLY;BYDAY=2TU | 2027-01-12 | 2027-02-09, 2027-03-09",
                "FREQ=MONTHLY;BYDAY=-1FR | 2027-01-29 | 2027-02-26, 2027-03-26",
                "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1 | 2027-01-29 | 2027-02-26, 2027-03-31",
                "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR | 2026-11-13 | 2027-08-13, 2028-10-13",
                "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH | 2026-11-26 | 2027-11-25",
                "FREQ=YEARLY;BYMONTHDAY=15 | 2027-01-15 | 2027-02-15, 2027-03-15",
                "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO | 1997-05-12 | 1998-05-11, 1999-05-17",
                "FREQ=YEARLY;BYWEEKNO=53;BYDAY=SA | 2021-01-02 | 2027-01-02, 2033-01-01",
                "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO | 1997-08-05 | 1997-08-10, 1997-08-19",
                "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU | 1997-08-05 | 1997-08-17, 1997-08-19",
                "RSCALE=GREGORIAN;FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU | 1997-08-05 | 1997-08-17, 1997-08-19",
                "FREQ=YEARLY;BYYEARDAY=-366;BYDAY=MO | 2027-01-31 | 2052-01-01, 2080-01-01",
                "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO | 2024-03-01 | 2044-02-29, 2072-02-29",
                "FREQ=YEARLY;BYMONTHDAY=22;BYSETPOS=2 | 2025-08-22 | 2026-02-22, 2027-02-22",
                "FREQ=WEEKLY;BYDAY=MO,WE,SU;BYSETPOS=3 | 2027-12-31 | 2028-01-02, 2028-01-09",
                "FREQ=MONTHLY;BYMONTHDAY=31;BYDAY=MO;SKIP=BACKWARD | 2027-01-01 | 2027-05-31, 2028-01-31, 2028-07-31",
                "FREQ=MONTHLY;BYMONTHDAY=1,31;SKIP=FORWARD | 2027-02-01 | 2027-03-01, 2027-03-31, 2027-04-01, 2027-05-01",
                "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;SKIP=FORWARD | 2028-02-29 | 2029-03-01, 2030-03-01, 2031-03-01, 2032-02-29",
                // by the clock, over the change of the clocks
                "daily | 2027-03-27T02:30:00 | 2027-03-28T02:30:00, 2027-03-29T02:30:00",
            })
    void datesOfARule(String rule, String first, String following) {
        var expected = new ArrayList<>(List.of(following.split(", ")));
        expected.add(0, first);
        assertEquals(expected, onTime(rule, first, expected.size()));
    }

    @ParameterizedTest
    @Tag("FR-001")
    @CsvSource(
            delimiter = '|',
            value = {
                "FREQ=DAILY;COUNT=1 | 2027-01-31 | 1",
                "FREQ=DAILY;COUNT=3 | 2027-01-31 | 3",
                "FREQ=WEEKLY;BYDAY=MO;COUNT=3 | 2027-02-02 | 3", // the first is a Tuesday, and counts
                "FREQ=DAILY;UNTIL=20270202 | 2027-01-31 | 3",
                "FREQ=DAILY;UNTIL=20270202 | 2027-01-31T09:00:00 | 3",
                "FREQ=DAILY;UNTIL=20270202T085959 | 2027-01-31T09:00:00 | 2",
                "FREQ=DAILY;UNTIL=20270202T090000 | 2027-01-31T09:00:00 | 3",
                "FREQ=DAILY;UNTIL=20270202T075959Z | 2027-01-31T09:00:00 | 2",
                "FREQ=DAILY;UNTIL=20270202T080000Z | 2027-01-31T09:00:00 | 3",
                "FREQ=DAILY;UNTIL=20270202T000000 | 2027-01-31 | 3",
                "FREQ=DAILY;UNTIL=20270201T230000Z | 2027-01-31 | 3",
                "FREQ=DAILY;UNTIL=20270201T225959Z | 2027-01-31 | 2",
                "FREQ=DAILY;UNTIL=20200101 | 2027-01-31 | 1",
                "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30 | 2027-01-31 | 1", // no such date, ever
                "FREQ=MONTHLY;BYDAY=6MO | 2027-01-31 | 1",
                "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30 | 2027-01-31 | 1",
                "daily | 9999-12-30 | 2",
                "FREQ=YEARLY;INTERVAL=10000 | 2027-01-31 | 1",
            })
    void endsOfARule(String rule, String first, int dates) {
        CpuTime.assertAtMost(
                Duration.ofSeconds(2),
                () -> assertEquals(dates, onTime(rule, first, 10).size()));
    }

    /** Rules that look at the most days, at each against the most values. */
    private static Stream<String> dearRules() {
        var impossible = IntStream.rangeClosed(6, 33)
                .boxed()
                .flatMap(
                        n -> Stream.of("MO", "TU", "WE", "TH", "FR", "SA", "SU").map(day -> n + day))
                .collect(Collectors.joining(","));
        var daysOfTheYear = IntStream.rangeClosed(-366, -1).mapToObj(Integer::toString);
        var weeks = IntStream.rangeClosed(1, 53).mapToObj(Integer::toString);
        return Stream.of(
                "FREQ=MONTHLY;COUNT=999999999;BYDAY=" + impossible + ",1SU",
                "FREQ=MONTHLY;COUNT=999999999;BYDAY=" + impossible,
                "FREQ=YEARLY;COUNT=999999999;BYYEARDAY=" + daysOfTheYear.collect(Collectors.joining(",")),
                "FREQ=YEARLY;COUNT=999999999;BYWEEKNO=" + weeks.collect(Collectors.joining(",")),
                "FREQ=WEEKLY;COUNT=999999999;BYDAY=MO,TU,WE,TH,FR,SA,SU",
                "FREQ=DAILY;COUNT=999999999");
    }

    /** It is worked out where others wait for a lock. */
    @ParameterizedTest
    @MethodSource("dearRules")
    void theNextDateCostsLittleHoweverLongTheRuleIsAndHoweverFarBackItBegins(String rule) {
        CpuTime.assertAtMost(Duration.ofSeconds(2), () -> {
            for (int i = 0; i < 10; i++) {
                next(rule, SCHEDULE, "0001-01-01", "0001-01-01", 1, "2026-11-29T08:00:00Z");
            }
        });
    }

    @ParameterizedTest
    @Tag("FR-002")
    @CsvSource(
            delimiter = '|',
            value = {
                // rule | anchor | slot | completed | next
                "daily | 2027-01-31T09:00:00 | 2027-01-31T09:00:00 | 2027-01-31T07:00:00Z | 2027-02-01T09:00:00",
                "daily | 2027-01-31T09:00:00 | 2027-01-31T09:00:00 | 2027-02-03T07:59:59Z | 2027-02-03T09:00:00",
                "daily | 2027-01-31T09:00:00 | 2027-01-31T09:00:00 | 2027-02-03T08:00:00Z | 2027-02-04T09:00:00",
                "daily | 2027-01-31 | 2027-01-31 | 2027-02-03T22:59:59Z | 2027-02-03",
                "daily | 2027-01-31 | 2027-01-31 | 2027-02-03T23:00:00Z | 2027-02-04",
                // done ahead of its time: the one after it, not the same again
                "weekly | 2027-01-31 | 2027-02-07 | 2027-01-20T08:00:00Z | 2027-02-14",
                "monthly | 2027-01-31 | 2027-02-28 | 2027-02-28T08:00:00Z | 2027-03-31",
                "monthly | 2017-01-31 | 2017-02-28 | 2027-02-01T08:00:00Z | 2027-02-28",
                "FREQ=DAILY;COUNT=3 | 2027-01-31 | 2027-01-31 | 2027-02-02T08:00:00Z | 2027-02-02",
                "FREQ=DAILY;COUNT=3 | 2027-01-31 | 2027-01-31 | 2027-02-03T08:00:00Z | none", // those missed count
                "FREQ=DAILY;UNTIL=20270202 | 2027-01-31 | 2027-01-31 | 2027-02-03T08:00:00Z | none",
            })
    void bySchedule_theNextDateOfTheRuleAfterTheCompletedOneThatIsStillToCome(
            String rule, String anchor, String slot, String completedAt, String expected) {
        assertEquals(expected, next(rule, SCHEDULE, anchor, slot, 1, completedAt));
    }

    @ParameterizedTest
    @Tag("FR-002")
    @CsvSource(
            delimiter = '|',
            value = {
                // rule | slot | occurrence | completed | next
                "FREQ=DAILY;INTERVAL=3 | 2027-01-20T09:00:00 | 1 | 2027-02-01T21:00:00Z | 2027-02-04T09:00:00",
                "FREQ=DAILY;INTERVAL=3 | 2027-01-20 | 1 | 2027-02-01T23:30:00Z | 2027-02-05", // it is Tuesday in Warsaw
                "daily | 2027-02-10T09:00:00 | 1 | 2027-02-01T07:00:00Z | 2027-02-02T09:00:00",
                "weekly | 2027-01-20 | 1 | 2027-02-01T10:00:00Z | 2027-02-08",
                "monthly | 2027-01-20 | 1 | 2027-01-31T10:00:00Z | 2027-02-28",
                "yearly | 2027-01-20 | 1 | 2028-02-29T10:00:00Z | 2029-02-28",
                "FREQ=WEEKLY;BYDAY=MO | 2027-01-20 | 1 | 2027-02-02T10:00:00Z | 2027-02-08",
                "FREQ=DAILY;COUNT=3 | 2027-01-20 | 2 | 2027-02-01T10:00:00Z | 2027-02-02",
                "FREQ=DAILY;COUNT=3 | 2027-01-20 | 3 | 2027-02-01T10:00:00Z | none",
                "FREQ=DAILY;UNTIL=20270202 | 2027-01-20 | 1 | 2027-02-01T10:00:00Z | 2027-02-02",
                "FREQ=DAILY;UNTIL=20270202 | 2027-01-20 | 1 | 2027-02-02T10:00:00Z | none",
            })
    void byCompletion_countedFromTheDayOfCompletion(
            String rule, String slot, int occurrence, String completedAt, String expected) {
        assertEquals(expected, next(rule, COMPLETION, "2027-01-01", slot, occurrence, completedAt));
    }

    @ParameterizedTest
    @Tag("FR-001")
    @ValueSource(
            strings = {
                "",
                " ",
                "Daily",
                "hourly",
                "every monday",
                "RRULE:FREQ=DAILY",
                "FREQ=",
                "FREQ=DAILY;",
                ";FREQ=DAILY",
                "FREQ=DAILY;;INTERVAL=2",
                " FREQ=DAILY",
                "FREQ=DAILY\n",
                "FREQ=HOURLY",
                "FREQ=MINUTELY",
                "FREQ=SECONDLY",
                "FREQ=FORTNIGHTLY",
                "INTERVAL=2",
                "BYDAY=MO;SKIP=BACKWARD",
                "FREQ=DAILY;FREQ=WEEKLY",
                "FREQ=DAILY;INTERVAL=1;INTERVAL=2",
                "FREQ=DAILY;INTERVAL=0",
                "FREQ=DAILY;INTERVAL=-1",
                "FREQ=DAILY;INTERVAL=x",
                "FREQ=DAILY;INTERVAL=2147483647",
                "FREQ=DAILY;COUNT=0",
                "FREQ=DAILY;COUNT=2;UNTIL=20270101",
                "FREQ=DAILY;UNTIL=20270231",
                "FREQ=DAILY;UNTIL=2027-01-31",
                "FREQ=DAILY;UNTIL=20270131T240000Z",
                "FREQ=DAILY;UNTIL=tomorrow",
                "FREQ=DAILY;BYHOUR=9",
                "FREQ=DAILY;BYMINUTE=0",
                "FREQ=DAILY;BYSECOND=0",
                "FREQ=WEEKLY;BYDAY=XX",
                "FREQ=WEEKLY;BYDAY=MO,",
                "FREQ=WEEKLY;BYDAY=1MO",
                "FREQ=MONTHLY;BYDAY=0MO",
                "FREQ=WEEKLY;BYMONTHDAY=1",
                "FREQ=MONTHLY;BYMONTHDAY=32",
                "FREQ=MONTHLY;BYMONTHDAY=0",
                "FREQ=MONTHLY;BYWEEKNO=1",
                "FREQ=MONTHLY;BYYEARDAY=1",
                "FREQ=YEARLY;BYMONTH=13",
                "FREQ=MONTHLY;BYSETPOS=1",
                "FREQ=DAILY;WKST=1",
                "FREQ=DAILY;X-FOO=1",
                "FREQ=DAILY;COLOUR=RED",
                "FREQ=DAILY;_BYDAY_FILTER=MO",
                "FREQ=MONTHLY;SKIP=SIDEWAYS",
                "RSCALE=MARTIAN;FREQ=MONTHLY",
                "RSCALE=ISLAMIC-CIVIL;FREQ=MONTHLY",
                "FREQ=DAILY;EXDATE=20270102",
                "FREQ=DAILY\nEXDATE:20270102",
                "DTSTART:20270101\nRRULE:FREQ=DAILY",
                "FREQ=DAILY;COUNT=99999999999999999999",
                "FREQ=MONTHLY;BYDAY=54MO",
                "FREQ=MONTHLY;BYDAY=+-1MO",
                "FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO",
                "FREQ=MONTHLY;BYSETPOS=0;BYDAY=MO",
                "FREQ=MONTHLY;BYMONTHDAY=1.5",
                "FREQ=MONTHLY;BYMONTHDAY=1 5",
                "FREQ=MONTHLY;SKIP=",
            })
    void refusesWhatCannotBeRead(String text) {
        var refusal = assertThrows(IllegalArgumentException.class, () -> Recurrence.parse(text));
        assertTrue(refusal.getMessage() != null && !refusal.getMessage().isBlank());
    }

    @Test
    void givesBackTheTextAsSent() throws Exception {
        var json = new ObjectMapper();
        assertEquals("\"freq=Daily\"", json.writeValueAsString(Recurrence.parse("freq=Daily")));
        assertEquals(Recurrence.parse("monthly"), json.readValue("\"monthly\"", Recurrence.class));
        assertEquals("\"completion\"", json.writeValueAsString(COMPLETION));
    }

    /** 2,000 steps of series ten years behind: a millisecond each would be much. */
    @Test
    @Tag("SC-002")
    void tenYearsBehindTakesNoTime() {
        CpuTime.assertAtMost(Duration.ofSeconds(4), () -> {
            for (int n = 0; n < 1_000; n++) {
                next("daily", SCHEDULE, "2017-01-31", "2017-01-31", 1, "2027-01-31T10:00:00Z");
                next("FREQ=DAILY;COUNT=9000", SCHEDULE, "2017-01-31", "2017-01-31", 1, "2027-01-31T10:00:00Z");
            }
        });
    }
}
