package dev.sandglass.reminder.ledger;

import dev.sandglass.reminder.domain.Firing;
import dev.sandglass.support.Unavailable;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.ExchangeProperty;
import org.jboss.logging.Logger;

/** What the channels made of a firing, measured. */
@Singleton
@Named("handover")
public class Handover {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    /** For so long after the broker failed the others of its batch are not handed over: each would wait for it in vain. */
    private static final Duration REST = Duration.ofMillis(300);

    private final Timer lateness;
    private final Clock clock;
    private volatile Instant restUntil = Instant.EPOCH;

    Handover(MeterRegistry metrics, Clock clock) {
        this.clock = clock;
        // In Prometheus sandglass_reminder_lateness_seconds.
        this.lateness = Timer.builder("sandglass.reminder.lateness")
                .description("From when a reminder was due until the channels had it")
                .publishPercentiles(0.5, 0.99)
                .register(metrics);
    }

    /** @throws Unavailable while the channels are given a rest */
    public void open() {
        if (clock.instant().isBefore(restUntil)) {
            throw new Unavailable("the broker", null);
        }
    }

    /** Whether the last one could not be handed over. */
    boolean fails() {
        return restUntil.isAfter(Instant.EPOCH);
    }

    public Firing delivered(@ExchangeProperty("firing") Firing firing) {
        restUntil = Instant.EPOCH;
        Instant now = clock.instant();
        if (!firing.isOverdue()) {
            lateness.record(Duration.between(firing.reminder().at(), now));
        }
        return firing.delivered(now);
    }

    /** Something the channel stands on is away: as if it had not been tried. */
    public Firing postponed(@ExchangeProperty("firing") Firing firing) {
        Instant now = clock.instant();
        if (!fails()) {
            LOG.warn("Due reminders wait: what a channel stands on cannot be reached");
        }
        // What was held back by the rest does not make it longer.
        if (!now.isBefore(restUntil)) {
            restUntil = now.plus(REST);
        }
        return firing.postponed();
    }

    public Firing refused(@ExchangeProperty("firing") Firing firing) {
        return firing.refused(clock.instant());
    }
}
