package dev.sandglass.recurrence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-012")
class FailuresTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Failures failures = new Failures(3, meters);

    @Test
    void a_completion_that_keeps_failing_is_counted_once_and_left_alone() {
        for (int i = 0; i < 3; i++) {
            assertTrue(failures.mayTry("home.1 at 2"));
            assertEquals(0, failed());
            failures.count("home.1 at 2", new IllegalArgumentException("no such rule"));
        }
        assertFalse(failures.mayTry("home.1 at 2"));
        assertEquals(1, failed());
    }

    @Test
    void the_others_and_its_next_completion_go_on() {
        for (int i = 0; i < 3; i++) {
            failures.count("home.1 at 2", new IllegalArgumentException("no such rule"));
        }
        assertTrue(failures.mayTry("home.1 at 4"));
        assertTrue(failures.mayTry("home.2 at 2"));
    }

    private double failed() {
        return meters.get("sandglass.recurrence.failed").counter().count();
    }
}
