package dev.sandglass.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** While the store is away, calls are refused at once; it is used again as soon as it answers. */
@Tag("FR-012")
class CircuitTest {
    private long now;
    private int made;
    private final Circuit circuit = new Circuit(() -> now);

    @Test
    void afterACallThatFailedTheNextIsNotMade() {
        fails();
        fails();
        assertEquals(1, made);
    }

    @Test
    void eachHalfSecondOneCallLooks() {
        fails();
        pass(500);
        fails();
        fails();
        assertEquals(2, made);
    }

    @Test
    void aCallThatSucceedsOpensItForAll() {
        fails();
        pass(500);
        succeeds();
        succeeds();
        assertEquals(3, made);
    }

    @Test
    void oneThatFailsAmongOthersThatSucceedHoldsUpNobody() {
        assertThrows(
                Unavailable.class,
                () -> circuit.call(() -> {
                    made++;
                    pass(100);
                    succeeds();
                    throw new Unavailable("the state store", null);
                }));
        succeeds();
        assertEquals(3, made);
    }

    @Test
    void whoIsToldThatSomebodyElseWasFirstIsTold() {
        assertThrows(
                Unavailable.class,
                () -> circuit.call(() -> {
                    throw new Unavailable("the state store", new IllegalStateException("possible etag mismatch"));
                }));
        succeeds();
        assertEquals(1, made);
    }

    private void fails() {
        assertThrows(
                Unavailable.class,
                () -> circuit.call(() -> {
                    made++;
                    throw new Unavailable("the state store", null);
                }));
    }

    private void succeeds() {
        circuit.call(() -> ++made);
    }

    private void pass(int millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
