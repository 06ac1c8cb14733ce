package dev.sandglass.reminder.memory;

import dev.sandglass.reminder.domain.Plans.Read;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.apache.camel.Body;
import org.jboss.logging.Logger;

/** Counts and logs plans that cannot be read and are left out. */
@Singleton
@Named("unreadablePlans")
public class UnreadablePlans {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");

    private final Counter unreadable;

    UnreadablePlans(MeterRegistry meters) {
        unreadable = meters.counter("sandglass.reminders", "outcome", "unreadable");
    }

    /** @return the answer on the others */
    public Object passOver(@Body Read<?> read) {
        read.unreadable().forEach((key, why) -> {
            unreadable.increment();
            LOG.errorf("%s cannot be read and is passed over: %s", key, why);
        });
        return read.answer();
    }
}
