package dev.sandglass.time;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/** The processor time of a piece of work, without the machine's other work. */
final class CpuTime {
    private CpuTime() {}

    /** Fails when the work takes this thread more than the limit of processor time. */
    static void assertAtMost(Duration limit, Runnable work) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        work.run();
        Duration taken = Duration.ofNanos(threads.getCurrentThreadCpuTime() - before);
        assertTrue(taken.compareTo(limit) <= 0, () -> "took " + taken + " of a processor, not " + limit);
    }
}
