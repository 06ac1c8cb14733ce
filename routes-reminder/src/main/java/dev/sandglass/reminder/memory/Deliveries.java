package dev.sandglass.reminder.memory;

import static java.util.stream.Collectors.toSet;

import dev.sandglass.reminder.domain.Alarm;
import dev.sandglass.reminder.domain.ClaimDue;
import dev.sandglass.reminder.domain.ConfirmWanted;
import dev.sandglass.reminder.domain.Deliver;
import dev.sandglass.reminder.domain.Firing;
import dev.sandglass.reminder.domain.RecordOutcomes;
import dev.sandglass.reminder.domain.Stage;
import dev.sandglass.support.Unavailable;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Reminders on their way to the channels: the steps of {@code reminder.fire.deliver} between its calls of Dapr, counted and timed. */
@Singleton
@Named("deliveries")
public class Deliveries {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");

    private final Alarms alarms;
    private final MeterRegistry meters;
    private final Timer lateness;
    private final Clock clock;
    private final String replica;
    private volatile boolean failing;

    Deliveries(
            Alarms alarms,
            MeterRegistry meters,
            Clock clock,
            @ConfigProperty(name = "sandglass.reminder.replica") String replica) {
        this.alarms = alarms;
        this.meters = meters;
        this.clock = clock;
        this.replica = replica;
        // In Prometheus sandglass_reminder_lateness_seconds.
        lateness = Timer.builder("sandglass.reminder.lateness")
                .description("From when a reminder was due until the channels had it")
                .publishPercentiles(0.5, 0.99)
                .register(meters);
        count(Stage.DELIVERED);
        count(Stage.FAILED);
    }

    public ClaimDue claim(@Body List<Alarm> rung) {
        return new ClaimDue(rung, replica, clock.instant());
    }

    /** @param answer of <em>task</em>: which of these tasks exist now */
    public List<Firing> confirm(@ExchangeProperty("firings") List<Firing> firings, @Body String answer) {
        List<Firing> confirmed = ConfirmWanted.confirm(firings, answer);
        confirmed.stream()
                .filter(firing -> firing.reminder().unconfirmed())
                .forEach(firing -> LOG.errorf(
                        "%s is fired by own knowledge, task says what cannot be read",
                        firing.task().id()));
        // An alarm with a new instant rings at that instant.
        Set<Alarm> moved = firings.stream().map(Firing::alarm).collect(toSet());
        confirmed.forEach(firing -> moved.remove(firing.alarm()));
        alarms.release(moved);
        return confirmed;
    }

    /** @throws IllegalArgumentException where the words are no event, or too long */
    public static Firing worded(@ExchangeProperty("firing") Firing firing, @Body String words) {
        return firing.worded(words);
    }

    /** Lets a firing without words be tried again, a few times. */
    public Firing refused(
            @ExchangeProperty("firing") Firing firing, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception reason) {
        LOG.warnf("%s was refused: %s", firing.alarm(), reason.getMessage());
        return firing.refused(clock.instant());
    }

    /**
     * The channels have the due firings.
     *
     * @param doubtful indices of the events that the broker may not have
     */
    public List<Firing> delivered(@ExchangeProperty("firings") List<Firing> firings, @Body Set<Integer> doubtful) {
        if (firings.stream().anyMatch(Firing::isWorded)) {
            if (!doubtful.isEmpty() && !failing) {
                LOG.warn("Due reminders wait: what a channel stands on cannot be reached");
            }
            failing = !doubtful.isEmpty();
            alarms.channelAway(failing);
        }
        Instant now = clock.instant();
        List<Firing> delivered = Deliver.delivered(firings, doubtful, now);
        for (int i = 0; i < firings.size(); i++) {
            Firing due = firings.get(i);
            if (due.isDue() && !due.isOverdue() && !delivered.get(i).isUnfinished()) {
                lateness.record(Duration.between(due.reminder().at(), now));
            }
        }
        return delivered;
    }

    /** The broker took none of them. A firing that comes alone may be too large for it, and is refused then. */
    public List<Firing> notDelivered(
            @ExchangeProperty("firings") List<Firing> firings,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Unavailable reason) {
        int told = Deliver.due(firings).size();
        if (told == 1 && reason.tooLarge()) {
            List<Firing> others = firings.stream()
                    .map(firing -> firing.isWorded() ? refused(firing, reason) : firing)
                    .toList();
            return delivered(others, Set.of());
        }
        return delivered(firings, all(told));
    }

    /** @param doubtful indices of the events that the broker may not have: they are told later */
    public List<Firing> told(@ExchangeProperty("firings") List<Firing> ended, @Body Set<Integer> doubtful) {
        if (!doubtful.isEmpty()) {
            LOG.warnf("How %d reminders ended cannot be told yet", doubtful.size());
        }
        List<Firing> told = Deliver.told(ended, doubtful);
        told.stream()
                .filter(Firing::isOver)
                .forEach(firing -> count(firing.reminder().status()).increment());
        return told;
    }

    public List<Firing> notTold(@ExchangeProperty("firings") List<Firing> ended) {
        return told(ended, all(Deliver.outcomes(ended).size()));
    }

    public RecordOutcomes record(@Body List<Firing> ended) {
        return new RecordOutcomes(ended, clock.instant());
    }

    private static Set<Integer> all(int number) {
        return IntStream.range(0, number).boxed().collect(toSet());
    }

    private Counter count(Stage stage) {
        return meters.counter("sandglass.reminders", "outcome", stage.name().toLowerCase(Locale.ROOT));
    }
}
