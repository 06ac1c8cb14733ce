package dev.sandglass.task.routes;

import dev.sandglass.support.Dapr;
import dev.sandglass.support.camel.MemoryComponent;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.memory.RouteQueues;
import dev.sandglass.support.routes.Flows;
import dev.sandglass.task.domain.Extent;
import dev.sandglass.task.domain.Trimming;
import dev.sandglass.task.domain.Users;
import dev.sandglass.task.domain.Write;
import dev.sandglass.task.domain.finding.Finding;
import dev.sandglass.task.domain.finding.Search;
import dev.sandglass.task.memory.HeadReads;
import dev.sandglass.task.memory.ListWebhooks;
import dev.sandglass.task.memory.Outboxes;
import dev.sandglass.task.memory.Shards;
import dev.sandglass.task.memory.UnreadableLists;
import dev.sandglass.task.memory.Views;
import dev.sandglass.task.memory.Writes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;

/** One replica of the service, over a sidecar in memory: the routes of the ledger, and what they hold. */
public final class Replica {
    private static final String[] LEDGER = {
        "decide", "write", "change-where-it-is", "know-user", "search-tasks", "read-lists", "trim-changes"
    };

    public final DefaultCamelContext camel = new DefaultCamelContext();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    public Replica(Dapr dapr) {
        this(dapr, Duration.ofSeconds(30), 10_000_000);
    }

    /**
     * @param limit of a write
     * @param most characters that are held for reading
     */
    public Replica(Dapr dapr, Duration limit, long most) {
        Shards shards = new Shards();
        Flows.prepare(camel, dapr, "task");
        camel.addComponent("memory", new MemoryComponent());
        bind("outboxes", new Outboxes(new SimpleMeterRegistry()));
        bind(
                "listWebhooks",
                new ListWebhooks(new RouteQueues(8, new SimpleMeterRegistry()), 20, false, new SimpleMeterRegistry()));
        bind("shards", shards);
        bind("views", new Views(most));
        bind("headReads", new HeadReads());
        bind("unreadableLists", new UnreadableLists(meters));
        bind("answers", new Answers());
        bind("users", new Users(ZoneOffset.UTC));
        bind("trimming", new Trimming(10, Duration.ofDays(7)));
        bind("writes", new Writes(shards, limit, Clock.systemUTC()));
    }

    public Replica bind(String name, Object bean) {
        // Camel keeps one of each class under a name.
        camel.getRegistry().unbind(name);
        camel.getRegistry().bind(name, bean);
        return this;
    }

    /** With the routes of the ledger and these. */
    public Replica start(String... more) {
        try {
            Flows.load(camel, LEDGER);
            Flows.load(camel, more);
            camel.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** With the routes that bring changes to Kafka. */
    Replica startRelay() {
        try {
            Flows.load(camel, "park", "publish-changes", "look-after-outboxes");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    void stopRelay() {
        try {
            camel.getRouteController().stopRoute("task.relay.sweep");
            camel.getRouteController().stopRoute("task.relay.publish");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public void stop() {
        camel.stop();
    }

    /**
     * Sends a message to a route.
     *
     * @return the body it ends with
     */
    @SuppressWarnings("unchecked")
    public <T> T send(String route, Object body, Map<String, Object> properties) {
        Exchange exchange = camel.createFluentProducerTemplate()
                .to(route)
                .withProcessor(sent -> {
                    properties.forEach(sent::setProperty);
                    sent.getMessage().setBody(body);
                })
                .send();
        if (exchange.getException() instanceof RuntimeException failure) {
            throw failure;
        }
        if (exchange.getException() != null) {
            throw new IllegalStateException(exchange.getException());
        }
        return (T) exchange.getMessage().getBody();
    }

    public <T> T write(Write<T> write) {
        return send("direct:ledger.write", write, Map.of());
    }

    public <T> T decide(Decision<T> decision) {
        return send("direct:state.decide", decision, Map.of());
    }

    /** How many tasks a list has, as a search sees it. */
    public int tasks(Extent head) {
        Search search = Finding.parse(Map.of(), ZoneOffset.UTC).search(Instant.now(), Optional.empty(), Map.of());
        send("direct:views.search", List.of(head), Map.of("search", search));
        return search.page().total();
    }
}
