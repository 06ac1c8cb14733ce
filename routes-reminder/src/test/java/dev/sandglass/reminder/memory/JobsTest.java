package dev.sandglass.reminder.memory;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class JobsTest {
    private final Jobs jobs = new Jobs();

    /** Where there is none each second with a reminder asked for one, in vain: a call and an exception for each change of a task. */
    @Test
    void aSchedulerThatIsAwayIsAskedOnceASecond() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertTrue(jobs.isAsked(), "one that fails once is not away");
            jobs.away();
        }
        assertFalse(jobs.isAsked());
        Thread.sleep(1_001);
        assertTrue(jobs.isAsked());
        assertFalse(jobs.isAsked());
        jobs.scheduled();
        assertTrue(jobs.isAsked());
    }
}
