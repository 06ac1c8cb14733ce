package dev.sandglass.reminder.ledger;

import dev.sandglass.reminder.domain.Alarm;
import dev.sandglass.reminder.domain.Firing;
import dev.sandglass.reminder.domain.Stage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jboss.logging.Logger;

/** Tells how firings ended: {@code reminder.delivered} and {@code reminder.failed}. */
@Singleton
@Named("teller")
public class Teller {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");

    private final RemindersTopic topic;
    private final MeterRegistry metrics;

    Teller(RemindersTopic topic, MeterRegistry metrics) {
        this.topic = topic;
        this.metrics = metrics;
        count(Stage.DELIVERED);
        count(Stage.FAILED);
    }

    /** @return the same firings; those of which the broker did not take the news are still to be told, and are not handed over again */
    public List<Firing> tell(List<Firing> ended) {
        List<Firing> over = ended.stream().filter(Firing::isOver).toList();
        Set<Alarm> untold = topic.publish(over, Firing::outcomeEvent);
        if (!untold.isEmpty()) {
            LOG.warnf("How %d reminders ended cannot be told yet", untold.size());
        }
        over.stream()
                .filter(firing -> !untold.contains(firing.alarm()))
                .forEach(firing -> count(firing.reminder().status()).increment());
        return ended.stream()
                .map(firing -> untold.contains(firing.alarm()) ? firing.untold() : firing)
                .toList();
    }

    private Counter count(Stage stage) {
        return metrics.counter("sandglass.reminders", "outcome", stage.name().toLowerCase(Locale.ROOT));
    }
}
