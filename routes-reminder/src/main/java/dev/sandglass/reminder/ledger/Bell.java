package dev.sandglass.reminder.ledger;

import dev.sandglass.reminder.domain.Alarm;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.ProducerTemplate;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Hands what rang to the route that fires it, at most a hundred at once, a few such batches side by side. While something it stands on
 * is away, one at a time shows when it is back, and the others cost nothing meanwhile.
 */
@Singleton
class Bell {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    private static final int MOST_AT_ONCE = 100;
    private static final long MILLIS_BETWEEN_TRIES = 500;

    private final Alarms alarms;
    private final Handover handover;
    private final ProducerTemplate route;
    private final int batches;
    private final ExecutorService ringers;
    private volatile boolean waiting;

    Bell(
            Alarms alarms,
            Handover handover,
            ProducerTemplate route,
            @ConfigProperty(name = "sandglass.reminder.batches") int batches) {
        this.alarms = alarms;
        this.handover = handover;
        this.route = route;
        this.batches = batches;
        this.ringers = Executors.newFixedThreadPool(batches, task -> new Thread(task, "reminder-bell"));
    }

    void start(@Observes StartupEvent start) {
        for (int i = 0; i < batches; i++) {
            ringers.execute(this::ring);
        }
    }

    private void ring() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                boolean fired = fire(alarms.take(waiting ? 1 : MOST_AT_ONCE));
                waiting = !fired || handover.fails();
                if (waiting) {
                    Thread.sleep(MILLIS_BETWEEN_TRIES);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** @return whether it could be tried */
    private boolean fire(List<Alarm> due) {
        try {
            route.sendBody("direct:reminder-fire", due);
            return true;
        } catch (RuntimeException e) {
            // Whatever it is: a thread that ended would never ring again.
            LOG.warnf("%d due reminders have to wait: %s", due.size(), reason(e));
            alarms.putBack(due);
            return false;
        }
    }

    private static String reason(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return String.valueOf((cause == null ? thrown : cause).getMessage());
    }

    void stop(@Observes ShutdownEvent stopping) {
        ringers.shutdownNow();
    }
}
