package dev.sandglass.support.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.support.domain.Letter;
import dev.sandglass.support.memory.Resending.Resent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-012")
class ResendingTest {
    private static final Letter.Head THREE = new Letter.Head(1, 4, 7, Map.of());

    @Test
    void sendingAllAgainEndsInTimeAndGoesOnWhereItEnded() throws Exception {
        Resending first = new Resending("{\"from\":0}", Duration.ofMillis(10));
        Resending.range(first, THREE);
        assertTrue(Resending.isOpen(first));
        Resending.next(first, Map.of());
        Thread.sleep(11);
        assertFalse(Resending.isOpen(first));
        assertEquals(new Resent(0, 0, 5L), Resending.outcome(first));

        Resending second = Resending.begin("{\"from\":5}");
        Resending.range(second, THREE);
        assertEquals(List.of("dead-letters/5"), Resending.keys(second));
        for (int left = 2; left > 0; left--) {
            assertTrue(Resending.isOpen(second));
            assertNull(Resending.next(second, Map.of()));
        }
        assertFalse(Resending.isOpen(second));
        assertNull(Resending.outcome(second).next());
    }

    @Test
    void aNumberThatNeverWasOrIsGoneForLongIsNotLookedFor() {
        for (long n : List.of(0L, 3L, 7L, Long.MAX_VALUE - 1)) {
            Resending one = Resending.begin("{\"n\":%d}".formatted(n));
            Resending.range(one, THREE);
            assertFalse(Resending.isOpen(one));
            assertEquals(new Resent(0, 0, null), Resending.outcome(one));
        }
    }
}
