package dev.sandglass.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("FR-003")
class ReminderSpecTest {
    private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");

    @ParameterizedTest
    @CsvSource({
        "2027-01-31T09:00:00, -PT15M, 2027-01-31T07:45:00Z", // a quarter of an hour before
        "2027-01-31T09:00:00, PT0S, 2027-01-31T08:00:00Z",
        "2027-01-31T09:00:00, +PT5M, 2027-01-31T08:05:00Z",
        "2027-01-31T09:00:00, -P1D, 2027-01-30T08:00:00Z",
        "2027-01-31T09:00:00, -P1DT2H, 2027-01-30T06:00:00Z",
        "2027-01-31T09:00:00, -P1W, 2027-01-24T08:00:00Z",
        "2027-03-31T09:00:00, -P1M, 2027-02-28T08:00:00Z",
        "2027-01-31T09:00:00, -PT0.250S, 2027-01-31T07:59:59.750Z",
        "2027-01-31, -PT15M, 2027-01-30T22:45:00Z", // all day counts from 00:00
        "2027-01-31, PT9H, 2027-01-31T08:00:00Z",
        "2027-03-28, PT9H, 2027-03-28T07:00:00Z", // all day by the clock, also when the clocks change: 09:00
        "2027-10-31, PT9H, 2027-10-31T08:00:00Z",
        "2027-03-29, -PT15H, 2027-03-28T07:00:00Z",
        "2027-11-01, -PT15H, 2027-10-31T08:00:00Z",
        "2027-03-28, P1DT9H, 2027-03-29T07:00:00Z",
        "2027-03-28, PT2H30M, 2027-03-28T01:30:00Z", // of a time the clocks skip: with the offset before the change
        "2027-10-31, PT2H30M, 2027-10-31T00:30:00Z", // of one that comes twice: the first
        "2027-03-28T09:00:00, -P1D, 2027-03-27T08:00:00Z", // 23 hours before: the same time by the clock
        "2027-03-28T09:00:00, -PT24H, 2027-03-27T07:00:00Z",
        "2027-03-28T02:30:00, -P1D, 2027-03-27T01:30:00Z", // due at a skipped time, a day before at that time
        "2027-03-28T02:30:00, -PT1H, 2027-03-28T00:30:00Z",
    })
    void addsASignedDurationToDue(String due, String reminder, Instant at) {
        var spec = ReminderSpec.parse(reminder);
        assertTrue(spec.needsDue());
        assertEquals(at, spec.at(Due.parse(due), WARSAW));
        assertEquals(reminder, spec.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "America/New_York, 2027-03-14, 2027-03-14T13:00:00Z, 2027-11-07, 2027-11-07T14:00:00Z",
        "America/Havana, 2027-03-14, 2027-03-14T13:00:00Z, 2027-11-07, 2027-11-07T14:00:00Z", // the day begins at 01:00
        "Africa/Cairo, 2027-04-30, 2027-04-30T06:00:00Z, 2027-10-28, 2027-10-28T06:00:00Z", // at midnight
        "Australia/Lord_Howe, 2027-10-03, 2027-10-02T22:00:00Z, 2027-04-04, 2027-04-03T22:30:00Z", // half an hour
        "Asia/Kathmandu, 2027-03-28, 2027-03-28T03:15:00Z, 2027-10-31, 2027-10-31T03:15:00Z", // never
    })
    void nineOfAnAllDayTaskIsNineOnTheDaysTheClocksGoOnAndBack(
            String zone, String on, Instant nine, String back, Instant alsoNine) {
        var spec = ReminderSpec.parse("PT9H");
        assertEquals(nine, spec.at(Due.parse(on), ZoneId.of(zone)));
        assertEquals(alsoNine, spec.at(Due.parse(back), ZoneId.of(zone)));
    }

