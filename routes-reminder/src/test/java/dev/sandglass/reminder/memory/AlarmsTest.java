package dev.sandglass.reminder.memory;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sandglass.reminder.domain.Alarm;
import dev.sandglass.reminder.domain.ClaimDue.Claimed;
import io.quarkus.runtime.ShutdownEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("FR-003")
@Timeout(value = 20, unit = SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AlarmsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Instant start = Instant.parse("2027-01-31T08:00:00Z");
    private final WallTime clock = new WallTime(start);
    private final Alarms alarms = new Alarms(Duration.ofHours(3), clock, FiringBeans.posts(clock));

    @AfterEach
    void stop() {
        alarms.stop(new ShutdownEvent());
    }

    private Alarm in(String task, Duration ahead) {
        return in("alice", task, ahead);
    }

    private Alarm in(String user, String task, Duration ahead) {
        Alarm alarm = new Alarm(user, task, "0123456789", 1, clock.instant().plus(ahead));
        alarms.planned(List.of(List.of(alarm)));
        return alarm;
    }

    @Test
    void itRingsAtItsTimeOnceHoweverOftenItIsArmed() throws Exception {
        Alarm alarm = in("a", Duration.ofMillis(300));
        alarms.planned(List.of(List.of(alarm, alarm)));
        assertEquals(List.of(alarm), alarms.take(PATIENCE));
        assertFalse(clock.instant().isBefore(alarm.at()));
        alarms.planned(List.of(List.of(alarm)));
        Alarm next = in("b", Duration.ZERO);
        assertEquals(List.of(next), alarms.take(PATIENCE), "the first is still being fired");
    }

    @Test
    void theWallsClockPutForwardRingsWhatIsDueByIt() throws Exception {
        Alarm alarm = in("a", Duration.ofHours(2));
        clock.put(Duration.ofHours(2));
        assertEquals(List.of(alarm), alarms.take(PATIENCE));
    }

    @Test
    void theWallsClockPutBackHasItWait() throws Exception {
        in("a", Duration.ofMillis(300));
        clock.put(Duration.ofHours(-1));
        Alarm sooner = in("b", Duration.ofMillis(1_500));
        assertEquals(List.of(sooner), alarms.take(PATIENCE));
    }

    @Test
    void beyondTheWindowItIsLeftToTheSweep() throws Exception {
        in("a", Duration.ofHours(4));
        clock.put(Duration.ofHours(5));
        Alarm now = in("b", Duration.ZERO);
        assertEquals(List.of(now), alarms.take(PATIENCE));
    }

    @Test
    void whileItCannotBeFiredOneAtATimeIsTried() throws Exception {
        List<Alarm> both = List.of(in("a", Duration.ZERO), in("b", Duration.ZERO));
        assertEquals(both, alarms.take(PATIENCE));
        alarms.failed(both, new IllegalStateException("nobody foresaw this"));
        List<Alarm> one = requireNonNull(alarms.take(PATIENCE));
        assertEquals(1, one.size());
        alarms.claimed(one, new Claimed(List.of(), Set.copyOf(one), List.of()));
        assertEquals(1, requireNonNull(alarms.take(PATIENCE)).size());
        assertEquals(one, alarms.take(PATIENCE), "it is with somebody else, who may die");
    }

    /** They may be too large to be claimed in time. */
    @Test
    void afterThatMoreAreTriedFromTimeToTime() throws Exception {
        List<Alarm> many = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            many.add(in("a" + i, Duration.ZERO));
        }
        assertEquals(many, alarms.take(PATIENCE));
        alarms.failed(many, new IllegalStateException("not in time"));
        Thread.sleep(1_500);
        for (int size = 1; size <= 4; size *= 2) {
            List<Alarm> some = requireNonNull(alarms.take(PATIENCE));
            assertEquals(size, some.size());
            alarms.claimed(some, new Claimed(List.of(), Set.of(), List.of()));
        }
    }

    @Test
    void thoseThatAreTooLargeToGoTogetherGoOneAfterTheOther() throws Exception {
        List<Alarm> three = List.of(in("a", Duration.ZERO), in("b", Duration.ZERO), in("c", Duration.ZERO));
        assertEquals(three, alarms.take(PATIENCE));
        alarms.claimed(three, new Claimed(List.of(), Set.of(), three.subList(1, 3)));
        in("d", Duration.ZERO);
        for (int i = 1; i < 3; i++) {
            assertEquals(
                    three.subList(i, i + 1), alarms.take(Duration.ofMillis(100)), "the next, with no need to wait");
        }
    }

    @Test
    void usersTakeTurnsAndATurnIsATaskWithAllItsAlarms() throws Exception {
        List<Alarm> rung = new ArrayList<>();
        for (String task : List.of("a", "b", "a")) {
            // Far enough from each other that the time between two calls makes no two the same.
            rung.add(in("mallory", task, Duration.ofMillis(-100L * rung.size())));
        }
        Alarm others = in("alice", "c", Duration.ZERO);
        assertEquals(List.of(rung.get(0), rung.get(2), others, rung.get(1)), alarms.take(PATIENCE));
    }

    @Test
    void oneUsersManyLeaveRoomForThoseOfOthers() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            in("mallory", "m" + i, Duration.ofHours(1));
        }
        Alarm others = in("alice", "a", Duration.ZERO);
        assertEquals(List.of(others), alarms.take(Duration.ofSeconds(1)));
    }

    @Test
    void aJobIsForEachSecondToCome() {
        Instant now = clock.instant();
        List<Alarm> planned = Stream.of(-1, 5, 5, 90_000)
                .map(seconds -> new Alarm("alice", "a", "0123456789", 1, now.plusSeconds(seconds)))
                .toList();
        assertEquals(
                Set.of(now.getEpochSecond() + 5, now.getEpochSecond() + 90_000),
                alarms.planned(List.of(planned, List.of())));
    }
}
