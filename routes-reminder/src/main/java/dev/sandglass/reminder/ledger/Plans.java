package dev.sandglass.reminder.ledger;

import dev.sandglass.reminder.domain.TaskReminders;
import dev.sandglass.support.Stored;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The documents {@code reminder/<task>} where many are read at once: one that cannot be read is seen, and holds up no other. */
@Singleton
class Plans {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");

    private final Counter unreadable;

    Plans(MeterRegistry metrics) {
        unreadable = metrics.counter("sandglass.reminders", "outcome", "unreadable");
    }

    /** @return empty where there is none, or where it is not one, or one of a newer program */
    Optional<TaskReminders> read(Stored stored) {
        if (stored.absent()) {
            return Optional.empty();
        }
        try {
            return Optional.of(stored.as(TaskReminders.class));
        } catch (IllegalArgumentException | IllegalStateException e) {
            unreadable.increment();
            LOG.errorf("%s cannot be read and is passed over: %s", stored.key(), e.getMessage());
            return Optional.empty();
        }
    }
}