    /** Around each change of the clocks of each zone, whatever the duration. */
    @Test
    void remindersOfAllDayTasksGoByTheClockInEveryZone() {
        for (String name : ZoneId.getAvailableZoneIds()) {
            var zone = ZoneId.of(name);
            var change = zone.getRules().nextTransition(Instant.parse("2024-01-01T00:00:00Z"));
            for (int i = 0; change != null && i < 10; i++) {
                for (int day = -2; day <= 2; day++) {
                    var due = new Due(change.getDateTimeBefore().toLocalDate().plusDays(day), null);
                    var local = due.local();
                    assertEquals(local.plusHours(9), at("PT9H", due, zone), name);
                    assertEquals(local.minusHours(15), at("-PT15H", due, zone), name);
                    assertEquals(local.plusHours(33), at("P1DT9H", due, zone), name);
                    assertEquals(local.minusHours(39), at("-P1DT15H", due, zone), name);
                }
                change = zone.getRules().nextTransition(change.getInstant());
            }
        }
    }

    private static LocalDateTime at(String reminder, Due due, ZoneId zone) {
        return LocalDateTime.ofInstant(ReminderSpec.parse(reminder).at(due, zone), zone);
    }

    @Test
    void orIsAnInstantToTheMillisecond() {
        var spec = ReminderSpec.parse("2027-01-30T18:00:00.123456Z");
        assertFalse(spec.needsDue());
        assertEquals(Instant.parse("2027-01-30T18:00:00.123Z"), spec.at(Due.parse("2027-01-31"), WARSAW));
        assertEquals("2027-01-30T18:00:00.123Z", spec.toString());
        assertEquals(
                "2027-01-30T18:00:00Z",
                ReminderSpec.parse("2027-01-30T18:00:00Z").toString());
    }

    @ParameterizedTest
    @CsvSource({
        "2027-01-30T18:00:00Z, 2027-01-31T09:00:00, 2027-02-28T09:00:00, 2027-02-27T18:00:00Z",
        "2027-03-27T18:00:00Z, 2027-03-27T20:00:00, 2027-03-28T20:00:00, 2027-03-28T17:00:00Z", // 19:00 stays 19:00
        "2027-10-30T17:00:00Z, 2027-10-30, 2027-11-06, 2027-11-06T18:00:00Z",
        "-PT15M, 2027-10-30, 2027-11-06, -PT15M",
    })
    void anInstantMovesAsFarAsDueDid(String reminder, String from, String to, String moved) {
        assertEquals(
                moved,
                ReminderSpec.parse(reminder)
                        .moved(Due.parse(from), Due.parse(to), WARSAW)
                        .toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "P",
                "-P",
                "PT",
                "-P1DT",
                "15M",
                "P1H",
                "PT1D",
                "P-1D",
                "PT-15M",
                "--PT1M",
                "pt15m",
                " PT1M",
                "PT1M ",
                "P1D1W",
                "PT1.5H",
                "P11Y",
                "-P999999999W",
                "P999999999Y",
                "PT999999999H",
                "2027-01-30",
                "2027-01-30T18:00:00",
                "2027-01-30T18:00Z",
                "2027-02-30T18:00:00Z",
                "2027-01-30T24:00:00Z",
                "2027-01-30T23:59:60Z",
                "2027-01-30T18:00:00+00:00",
                "2027-01-30T19:00:00+01:00"
            })
    void refusesAllElse(String text) {
        assertThrows(IllegalArgumentException.class, () -> ReminderSpec.parse(text));
    }

    @Test
    void isTextInJson() throws Exception {
        var json = new ObjectMapper();
        assertEquals("[\"-PT15M\"]", json.writeValueAsString(new ReminderSpec[] {ReminderSpec.parse("-PT15M")}));
        assertEquals(ReminderSpec.parse("-PT15M"), json.readValue("\"-PT15M\"", ReminderSpec.class));
        assertEquals("\"2027-01-30T18:00:00Z\"", json.writeValueAsString(ReminderSpec.parse("2027-01-30T18:00:00Z")));
    }
}
