package dev.sandglass.reminder.ledger;

import static java.util.stream.Collectors.groupingBy;

import dev.sandglass.events.CloudEvent;
import dev.sandglass.events.Topics;
import dev.sandglass.reminder.domain.Firing;
import dev.sandglass.reminder.domain.Stage;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.Unavailable;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jboss.logging.Logger;

/** Tells how firings ended: {@code reminder.delivered} and {@code reminder.failed}, those of a list at once and in their order. */
@Singleton
@Named("teller")
public class Teller {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");

    private final Dapr dapr;
    private final MeterRegistry metrics;

    Teller(Dapr dapr, MeterRegistry metrics) {
        this.dapr = dapr;
        this.metrics = metrics;
        count(Stage.DELIVERED, 0);
        count(Stage.FAILED, 0);
    }

    /** @return the same firings, those postponed of which the broker did not take the news */
    public List<Firing> tell(List<Firing> ended) {
        List<Firing> told =
                new ArrayList<>(ended.stream().filter(it -> !it.isOver()).toList());
        ended.stream()
                .filter(Firing::isOver)
                .collect(groupingBy(Firing::getKey))
                .forEach((list, over) -> {
                    int certain = publish(
                            list, over.stream().map(Firing::outcomeEvent).toList());
                    over.subList(0, certain)
                            .forEach(firing -> count(firing.reminder().status(), 1));
                    told.addAll(over.subList(0, certain));
                    over.subList(certain, over.size()).forEach(firing -> told.add(firing.postponed()));
                });
        return told;
    }

    private int publish(String list, List<CloudEvent> events) {
        try {
            return dapr.publish(Topics.REMINDERS, list, events);
        } catch (Unavailable e) {
            LOG.warnf("%d reminders come once more, how they ended cannot be told: %s", events.size(), e.getMessage());
            return 0;
        }
    }

    private void count(Stage stage, int more) {
        metrics.counter("sandglass.reminders", "outcome", stage.name().toLowerCase(Locale.ROOT))
                .increment(more);
    }
}
