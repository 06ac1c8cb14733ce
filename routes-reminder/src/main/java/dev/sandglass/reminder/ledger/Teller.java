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
import java.util.Map;
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

    /**
     * While the broker is away it is not asked again for every list.
     *
     * @return the same firings; those of which it did not take the news are still to be told, and are not handed over again
     */
    public List<Firing> tell(List<Firing> ended) {
        List<Firing> told =
                new ArrayList<>(ended.stream().filter(it -> !it.isOver()).toList());
        Map<String, List<Firing>> byList = ended.stream().filter(Firing::isOver).collect(groupingBy(Firing::getKey));
        boolean away = false;
        for (Map.Entry<String, List<Firing>> of : byList.entrySet()) {
            List<Firing> over = of.getValue();
            int certain = away
                    ? 0
                    : publish(
                            of.getKey(), over.stream().map(Firing::outcomeEvent).toList());
            away = certain < over.size();
            over.subList(0, certain).forEach(firing -> count(firing.reminder().status(), 1));
            told.addAll(over.subList(0, certain));
            over.subList(certain, over.size()).forEach(firing -> told.add(firing.untold()));
        }
        return told;
    }

    private int publish(String list, List<CloudEvent> events) {
        try {
            return dapr.publish(Topics.REMINDERS, list, events);
        } catch (Unavailable e) {
            LOG.warnf("How %d reminders ended cannot be told yet: %s", events.size(), e.getMessage());
            return 0;
        }
    }

    private void count(Stage stage, int more) {
        metrics.counter("sandglass.reminders", "outcome", stage.name().toLowerCase(Locale.ROOT))
                .increment(more);
    }
}
