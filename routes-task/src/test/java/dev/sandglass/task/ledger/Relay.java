package dev.sandglass.task.ledger;

import dev.sandglass.support.Dapr;
import dev.sandglass.support.DaprCalls;
import dev.sandglass.support.DeadLetters;
import dev.sandglass.support.camel.MemoryComponent;
import dev.sandglass.support.memory.Attempts;
import dev.sandglass.task.memory.Outboxes;
import dev.sandglass.task.memory.Shards;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The routes that bring a replica's changes to Kafka, over a sidecar in memory. */
final class Relay {
    private final DefaultCamelContext camel = new DefaultCamelContext();

    Relay(Dapr dapr, Outboxes outboxes, Shards shards) {
        KameletComponent kamelets = new KameletComponent();
        kamelets.setLocation("file:../dsl-yaml/kamelets");
        kamelets.setNoErrorHandler(true);
        camel.addComponent("kamelet", kamelets);
        camel.addComponent("memory", new MemoryComponent());
        camel.getRegistry().bind("outboxes", outboxes);
        camel.getRegistry().bind("shards", shards);
        camel.getRegistry().bind("daprCalls", new DaprCalls(dapr));
        camel.getRegistry().bind("attempts", new Attempts(Duration.ofSeconds(2)));
        camel.getRegistry().bind("deadLetters", new DeadLetters(dapr, new SimpleMeterRegistry(), "task"));
        Properties properties = new Properties();
        properties.setProperty("quarkus.application.name", "task");
        properties.setProperty("sandglass.task.relay-sweep", "50");
        camel.getPropertiesComponent().setInitialProperties(properties);
        try {
            for (String file : List.of("decide", "publish-changes", "look-after-outboxes")) {
                PluginHelper.getRoutesLoader(camel)
                        .loadRoutes(ResourceHelper.resolveMandatoryResource(
                                camel, "classpath:routes/" + file + ".camel.yaml"));
            }
            camel.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    void stop() {
        camel.stop();
    }
}
