package dev.sandglass.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A reminder that comes again until its task is done: not too often, and not for ever. */
@Tag("FR-003")
class NagTest {
    private static final Instant NINE = Instant.parse("2027-01-31T09:00:00Z");

    @ParameterizedTest
    @ValueSource(
            strings = {"PT4M59S", "PT0S", "-PT10M", "P1DT1S", "P1W", "P1M", "10 minutes", "PT99999999999999999999H", ""
            })
    void itIsFromFiveMinutesToADay(String text) {
        assertThrows(IllegalArgumentException.class, () -> Nag.parse(text));
        assertEquals("PT5M", Nag.parse("PT5M").toString());
        assertEquals(Nag.parse("PT24H"), Nag.parse("P1D"));
    }

    @Test
    void itComesThatFarAfterItCameForADayAndWhatWasMissedIsNotMadeUpFor() {
        Nag nag = Nag.parse("PT10M");
        assertEquals(NINE.plusSeconds(600), nag.after(NINE, NINE, NINE.plusMillis(3)));
        Instant late = NINE.plus(Duration.ofHours(3));
        assertEquals(late.plusSeconds(600), nag.after(NINE, NINE, late));
        Instant last = NINE.plus(Duration.ofDays(1));
        assertEquals(last, nag.after(last.minusSeconds(600), NINE, last.minusSeconds(599)));
        assertNull(nag.after(last, NINE, last.plusMillis(3)));
        assertEquals(last, Nag.parse("P1D").after(NINE, NINE, NINE), "once");
    }
}
