package dev.sandglass.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dapr.exceptions.DaprException;
import java.util.List;
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

    /** As daprd 1.18.2 says it, and the SDK after it. */
    @Test
    @Tag("FR-013")
    void aRequestThatIsRefusedAsWrongHoldsUpNobody() {
        for (DaprException wrong : List.of(
                answer(
                        "INTERNAL",
                        "error while executing state transaction: error parsing TTL: incorrect value for"
                                + " metadata 'ttlInSeconds': must be -1 or greater"),
                answer("INVALID_ARGUMENT", "input key/keyPrefix 'a||b' can't contain '||'"),
                answer(
                        "INVALID_ARGUMENT",
                        "the transaction contains 9 operations, which is more than what it supports"),
                answer(
                        "INTERNAL",
                        "fail to get x from state store state: ERROR: invalid byte sequence (SQLSTATE 22021)"),
                answer(
                        "INTERNAL",
                        "error while executing state transaction: ERROR: index row size (SQLSTATE 54000)"))) {
            fails(wrong);
            int before = made;
            succeeds();
            assertEquals(before + 1, made, wrong::getMessage);
        }
    }

    @Test
    void aStoreThatIsAwayIsSoInWhateverWordsItIsSaid() {
        for (DaprException away : List.of(
                answer("UNAVAILABLE", "io exception"),
                answer("DEADLINE_EXCEEDED", "context deadline exceeded"),
                answer("UNKNOWN", "failed to connect to `user=x database=x`: dial error"),
                answer("INTERNAL", "fail to get x from state store state: failed to connect to `user=x`"),
                answer("INTERNAL", "error while executing state transaction: FATAL: shutting down (SQLSTATE 57P01)"),
                answer("INVALID_ARGUMENT", "state store state is not found"),
                answer("FAILED_PRECONDITION", "state store state is not configured"))) {
            fails(away);
            int before = made;
            fails();
            assertEquals(before, made, away::getMessage);
            pass(500);
            succeeds();
        }
    }

    /** Else a file that asks for what is always refused would look for everybody, and see nothing. */
    @Test
    @Tag("FR-013")
    void whoIsRefusedLeavesTheLookToTheNext() {
        fails();
        pass(500);
        fails(answer("INVALID_ARGUMENT", "input key/keyPrefix 'a||b' can't contain '||'"));
        succeeds();
        assertEquals(3, made);
    }

    private static DaprException answer(String code, String words) {
        return new DaprException(code, words, new byte[0], 0);
    }

    private void fails(DaprException why) {
        assertThrows(
                Unavailable.class,
                () -> circuit.call(() -> {
                    made++;
                    throw new Unavailable("the state store", why);
                }));
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
