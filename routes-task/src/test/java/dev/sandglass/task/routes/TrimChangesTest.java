package dev.sandglass.task.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.RecordingDapr;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.Pending;
import dev.sandglass.task.domain.Trimming;
import dev.sandglass.task.domain.Write;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** By its timer a replica asks both who follow the ledger, and takes away what both have. */
class TrimChangesTest {
    private static final String LIST = "household";

    /** The most changes that were read at once. */
    private final AtomicInteger most = new AtomicInteger();

    private final RecordingDapr dapr = new RecordingDapr() {
        @Override
        public synchronized Map<String, Stored> read(Collection<String> keys) {
            most.accumulateAndGet(
                    (int) keys.stream().filter(key -> key.contains("/change/")).count(), Math::max);
            return super.read(keys);
        }
    };
    private final Replica replica = new Replica(dapr).bind("trimming", new Trimming(10, Duration.ZERO));

    @AfterEach
    void stop() {
        replica.stop();
    }

    @Test
    void oldChangesGoByTheTimer() throws Exception {
        Properties often = new Properties();
        often.setProperty("sandglass.task.trim-every", "200");
        replica.camel.getPropertiesComponent().setOverrideProperties(often);
        dapr.answer(Json.object().put(LIST, 90));
        replica.start();
        // More than go at once.
        replica.write(Write.alone(Set.of(LIST), draft -> {
            draft.register(Head.fresh(LIST, "Household", "alice", false));
            for (int i = 0; i < 120; i++) {
                draft.record(LIST, ChangeType.LIST_UPDATED, "alice", new TreeMap<>());
            }
            return LIST;
        }));
        dapr.tamper(Keys.pending(Keys.shard(LIST)), Json.text(Pending.none().with(LIST, 120L)));

        for (int i = 0; i < 100 && first() < 91; i++) {
            Thread.sleep(50);
        }
        assertEquals(91, first());
        assertEquals(16, most.get(), "at once: they may be large, and the writes of the list wait");
        assertEquals(
                List.of("audit POST internal/followed", "reminder POST internal/followed"),
                dapr.calls().subList(0, 2).stream()
                        .map(RecordingDapr.Call::where)
                        .toList());
        assertEquals("{\"lists\":[\"household\"]}", dapr.calls().get(1).body());
    }

    private long first() {
        return replica.decide(documents ->
                Accepted.unchanged(Head.of(documents, LIST).map(Head::first).orElse(0L)));
    }
}
