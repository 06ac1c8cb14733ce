package dev.sandglass.support.memory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.EventSelector;
import dev.sandglass.support.domain.KnowRoutes;
import dev.sandglass.support.domain.QueueEvents;
import dev.sandglass.support.domain.RouteQueue.Registry;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/**
 * The queues of integrators' routes that this replica knows. A known route gets its events if it runs here or elsewhere, and also while
 * it cannot run because its file is being mended.
 */
@Singleton
@Named("routeQueues")
public class RouteQueues {
    private static final int EVENTS_AT_ONCE = 100;
    /** The most characters in a transaction: an event may have 100 kB, and goes to several routes. */
    private static final int TEXT_AT_ONCE = 1_000_000;
    /** The nanoseconds after which the routes that other replicas know are read again. */
    private static final long FRESH = 1_000_000_000L;

    private final Map<String, Runnable> listeners = new ConcurrentHashMap<>();
    private volatile Registry known = new Registry(1, new TreeMap<>());
    private volatile @Nullable Long readAt;

    /** Calls the listener when this replica adds to the queue of a route. */
    public void listen(String route, Runnable listener) {
        listeners.put(route, listener);
    }

    public void unlisten(String route) {
        listeners.remove(route);
    }

    public boolean isStale() {
        Long at = readAt;
        return at == null || System.nanoTime() - at > FRESH;
    }

    public void read(@Body Registry registry) {
        known = registry;
        readAt = System.nanoTime();
    }

    /** @return the transactions that remove the remains of routes that are gone */
    public Iterator<Transaction> known(@Body KnowRoutes.Known now) {
        read(now.registry());
        return now.removals();
    }

    /**
     * Events as the sidecar delivers them in bulk, for every route that selects them, each part small enough for one transaction.
     *
     * @param came as {@link dev.sandglass.support.DaprEvents#came} reads them; the services' own subscriptions keep
     *     a message that is no event with data as a dead letter
     */
    public List<QueueEvents> parts(@Header("topic") String topic, @ExchangeProperty("came") List<Object> came) {
        SortedMap<String, EventSelector> routes = new TreeMap<>(known.routes());
        routes.values().removeIf(selector -> !selector.topic().equals(topic));
        List<QueueEvents> parts = new ArrayList<>();
        List<JsonNode> part = new ArrayList<>();
        long size = 0;
        for (Object one : came) {
            if (!routes.isEmpty()
                    && one instanceof JsonNode event
                    && event.path("data").isContainerNode()) {
                long more = (long) event.toString().length() * routes.size();
                if (part.isEmpty() || part.size() == EVENTS_AT_ONCE || size + more > TEXT_AT_ONCE) {
                    part = new ArrayList<>();
                    parts.add(new QueueEvents(routes, part));
                    size = 0;
                }
                part.add(event);
                size += more;
            }
        }
        return parts;
    }

    /** @see QueueEvents#again */
    public static Decision<Set<String>> again(@Header("route") String route, @Body String event) {
        return QueueEvents.again(route, event);
    }

    public void queued(@Body Set<String> routes) {
        routes.forEach(route -> listeners.getOrDefault(route, () -> {}).run());
    }
}
