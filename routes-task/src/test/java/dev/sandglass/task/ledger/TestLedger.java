package dev.sandglass.task.ledger;

import dev.sandglass.support.MemoryDapr;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
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
        this.dapr = dapr;
        Relay relay = new Relay(dapr, new SimpleMeterRegistry());
        relay.stop(null);
        views = new Views(dapr, 10_000);
        ledger = new Ledger(dapr, views, relay, Duration.ofSeconds(5));
        users = new Users(dapr, ledger, views, ZoneOffset.UTC);
        places = new Places(dapr);
        changes = new Changes(dapr);
        conversations = new Conversations(dapr);
    }
}
