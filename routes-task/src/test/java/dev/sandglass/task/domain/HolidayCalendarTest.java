package dev.sandglass.task.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calendars as people have them, and as nobody should. */
@org.junit.jupiter.api.Tag("FR-002")
class HolidayCalendarTest {
    private static final LocalDate TODAY = LocalDate.parse("2026-11-29");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DTSTART;VALUE=DATE:20270106 | 2027-01-06",
                "DTSTART:20270106 / DTEND:20270106 | 2027-01-06",
                "DTSTART;VALUE=DATE:20271225 / DTEND;VALUE=DATE:20271227 | 2027-12-25 2027-12-26",
                "DTSTART;TZID=Europe/Warsaw:20270106T000000 / DTEND;TZID=Europe/Warsaw:20270107T000000 | 2027-01-06",
                "DTSTART:20271225 / DURATION:P2D | 2027-12-25 2027-12-26",
                "DTSTART:20271225 / DURATION:P1W / RRULE:FREQ=YEARLY;COUNT=1 | 2027-12-25 2027-12-26 2027-12-27 2027-12-28 2027-12-29 2027-12-30 2027-12-31",
                "DTSTART:19700106 / RRULE:FREQ=YEARLY;UNTIL=20270106 | 2025-01-06 2026-01-06 2027-01-06",
                "DTSTART:20270106 / RRULE:FREQ=YEARLY;COUNT=3 / EXDATE;VALUE=DATE:20280106 | 2027-01-06 2029-01-06",
                "DTSTART:20270106 / RDATE:20270108,20270107 / EXDATE:20270107 / EXDATE:20270106 | 2027-01-08",
                "DTSTART:20261126 / RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;UNTIL=20271231T000000Z | 2026-11-26 2027-11-25",
                "SUMMARY:a\\, b\\; c / DTSTART:20270106 / X-WHO;X-A=\"b:c\":d | 2027-01-06",
                "dtstart:20270106 / status:confirmed | 2027-01-06",
                "DTSTART:20270106 / STATUS:CANCELLED | ''",
                "DTSTART:20241225 | ''",
            })
    void theDaysOfAnEvent(String event, String days) {
        assertEquals(days, days(calendar(event)));
    }

    /** A day that repeats for ever is taken for the last year and for twenty years ahead. */
    @Test
    void whatRepeatsForEverIsTakenForTwentyYears() {
        SortedSet<LocalDate> days = read(calendar("DTSTART:19000101 / RRULE:FREQ=YEARLY"));
        assertEquals("2025-01-01", days.first().toString());
        assertEquals("2047-01-01", days.last().toString());
        assertEquals(23, days.size());
    }

    @Test
    void onlyEventsHaveDaysAndLinesAreFolded() {
        assertEquals("2027-01-06", days("""
                BEGIN:VCALENDAR\r
                VERSION:2.0\r
                BEGIN:VTIMEZONE\r
                TZID:Europe/Warsaw\r
                BEGIN:STANDARD\r
                DTSTART:19961027T030000\r
                RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
                END:STANDARD\r
                END:VTIMEZONE\r
                BEGIN:VTODO\r
                DTSTART:20270107\r
                END:VTODO\r
                BEGIN:VEVENT\r
                DTSTART;VALUE\r
                 =DATE:2027\r
                \t0106\r
                SUMMARY:Trzech Króli\r
                BEGIN:VALARM\r
                DURATION:PT5M\r
                END:VALARM\r
                END:VEVENT\r
                END:VCALENDAR\r
                """));
        assertEquals("", days("BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SUMMARY:x | DTSTART must be a date",
                "DTSTART:20270106T090000 | DTSTART must be a date",
                "DTSTART:20270230 | 20270230",
                "DTSTART:00000101 | DTSTART must be a date",
                "DTSTART:20270106 / DTSTART:20270107 | line 4: DTSTART is there twice",
                "DTSTART:20270106 / DTEND:20270105 | the end must be within 2000 days of the start",
                "DTSTART:20270106 / DTEND:99991231 | the end must be within 2000 days of the start",
                "DTSTART:20270106 / DURATION:PT1H | DURATION must be days or weeks",
                "DTSTART:20270106 / DURATION:P9999W | the end must be within",
                "DTSTART:20270106 / RRULE:FREQ=HOURLY | FREQ must be",
                "DTSTART:16010101 / RRULE:FREQ=YEARLY | what repeats begins in 1900 or later",
                "DTSTART:20270106 / RRULE:FREQ=DAILY | a calendar may have 2000",
                "DTSTART:20270106 / EXDATE:soon | EXDATE must be a date",
                "DTSTART:20270106 / RECURRENCE-ID:20270106 | RECURRENCE-ID is not taken",
                "DTSTART:20270106 / nonsense | line 4: this is no iCalendar",
            })
    void whatCannotBeADayIsRefusedWithItsLine(String event, String why) {
        String refused = refused(calendar(event));
        assertTrue(refused.startsWith("line ") && refused.contains(why), refused);
    }

    @Test
    void whatIsNoCalendarIsRefused() {
        String no = "must be a calendar, from BEGIN:VCALENDAR to END:VCALENDAR";
        assertEquals(no, refused("BEGIN:VEVENT\nDTSTART:20270106\nEND:VEVENT"));
        assertEquals(no, refused("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270106\nEND:VEVENT"));
        assertEquals(no, refused("{\"days\":[]}"));
        assertTrue(refused("BEGIN:VCALENDAR\nEND:VEVENT\nEND:VCALENDAR").startsWith("line 2: this is no iCalendar"));
    }

    /** The largest body of what costs most. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DTSTART:20000101 / RRULE:FREQ=DAILY;BYDAY=MO;BYMONTH=2;BYMONTHDAY=30 | is one too many that repeats: 100 may",
                "DTSTART:19000101 / RRULE:FREQ=DAILY;COUNT=45000 | is one too many that repeats: 100 may",
                "DTSTART:20270101 / DTEND:20320101 | a calendar may have 2000",
            })
    void aHostileCalendarIsRefusedSoon(String event, String why) {
        int fits = 1_000_000 / (event.length() + 26);
        String all = calendar(Stream.generate(() -> event).limit(fits).toArray(String[]::new));
        long before = System.nanoTime();
        String refused = refused(all);
        assertTrue(refused.contains(why), refused);
        assertTrue(System.nanoTime() - before < 30_000_000_000L);
    }

    @Test
    void whatIsLongCostsNoMoreThanItIsLong() {
        assertEquals("2027-01-06", days(calendar("DTSTART:20270106" + " / EXDATE:20270107".repeat(55_000))));
        assertEquals(
                "",
                days(calendar(
                        "DTSTART:20000101 / DTEND:20050101 / RDATE:" + "20000101,".repeat(100_000) + "20000101")));
        assertEquals("must be a calendar, from BEGIN:VCALENDAR to END:VCALENDAR", refused("BEGIN:A\n".repeat(120_000)));
        assertTrue(refused("BEGIN:VCALENDAR\nX:" + "\n ".repeat(500_000)).startsWith("must be a calendar"));
    }

    @Property
    @Tag("FR-002")
    void whateverComesIsTakenOrRefused(@ForAll @StringLength(max = 200) String text) {
        for (String all : new String[] {text, calendar("DTSTART:20270106;" + text), calendar(text)}) {
            try {
                read(all);
            } catch (Rejection e) {
                assertEquals(Reason.INVALID, e.reason());
            }
        }
    }

    /** @param events lines separated by {@code /} */
    private static String calendar(String... events) {
        return Arrays.stream(events)
                .map(event -> "BEGIN:VEVENT\n" + event.replace(" / ", "\n") + "\nEND:VEVENT\n")
                .collect(Collectors.joining("", "BEGIN:VCALENDAR\n", "END:VCALENDAR\n"));
    }

    private static SortedSet<LocalDate> read(String text) {
        return HolidayCalendar.read(text, TODAY);
    }

    private static String days(String text) {
        return read(text).stream().map(LocalDate::toString).collect(Collectors.joining(" "));
    }

    private static String refused(String text) {
        Rejection refused = assertThrows(Rejection.class, () -> read(text));
        assertEquals(Reason.INVALID, refused.reason());
        return refused.more().at("/errors/0/detail").asText();
    }
}
