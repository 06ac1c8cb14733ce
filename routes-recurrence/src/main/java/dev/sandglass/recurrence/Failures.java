package dev.sandglass.recurrence;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * How often the sweep failed at each completion, so that one that cannot be followed is no longer tried. In memory: a restart, which
 * may bring a mended version, tries all again.
 */
@Singleton
@Named("failures")
public class Failures {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");

    private final int tries;
    private final Counter failed;
    /** By task and version. Only what cannot be followed stays in it, and that is a mistake of ours. */
    private final Map<String, Integer> counted = new ConcurrentHashMap<>();

    Failures(@ConfigProperty(name = "sandglass.awaiting.tries") int tries, MeterRegistry meters) {
        this.tries = tries;
        this.failed = Counter.builder("sandglass.recurrence.failed")
                .description("Completions whose next occurrence could not be made, and is no longer tried")
                .register(meters);
    }

    /** Whether a completion, named by its task and version, is still to be tried. */
    public boolean mayTry(@ExchangeProperty("completion") String completion) {
        return counted.getOrDefault(completion, 0) < tries;
    }

    /** Counts a failure; the last one is logged with its reason, and counted for operators. */
    public void count(
            @ExchangeProperty("completion") String completion,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception reason) {
        if (counted.merge(completion, 1, Integer::sum) == tries) {
            failed.increment();
            LOG.errorf(reason, "what follows %s could not be made in %d tries", completion, tries);
        }
    }
}
