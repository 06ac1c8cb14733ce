package dev.sandglass.reminder.memory;

import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Body;
import org.jboss.logging.Logger;

/** Logs once that there is no scheduler, and once that it is back: without it the sweep does all the work. */
@Singleton
@Named("jobs")
public class Jobs {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");

    private final AtomicBoolean away = new AtomicBoolean();

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
        if (away.getAndSet(false)) {
            LOG.info("The scheduler is back, reminders are jobs again");
        }
    }

    public void away() {
        if (!away.getAndSet(true)) {
            LOG.warn("There is no scheduler: reminders come by the sweep alone");
        }
    }
}
