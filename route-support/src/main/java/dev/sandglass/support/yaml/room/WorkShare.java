package dev.sandglass.support.yaml.room;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Work that nobody waits for at a point has a quarter of the processors, all files together, however many threads they have. Who has
 * worked for a turn rests until the others had theirs; a route that does little never rests, and waiting for an answer is no work.
 */
public final class WorkShare {
    private static final String OF = "room.work";
    private static final long TURN = TimeUnit.MILLISECONDS.toNanos(5);
    /** A message that has worked longer ends with its file. */
    private static final long LONG = TimeUnit.MILLISECONDS.toNanos(200);

    private static final double REST = 4.0 / Runtime.getRuntime().availableProcessors();
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Object LOCK = new Object();
    /** By the monotonic clock: the end of the last turn that somebody rests for. */
    private static long free = System.nanoTime();

    private final Object lock = new Object();
    private long thread;
    private long mark;
    private long worked;

    private WorkShare() {}

    /** From here on the exchange shares. */
    public static void begin(Exchange exchange) {
        exchange.setProperty(OF, new WorkShare());
    }

    static @Nullable WorkShare of(Exchange exchange) {
        return exchange.getProperty(OF, WorkShare.class);
    }

    /** Tells if it has worked so long that its file does not wait for it. */
    boolean isLong() {
        synchronized (lock) {
            return worked > LONG;
        }
    }

    /** Rests, where a turn is over. */
    void rest() {
        long turn = turn();
        if (turn > 0) {
            try {
                TimeUnit.NANOSECONDS.sleep(until(turn) - System.nanoTime());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private long turn() {
        long now = THREADS.getCurrentThreadCpuTime();
        synchronized (lock) {
            long took = now - mark;
            if (thread != Thread.currentThread().getId()) {
                // It goes on after a delay.
                thread = Thread.currentThread().getId();
                mark = now;
                return 0;
            }
            if (took < TURN) {
                return 0;
            }
            mark = now;
            worked += took;
            return took;
        }
    }

    private static long until(long turn) {
        synchronized (LOCK) {
            free += Math.max(0, System.nanoTime() - free) + (long) (turn * REST);
            return free;
        }
    }
}
