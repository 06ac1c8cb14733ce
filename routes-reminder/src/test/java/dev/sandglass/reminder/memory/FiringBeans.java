package dev.sandglass.reminder.memory;

import dev.sandglass.reminder.domain.Alarm;
import dev.sandglass.reminder.domain.Tasks;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The beans of the routes of a firing, by name: for tests of these routes. It is the morning, and these alarms ring. */
public final class FiringBeans {
    private FiringBeans() {}

    static Posts posts(Clock clock) {
        return new Posts(Duration.ofMinutes(2), false, clock, new SimpleMeterRegistry());
    }

    public static Map<String, Object> of(List<Alarm> rung) {
        Clock clock = new WallTime(Tasks.MORNING);
        MeterRegistry meters = new SimpleMeterRegistry();
        Posts posts = posts(clock);
        Alarms alarms = new Alarms(Duration.ofMinutes(2), clock, posts);
        alarms.planned(List.of(rung));
        return Map.of(
                "alarms",
                alarms,
                "deliveries",
                new Deliveries(alarms, meters, clock, "one"),
                "posts",
                posts,
                "unreadablePlans",
                new UnreadablePlans(meters));
    }
}
