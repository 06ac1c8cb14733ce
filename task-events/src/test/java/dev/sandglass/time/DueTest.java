package dev.sandglass.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("FR-009")
class DueTest {
    private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");

    @Test
    void isALocalDateTimeWithSeconds() {
        var due = Due.parse("2027-01-31T09:00:00");
        assertFalse(due.allDay());
        assertEquals("2027-01-31T09:00:00", due.toString());
        assertEquals(Instant.parse("2027-01-31T08:00:00Z"), due.at(WARSAW));
        assertEquals(due.at(WARSAW), due.startsAt(WARSAW));
    }

    @Test
    void orADateAloneWhichIsOverAtTheEndOfThatDay() {
        var due = Due.parse("2027-01-31");
        assertTrue(due.allDay());
        assertEquals("2027-01-31", due.toString());
        assertEquals(Instant.parse("2027-01-31T23:00:00Z"), due.at(WARSAW));
        assertEquals(Instant.parse("2027-01-30T23:00:00Z"), due.startsAt(WARSAW));
    }

    @ParameterizedTest
    @CsvSource({
        "Europe/Warsaw, 2027-03-28T02:30:00, 2027-03-28T01:30:00Z", // skipped: with the offset before the change
        "Europe/Warsaw, 2027-10-31T02:30:00, 2027-10-31T00:30:00Z", // comes twice: the first
        "America/New_York, 2027-03-14T02:30:00, 2027-03-14T07:30:00Z",
        "America/New_York, 2027-11-07T01:30:00, 2027-11-07T05:30:00Z",
        "Africa/Cairo, 2024-04-25, 2024-04-25T22:00:00Z", // the day after has no 00:00
        "Pacific/Apia, 2011-12-29, 2011-12-30T10:00:00Z", // the day after does not exist
    })
    void countsLocalTimesThatAreSkippedOrDoubled(String zone, String due, Instant at) {
        assertEquals(at, Due.parse(due).at(ZoneId.of(zone)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tomorrow",
                "2027-02-31",
                "2027-13-01",
                "2027-1-1",
                "20270131",
                "0000-01-01",
                "10000-01-01",
                "+2027-01-01",
                "-2027-01-01",
                "2027-01-31T09:00",
                "2027-01-31T24:00:00",
                "2027-01-31T09:60:00",
                "2027-01-31T23:59:60",
                "2027-01-31T09:00:00.5",
                "2027-01-31T09:00:00Z",
                "2027-01-31T09:00:00+01:00",
                "2027-01-31 09:00:00",
                "2027-01-31t09:00:00",
                " 2027-01-31",
                "2027-01-31\n",
                "٢٠٢٧-01-31"
            })
    void refusesAllElse(String text) {
        assertThrows(IllegalArgumentException.class, () -> Due.parse(text));
    }

    @Test
    void isTextInJson() throws Exception {
        var json = new ObjectMapper();
        assertEquals("\"2027-01-31T09:00:00\"", json.writeValueAsString(Due.parse("2027-01-31T09:00:00")));
        assertEquals(Due.parse("2027-01-31"), json.readValue("\"2027-01-31\"", Due.class));
    }

    @Test
    void theEndsOfTimeStayWithinFourDigitsOfTheYear() {
        assertEquals(
                "9999-12-31T23:59:59.999Z",
                Due.parse("9999-12-31").at(ZoneId.of("UTC")).toString());
        assertEquals(
                "0001-01-01T00:00:00Z",
                Due.parse("0001-01-01T00:00:00").at(ZoneId.of("Asia/Tokyo")).toString());
    }
}
