package dev.sandglass.audit.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TurnsTest {
    private static final String A_LIST = "{\"list\":\"a\",\"seq\":100,\"hash\":\"x\"}";

    private final Turns turns = new Turns();

    @Test
    void aListIsWalkedByOneAtATimeAndNobodyWaitsLongerThanTask() throws Exception {
        Verifying first = Verifying.begin(A_LIST);
        turns.walk(first);
        turns.walk(Verifying.begin("{\"list\":\"b\",\"seq\":1,\"hash\":\"x\"}"));
        Verifying second = Verifying.begin(A_LIST, Duration.ofMillis(20));
        assertLate(() -> turns.walk(second));
        turns.walked(first);
        turns.walk(Verifying.begin(A_LIST));
    }

    @Test
    void aWalkThatNobodyWaitsForAnyMoreEnds() {
        Verifying walk = Verifying.begin(A_LIST, Duration.ofMillis(-1));
        assertLate(() -> Verifying.keys(walk));
    }

    private static void assertLate(Executable call) {
        assertEquals(Reason.NOT_NOW, assertThrows(Rejection.class, call).reason());
    }
}
