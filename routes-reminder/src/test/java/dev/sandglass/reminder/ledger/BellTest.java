package dev.sandglass.reminder.ledger;

import static dev.sandglass.reminder.domain.Tasks.MORNING;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sandglass.reminder.domain.Alarm;
import dev.sandglass.support.MemoryDapr;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-003")
class BellTest {
    private final WallTime clock = new WallTime(MORNING);
    private final Alarms alarms = new Alarms(Duration.ofMinutes(2), clock);
    private final BlockingQueue<Object> fired = new LinkedBlockingQueue<>();
    private final AtomicInteger tries = new AtomicInteger();
    private final Handover handover =
            new Handover(new RemindersTopic(new MemoryDapr(1)), new SimpleMeterRegistry(), clock);
    private final Bell bell = new Bell(alarms, handover, routeThatFailsTwice(), 1);

    @AfterEach
    void stop() {
        bell.stop(new ShutdownEvent());
        alarms.stop(new ShutdownEvent());
    }

    @Test
    void whateverGoesWrongItGoesOnRinging() throws Exception {
        Alarm alarm = new Alarm("l1.1", "0123456789", 1, MORNING);
        alarms.arm(List.of(alarm));
        bell.start(new StartupEvent());
        assertEquals(List.of(alarm), fired.poll(20, TimeUnit.SECONDS));
        assertEquals(3, tries.get());
    }

    private ProducerTemplate routeThatFailsTwice() {
        return (ProducerTemplate) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ProducerTemplate.class}, (proxy, method, arguments) -> {
                    if (tries.incrementAndGet() < 3) {
                        throw new UnsupportedOperationException("nobody foresaw this");
                    }
                    fired.add(arguments[1]);
                    return null;
                });
    }
}
