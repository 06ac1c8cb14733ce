package dev.sandglass.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuietHoursTest {
    private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");

    @ParameterizedTest
    @CsvSource({
        "22:00, 07:00, 2027-01-31T21:59:59, ''",
        "22:00, 07:00, 2027-01-31T22:00:00, 2027-02-01T07:00:00",
        "22:00, 07:00, 2027-01-31T23:59:59, 2027-02-01T07:00:00",
        "22:00, 07:00, 2027-02-01T00:00:00, 2027-02-01T07:00:00",
        "22:00, 07:00, 2027-02-01T06:59:59, 2027-02-01T07:00:00",
        "22:00, 07:00, 2027-02-01T07:00:00, ''",
        "12:00, 13:30, 2027-02-01T11:59:59, ''",
        "12:00, 13:30, 2027-02-01T12:00:00, 2027-02-01T13:30:00",
        "12:00, 13:30, 2027-02-01T13:30:00, ''",
        "00:00, 07:00, 2027-02-01T00:00:00, 2027-02-01T07:00:00",
        "22:00, 00:00, 2027-01-31T23:00:00, 2027-02-01T00:00:00",
        // The clocks skip the hour in which they end, and have another twice.
        "22:00, 02:30, 2027-03-28T01:00:00, 2027-03-28T03:30:00",
        "22:00, 02:30, 2027-10-31T02:00:00, 2027-10-31T02:30:00",
    })
    void theyEndAtTheNextEnd(String from, String to, LocalDateTime now, String end) {
        Instant here = now.atZone(WARSAW).toInstant();
        assertEquals(
                end,
                new QuietHours(from, to)
                        .end(here, WARSAW)
                        .map(then -> then.atZone(WARSAW)
                                .toLocalDateTime()
                                .toString()
                                .concat(":00")
                                .substring(0, 19))
                        .orElse(""));
    }

    @Test
    void anHourThatComesTwiceIsQuietOnce() {
        Instant second = Instant.parse("2027-10-31T01:15:00Z");
        assertEquals("2027-10-31T02:15", second.atZone(WARSAW).toLocalDateTime().toString());
        assertEquals(true, new QuietHours("22:00", "02:30").end(second, WARSAW).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"24:00", "7:00", "07:60", "07:00:00", "", "22:00"})
    void whatIsNoTimeOfDayOrTheSameIsWrong(String to) {
        assertThrows(IllegalArgumentException.class, () -> new QuietHours("22:00", to));
    }
}
