package dev.sandglass.reminder.memory;

import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Body;
import org.jboss.logging.Logger;

/**
 * Logs once that there is no scheduler, and once that it is back: without it the sweep does all the work. One thread uses it, the queue's.
 */
@Singleton
@Named("jobs")
public class Jobs {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    private static final int FAILURES_WHEN_AWAY = 3;
    private static final long NANOS_BETWEEN_TRIES = TimeUnit.SECONDS.toNanos(1);

    private int failures;
    private long tried;

    /** Tells if the scheduler is asked: once a second while it is away. */
    public boolean isAsked() {
        long now = System.nanoTime();
        if (failures >= FAILURES_WHEN_AWAY && now - tried < NANOS_BETWEEN_TRIES) {
            return false;
        }
        tried = now;
        return true;
    }

    /**
     * The time of a second's job: one second before, so that its alarms are armed in time.
     *
     * @param second since 1970
     * @return RFC 3339
     */
    public String at(@Body long second) {
        return Instant.ofEpochSecond(second - 1).toString();
    }

    public void scheduled() {
        if (failures > 0) {
            LOG.info("The scheduler is back, reminders are jobs again");
        }
        failures = 0;
    }

    public void away() {
        if (failures == 0) {
            LOG.warn("There is no scheduler: reminders come by the sweep alone");
        }
        failures = Math.min(failures + 1, FAILURES_WHEN_AWAY);
    }
}
