package dev.sandglass.support.memory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.EventQueue;
import dev.sandglass.support.domain.EventSelector;
import dev.sandglass.support.domain.KnowRoutes;
import dev.sandglass.support.domain.QueueEvents;
import dev.sandglass.support.domain.RouteEvents;
import dev.sandglass.support.domain.RouteQueue.Registry;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * The queues that this replica knows: those of integrators' routes, and what else is worked off like them. A known route gets its events if
 * it runs here or elsewhere, and also while it cannot run because its file is being mended.
 */
@Singleton
@Named("routeQueues")
public class RouteQueues implements Backlog {
    /** The time for work that goes on when the service stops; what is not done then comes again. */
    private static final Duration ENDING = Duration.ofSeconds(3);

    /** The most queues in order at work: there may be thousands, and each may have a receiver that hangs. */
    private static final int IN_ORDER_AT_ONCE = 50;

    private static final int EVENTS_AT_ONCE = 100;
    /** The most characters in a transaction: an event may have 100 kB, and goes to several routes. */
    private static final int TEXT_AT_ONCE = 1_000_000;
    /** The nanoseconds after which the routes that other replicas know are read again. */
    private static final long FRESH = 1_000_000_000L;

    private final int tries;
    private final MeterRegistry meters;
    /** The queues that this replica works off, by name. */
    private final SortedMap<String, QueueWork> works = new TreeMap<>();

    private boolean stopped;
    private volatile Registry known = new Registry(1, new TreeMap<>());
    private volatile @Nullable Long readAt;

    /** @param tries after that many failures an event is a dead letter */
    public RouteQueues(@ConfigProperty(name = "sandglass.hooks.tries") int tries, MeterRegistry meters) {
        this.tries = tries;
        this.meters = meters;
    }

    /** Works off the queues of these routes, and of no others. */
    public void workOff(Set<String> routes) {
        workOff(
                RouteEvents.class,
                routes.stream().map(route -> new RouteEvents(route, tries)).toList());
    }

    /** Works off these queues, and no others of their kind. */
    public synchronized <Q extends EventQueue> void workOff(Class<Q> kind, Collection<Q> queues) {
        Set<String> names = queues.stream().map(EventQueue::name).collect(Collectors.toSet());
        works.values().removeIf(work -> {
            if (kind.isInstance(work.queue) && !names.contains(work.name())) {
                if (work.gauge != null) {
                    meters.remove(work.gauge);
                }
                return true;
            }
            return false;
        });
        queues.forEach(queue -> works.computeIfAbsent(queue.name(), any -> new QueueWork(queue, meters)));
        notifyAll();
    }

    /** Has the queues looked at whose names begin like this. */
    public synchronized void wake(Collection<String> beginnings) {
        boolean any = false;
        for (String beginning : beginnings) {
            for (QueueWork work :
                    works.subMap(beginning, beginning + Character.MAX_VALUE).values()) {
                work.wake();
                any = true;
            }
        }
        if (any) {
            notifyAll();
        }
    }

    /** A queue to look at now. */
    @Override
    public synchronized @Nullable QueueWork take(Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        while (true) {
            long now = System.nanoTime();
            long pause = end - now;
            boolean room = works.values().stream()
                            .filter(work -> work.underway && work.queue.isInOrder())
                            .count()
                    < IN_ORDER_AT_ONCE;
            for (QueueWork work : works.values()) {
                if (!work.underway && !stopped && (room || !work.queue.isInOrder())) {
                    pause = Math.min(pause, work.next - now);
                    if (work.next - now <= 0) {
                        work.begin();
                        return work;
                    }
                }
            }
            if (end - now <= 0) {
                return null;
            }
            TimeUnit.NANOSECONDS.timedWait(this, pause);
        }
    }

    public synchronized void ended(@ExchangeProperty("work") QueueWork work) {
        work.end();
        notifyAll();
    }

    /** Decisions that show other replicas at which queues this one is at work. */
    public synchronized List<Decision<Boolean>> beats() {
        return works.values().stream().flatMap(work -> work.beat().stream()).toList();
    }

    /**
     * Begins nothing more, and waits for what is under way.
     *
     * @return the routes in which an event still is
     */
    public synchronized Set<String> stop() {
        stopped = true;
        long end = System.nanoTime() + ENDING.toNanos();
        try {
            while (works.values().stream().anyMatch(work -> work.underway) && end - System.nanoTime() > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        works.values().forEach(QueueWork::stop);
        return works.values().stream()
                .filter(work -> work.underway)
                .map(QueueWork::name)
                .collect(Collectors.toSet());
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

    public synchronized void queued(@Body Set<String> routes) {
        routes.stream().map(works::get).filter(Objects::nonNull).forEach(QueueWork::wake);
        notifyAll();
    }
}
