package dev.sandglass.reminder.ledger;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sandglass.reminder.domain.Alarm;
import io.quarkus.runtime.ShutdownEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("FR-003")
@Timeout(value = 20, unit = SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AlarmsTest {
    private final Instant start = Instant.parse("2027-01-31T08:00:00Z");
    private final WallTime clock = new WallTime(start);
    private final Alarms alarms = new Alarms(Duration.ofHours(3), clock);

    @AfterEach
    void stop() {
        alarms.stop(new ShutdownEvent());
    }

    private Alarm in(String task, Duration ahead) {
        Alarm alarm = new Alarm(task, "0123456789", 1, clock.instant().plus(ahead));
        alarms.arm(List.of(alarm));
        return alarm;
    }

    @Test
    void itRingsAtItsTimeOnceHoweverOftenItIsArmed() throws Exception {
        Alarm alarm = in("a", Duration.ofMillis(300));
        alarms.arm(List.of(alarm, alarm));
        assertEquals(List.of(alarm), alarms.take(10));
        assertFalse(clock.instant().isBefore(alarm.at()));
        alarms.arm(List.of(alarm));
        Alarm next = in("b", Duration.ZERO);
        assertEquals(List.of(next), alarms.take(10), "the first is still being fired");
    }

    @Test
    void theWallsClockPutForwardRingsWhatIsDueByIt() throws Exception {
        Alarm alarm = in("a", Duration.ofHours(2));
        clock.put(Duration.ofHours(2));
        assertEquals(List.of(alarm), alarms.take(10));
    }

    @Test
    void theWallsClockPutBackHasItWait() throws Exception {
        in("a", Duration.ofMillis(300));
        clock.put(Duration.ofHours(-1));
        Alarm sooner = in("b", Duration.ofMillis(1_500));
        assertEquals(List.of(sooner), alarms.take(10));
    }

    @Test
    void beyondTheWindowItIsLeftToTheSweep() throws Exception {
        in("a", Duration.ofHours(4));
        clock.put(Duration.ofHours(5));
        Alarm now = in("b", Duration.ZERO);
        assertEquals(List.of(now), alarms.take(10));
    }
}
