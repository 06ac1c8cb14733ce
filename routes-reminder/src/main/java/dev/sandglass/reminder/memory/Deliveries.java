package dev.sandglass.reminder.ledger;

import dev.sandglass.reminder.domain.Alarm;
import dev.sandglass.reminder.domain.Firing;
import dev.sandglass.support.Unavailable;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jboss.logging.Logger;

/** Hands firings over to the channels, which listen on topic {@code reminders}: many in one call. */
@Singleton
@Named("handover")
public class Handover {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");

    private final RemindersTopic topic;
    private final Timer lateness;
    private final Clock clock;
    private volatile boolean failing;

    Handover(RemindersTopic topic, MeterRegistry metrics, Clock clock) {
        this.topic = topic;
        this.clock = clock;
        // In Prometheus sandglass_reminder_lateness_seconds.
        this.lateness = Timer.builder("sandglass.reminder.lateness")
                .description("From when a reminder was due until the channels had it")
                .publishPercentiles(0.5, 0.99)
                .register(metrics);
    }

    /** Whether the last ones could not all be handed over. */
    boolean fails() {
        return failing;
    }

    /** @throws IllegalArgumentException where the words are no event, or too many */
    public Firing worded(@ExchangeProperty("firing") Firing firing, @Body String words) {
        return firing.worded(words);
    }

    /** Of one that could not be put into words: to be tried again a few times. */
    public Firing refused(
            @ExchangeProperty("firing") Firing firing, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception reason) {
        LOG.warnf("%s was refused: %s", firing.alarm(), reason.getMessage());
        return firing.refused(clock.instant());
    }

    /**
     * Publishes what is to be told, each under its list.
     *
     * @return all of them: delivered, or, where the broker may not have it, postponed, as if it had not been tried; refused, where it
     *     is too large for the broker
     */
    public List<Firing> handOver(List<Firing> firings) {
        List<Firing> told = firings.stream().filter(Firing::isWorded).toList();
        Set<Alarm> waiting;
        try {
            waiting = topic.publish(told, firing -> Objects.requireNonNull(firing.words()));
        } catch (Unavailable tooLarge) {
            Firing one = told.get(0);
            return firings.stream()
                    .map(firing -> firing.equals(one) ? refused(one, tooLarge) : firing)
                    .toList();
        }
        if (!told.isEmpty()) {
            if (!waiting.isEmpty() && !failing) {
                LOG.warn("Due reminders wait: what a channel stands on cannot be reached");
            }
            failing = !waiting.isEmpty();
        }
        Instant now = clock.instant();
        return firings.stream()
                .map(firing -> !firing.isDue()
                        ? firing
                        : waiting.contains(firing.alarm()) ? firing.postponed() : delivered(firing, now))
                .toList();
    }

    private Firing delivered(Firing firing, Instant now) {
        if (!firing.isOverdue()) {
            lateness.record(Duration.between(firing.reminder().at(), now));
        }
        return firing.delivered(now);
    }
}
