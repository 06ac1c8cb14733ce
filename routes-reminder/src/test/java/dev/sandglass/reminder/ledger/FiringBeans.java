package dev.sandglass.reminder.ledger;

import dev.sandglass.reminder.domain.Tasks;
import dev.sandglass.support.Dapr;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** What the routes of a firing stand on, by name: for tests of these routes. It is the morning. */
public final class FiringBeans {
    private FiringBeans() {}

    public static Map<String, Object> over(Dapr dapr) {
        Clock clock = new WallTime(Tasks.MORNING);
        MeterRegistry metrics = new SimpleMeterRegistry();
        Alarms alarms = new Alarms(Duration.ofMinutes(2), clock);
        RemindersTopic topic = new RemindersTopic(dapr);
        return Map.of(
                "claims", new Claims(dapr, new Calendar(dapr), alarms, new Plans(metrics), clock, "one"),
                "handover", new Handover(topic, metrics, clock),
                "teller", new Teller(topic, metrics));
    }
}
