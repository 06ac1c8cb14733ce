package dev.sandglass.support.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.Unavailable;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/**
 * The events that wait for integrators' routes, in this service's own state. A route that is known gets its events, whether it runs
 * here, runs elsewhere, or cannot run while its file is being mended.
 */
@Singleton
@Named("waitingLists")
public class WaitingLists {
    private static final String REGISTRY = "hooks";
    private static final int TRIES = 8;
    private static final int KEYS_AT_ONCE = 100;
    /** Characters: an event may have 100 kB, and goes to several routes. */
    private static final int TEXT_AT_ONCE = 1_000_000;
    /** Which routes other replicas know of is looked at this often. */
    private static final long FRESH = 1_000_000_000L;

    private final Dapr dapr;
    private final Map<String, Runnable> listeners = new ConcurrentHashMap<>();
    private volatile Registry known = new Registry(1, new TreeMap<>());
    private volatile @Nullable Long readAt;

    /** {@code hooks}: the routes that get events, by id. */
    record Registry(int v, SortedMap<String, Wanted> routes) {
        static Registry of(Stored stored) {
            return stored.absent() ? new Registry(1, new TreeMap<>()) : stored.as(Registry.class);
        }
    }

    /**
     * {@code hooks/<route>/in}: there while the route is known.
     *
     * @param next the number the next event gets
     */
    record In(int v, long next) {}

    public WaitingLists(Dapr dapr) {
        this.dapr = dapr;
    }

    static String in(String route) {
        return REGISTRY + "/" + route + "/in";
    }

    static String out(String route) {
        return REGISTRY + "/" + route + "/out";
    }

    static String event(String route, long n) {
        return REGISTRY + "/" + route + "/" + n;
    }

    /** Is told when something was added to the list of a route here. */
    void listen(String route, Runnable listener) {
        listeners.put(route, listener);
    }

    void unlisten(String route) {
        listeners.remove(route);
    }

    // ---------------------------------------------------------------- Which routes there are

    /**
     * Makes known which routes there are. Those that are gone lose their events.
     *
     * @param live routes of files in force
     * @param unclear files that are there and cannot be taken: their routes stay as they were
     * @throws Unavailable while the state store is away
     */
    void know(SortedMap<String, Wanted> live, Set<String> unclear) {
        for (int tries = 1; ; tries++) {
            Stored stored = dapr.read(REGISTRY);
            Registry before = Registry.of(stored);
            SortedMap<String, Wanted> routes = new TreeMap<>(live);
            before.routes.forEach((id, wanted) -> {
                if (unclear.contains(wanted.file())) {
                    routes.putIfAbsent(id, wanted);
                }
            });
            Registry after = new Registry(1, routes);
            if (after.equals(before)) {
                remember(after);
                return;
            }
            Transaction transaction = new Transaction().replace(stored, after);
            Map<String, Long[]> gone = new TreeMap<>();
            for (String id : before.routes.keySet()) {
                if (!routes.containsKey(id)) {
                    gone.put(id, range(id));
                    transaction.delete(in(id)).delete(out(id));
                }
            }
            for (String id : routes.keySet()) {
                if (!before.routes.containsKey(id)) {
                    transaction.put(in(id), new In(1, 1)).delete(out(id));
                }
            }
            try {
                dapr.commit(transaction);
                remember(after);
                gone.forEach(this::forget);
                return;
            } catch (Unavailable e) {
                // Perhaps written, perhaps another replica was first: the registry tells.
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private Long[] range(String route) {
        Stored in = dapr.read(in(route));
        Stored out = dapr.read(out(route));
        long first = out.absent() ? 1 : out.as(Out.class).lowest();
        return new Long[] {first, in.absent() ? first : in.as(In.class).next};
    }

    private void forget(String route, Long[] range) {
        for (long from = range[0]; from < range[1]; from += KEYS_AT_ONCE) {
            Transaction some = new Transaction();
            LongStream.range(from, Math.min(range[1], from + KEYS_AT_ONCE)).forEach(n -> some.delete(event(route, n)));
            dapr.commit(some);
        }
    }

    private void remember(Registry registry) {
        known = registry;
        readAt = System.nanoTime();
    }

    private Registry registry() {
        Long at = readAt;
        if (at == null || System.nanoTime() - at > FRESH) {
            remember(Registry.of(dapr.read(REGISTRY)));
        }
        return known;
    }

    // ---------------------------------------------------------------- Events come in

    /**
     * Takes events as the sidecar delivers them in bulk: each goes to the list of every route that wants it.
     *
     * @param came as {@link dev.sandglass.support.DaprEvents#came} reads them; what is no event with data the services' own
     *     subscriptions keep as a dead letter
     * @throws Unavailable while the state store is away
     */
    public void take(@Header("topic") String topic, @Body List<Object> came) {
        List<JsonNode> events = new ArrayList<>();
        for (Object one : came) {
            if (one instanceof JsonNode event && event.path("data").isContainerNode()) {
                events.add(event);
            }
        }
        SortedMap<String, Wanted> wanting = new TreeMap<>(registry().routes);
        wanting.values().removeIf(wanted -> !wanted.topic().equals(topic));
        if (!wanting.isEmpty()) {
            int from = 0;
            while (from < events.size()) {
                int to = from;
                for (int size = 0; to < events.size() && to - from < KEYS_AT_ONCE; to++) {
                    size += events.get(to).toString().length() * wanting.size();
                    if (to > from && size > TEXT_AT_ONCE) {
                        break;
                    }
                }
                append(wanting, events.subList(from, to));
                from = to;
            }
        }
    }

    /**
     * Takes one event for one route: a dead letter that is sent again.
     *
     * @throws IllegalArgumentException when there is no such route
     * @throws Unavailable while the state store is away
     */
    public void again(@Header("route") String route, @Body String event) {
        Wanted wanted = Registry.of(dapr.read(REGISTRY)).routes.get(route);
        if (wanted == null) {
            throw new IllegalArgumentException("there is no route " + route);
        }
        SortedMap<String, Wanted> all = new TreeMap<>();
        all.put(route, new Wanted(wanted.file(), wanted.topic(), List.of(), null, null));
        append(all, List.of(Json.read(event, JsonNode.class)));
    }

    /** One transaction for all routes, so that one that fails and comes again does not fill the lists of the others. */
    private void append(SortedMap<String, Wanted> wanting, Collection<JsonNode> events) {
        for (int tries = 1; ; tries++) {
            Map<String, Stored> ins =
                    dapr.read(wanting.keySet().stream().map(WaitingLists::in).toList());
            Transaction heads = new Transaction();
            Transaction added = new Transaction();
            List<String> to = new ArrayList<>();
            wanting.forEach((route, wanted) -> {
                Stored stored = Objects.requireNonNull(ins.get(in(route)));
                List<JsonNode> some = events.stream().filter(wanted::by).toList();
                if (!stored.absent() && !some.isEmpty()) {
                    long next = stored.as(In.class).next;
                    for (JsonNode event : some) {
                        // As a text: the store would put an object's fields in another order.
                        added.put(event(route, next++), event.toString());
                    }
                    heads.replace(stored, new In(1, next));
                    to.add(route);
                }
            });
            if (heads.isEmpty()) {
                return;
            }
            try {
                dapr.commit(heads.addAll(added));
                to.forEach(route -> listeners.getOrDefault(route, () -> {}).run());
                return;
            } catch (Unavailable e) {
                // Unknown whether written; written again it comes twice, which routes are told of.
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }
}
