package dev.sandglass.task.ledger;

import dev.sandglass.support.Dapr;
import dev.sandglass.support.camel.MemoryComponent;
import dev.sandglass.support.routes.Flows;
import dev.sandglass.task.memory.Outboxes;
import dev.sandglass.task.memory.Shards;
import org.apache.camel.impl.DefaultCamelContext;

/** The routes that bring a replica's changes to Kafka, over a sidecar in memory. */
final class Relay {
    private final DefaultCamelContext camel = new DefaultCamelContext();

    Relay(Dapr dapr, Outboxes outboxes, Shards shards) {
        Flows.prepare(camel, dapr, "task");
        camel.addComponent("memory", new MemoryComponent());
        camel.getRegistry().bind("outboxes", outboxes);
        camel.getRegistry().bind("shards", shards);
        try {
            Flows.load(camel, "decide", "park", "publish-changes", "look-after-outboxes");
            camel.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    void stop() {
        camel.stop();
    }
}
