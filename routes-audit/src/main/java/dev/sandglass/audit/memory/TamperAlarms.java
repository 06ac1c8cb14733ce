package dev.sandglass.audit.memory;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import org.apache.camel.Body;
import org.jboss.logging.Logger;

/** Counts and logs changes that differ from the change kept under their number. */
@Singleton
@Named("tamperAlarms")
public class TamperAlarms {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");

    private final Counter alarms;

    TamperAlarms(MeterRegistry meters) {
        alarms = Counter.builder("sandglass.audit.alarms")
                .description("Changes that are not what was kept under their number")
                .register(meters);
    }

    /** @param told sentences for an operator, a list for each transaction */
    public void raise(@Body List<List<String>> told) {
        told.stream().flatMap(List::stream).forEach(sentence -> {
            alarms.increment();
            LOG.errorf("ALARM: %s", sentence);
        });
    }
}
