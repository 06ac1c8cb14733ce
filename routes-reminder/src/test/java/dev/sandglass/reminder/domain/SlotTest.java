package dev.sandglass.reminder.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-003")
class SlotTest {
    @Test
    void whatIsPastAlreadyIsNotedWhereTheSweepHasNotBeen() {
        Instant now = Instant.parse("2027-01-31T08:00:30Z");
        assertEquals(
                Slot.minute(now), Slot.of("t", now.minusSeconds(3_600), now).minute());
        assertEquals(
                Slot.minute(now) + 2, Slot.of("t", now.plusSeconds(120), now).minute());
    }

    @Property
    void everyReminderIsOnAPageOfItsMinute(
            @ForAll String task, @ForAll @LongRange(min = 0, max = 4_000_000_000_000L) long millis) {
        Instant at = Instant.ofEpochMilli(millis);
        Slot slot = Slot.of(task, at, at);
        assertTrue(Slot.of(Slot.minute(at), Slot.minute(at)).contains(slot));
        assertTrue(at.isBefore(slot.end()) && !at.isBefore(slot.end().minusSeconds(60)));
    }
}
