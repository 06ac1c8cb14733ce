package dev.sandglass.task.ledger;

import dev.sandglass.support.MemoryDapr;
import dev.sandglass.task.memory.Outboxes;
import dev.sandglass.task.memory.Shards;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The ledger over a store in memory, for tests of what stands on it. */
public final class TestLedger {
    public final MemoryDapr dapr;
    public final Views views;
    public final Ledger ledger;
    public final Users users;
    public final Places places;
    public final Changes changes;
    public final Conversations conversations;

    public TestLedger(MemoryDapr dapr) {
        this(dapr, Clock.systemUTC(), ZoneOffset.UTC);
    }

    /** @param zone of users who have not said theirs */
    public TestLedger(MemoryDapr dapr, Clock clock, ZoneId zone) {
        this.dapr = dapr;
        Shards shards = new Shards();
        Outboxes outboxes = new Outboxes(new SimpleMeterRegistry());
        views = new Views(dapr, 10_000);
        ledger = new Ledger(dapr, views, outboxes, shards, Duration.ofSeconds(5), clock);
        users = new Users(dapr, ledger, views, zone);
        places = new Places(dapr, views);
        changes = new Changes(dapr);
        conversations = new Conversations(dapr);
    }
}
