package dev.sandglass.reminder.ledger;

import static java.util.stream.Collectors.toSet;

import dev.sandglass.events.CloudEvent;
import dev.sandglass.events.Topics;
import dev.sandglass.reminder.domain.Alarm;
import dev.sandglass.reminder.domain.Firing;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.Dapr.Keyed;
import dev.sandglass.support.Unavailable;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Topic {@code reminders}: events of many firings in one call, each under its list. */
@Singleton
class RemindersTopic {
    private final Dapr dapr;

    RemindersTopic(Dapr dapr) {
        this.dapr = dapr;
    }

    /**
     * @return those whose event the broker may not have
     * @throws Unavailable where it is one alone, and too large for the broker
     */
    Set<Alarm> publish(List<Firing> firings, Function<Firing, CloudEvent> event) {
        if (firings.isEmpty()) {
            return Set.of();
        }
        List<Keyed> events = firings.stream()
                .map(firing -> new Keyed(firing.getKey(), event.apply(firing)))
                .toList();
        try {
            return dapr.publish(Topics.REMINDERS, events).stream()
                    .map(place -> firings.get(place).alarm())
                    .collect(toSet());
        } catch (Unavailable e) {
            if (firings.size() == 1 && e.tooLarge()) {
                throw e;
            }
            return firings.stream().map(Firing::alarm).collect(toSet());
        }
    }
}
