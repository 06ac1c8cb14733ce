package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Services, sidecars and what they stand on are killed, each alone, some in pairs, then by chance at any instant, while people work: no
 * answered write is lost, none doubled, none invented, on any way it can be looked at. By chance for half a minute, or as many as
 * {@code -Dsandglass.faults.minutes} says; {@code -Dsandglass.faults.seed} repeats the faults and what the writers are up to.
 */
@Order(102)
@Tag("FR-007")
@Tag("FR-012")
@Tag("FR-014")
@Tag("SC-006")
@Tag("SC-008")
@Tag(Stack.BESIDE_ANOTHER)
@ExtendWith(Stack.class)
class RandomFaultsIT {
    private static final double MINUTES = Double.parseDouble(System.getProperty("sandglass.faults.minutes", "0.5"));
    private static final long SEED = Long.getLong("sandglass.faults.seed", new Random().nextInt(1_000_000));

    @Test
    void whateverDiesNothingIsLostAndNothingDoubled() throws Exception {
        FaultInjection.say("seed %d, %.1f minutes; again by -Dsandglass.faults.seed=%d", SEED, MINUTES, SEED);
        FaultInjection faults = new FaultInjection();
        faults.heal();
        try (Traffic traffic = Traffic.onOneReplica(SEED)) {
            long seconds = Math.round(MINUTES * 60);
            Thread progress = new Thread(() -> {
                try {
                    for (int i = 0; i < seconds / 10; i++) {
                        Thread.sleep(10_000);
                        FaultInjection.say("%d faults, %s", faults.count(), traffic.summary());
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            progress.setDaemon(true);
            List<String> victims = new ArrayList<>(faults.parts());
            victims.addAll(List.of(
                    "task task-sidecar",
                    "task postgres",
                    "task-sidecar kafka",
                    "kafka postgres",
                    "sync sync-sidecar",
                    "reminder audit-sidecar",
                    "recurrence kafka"));
            faults.oneByOne(traffic::answered, victims.toArray(String[]::new));
            FaultInjection.say("each part and pairs: %d faults, %s", faults.count(), traffic.summary());
            progress.start();
            faults.random(SEED, Duration.ofSeconds(seconds), traffic::answered);
            faults.heal();
            FaultInjection.say("all parts run again; holds what was answered against what is there");
            traffic.check();
            FaultInjection.say("%d faults, %s", faults.count(), traffic.summary());
            assertTrue(traffic.answered() > 10, "hardly anything was written");
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\nseed " + SEED + "; what was done:\n" + faults.story(), e);
        }
    }
}
