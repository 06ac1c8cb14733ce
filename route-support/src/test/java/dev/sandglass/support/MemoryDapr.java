package dev.sandglass.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.CloudEvent;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Keyed;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A sidecar for unit tests: state with ETags and transactions that roll back, topics that remember. It can be told to fail as the real
 * one does: before a write, after it (the answer is lost), at a read, at a publish.
 */
public class MemoryDapr implements Dapr {
    /** The secret {@code app-token} of the services' tests. */
    public static final String APP_TOKEN = "the app token";

    private record Value(String json, String etag) {}

    /** A mishap of the next commit. */
    public enum Mishap {
        /** It is not done. */
        LOST,
        /** It is done, and nobody is told. */
        ANSWER_LOST,
        /** Nobody is told, and it is done only after the next look at the store. */
        LATE
    }

    private final Map<String, Value> state = new HashMap<>();
    private final Map<String, Duration> kept = new HashMap<>();
    private final Map<String, List<CloudEvent>> published = new HashMap<>();
    private final Map<String, String> secrets = new HashMap<>();
    private final Random chance;
    private volatile double failing;
    private boolean brokerAway;
    private int largest = Integer.MAX_VALUE;
    private int refused;
    private @Nullable Mishap mishap;
    private @Nullable Transaction late;

    public MemoryDapr(long seed) {
        chance = new Random(seed);
    }

    /** @param share of calls that fail, 0 to 1 */
    public void fail(double share) {
        failing = share;
    }

    /** Publishing fails, all else goes on. */
    public synchronized void brokerAway(boolean away) {
        brokerAway = away;
    }

    /** The broker takes no event of more characters, and says so where it comes alone, as Dapr does. */
    public synchronized void largest(int characters) {
        largest = characters;
    }

    /** The number of refused publishings since this was last asked. */
    public synchronized int refused() {
        int times = refused;
        refused = 0;
        return times;
    }

    /** The next commit, and only that, goes wrong. */
    public synchronized void next(Mishap next) {
        mishap = next;
    }

    private boolean fails() {
        synchronized (chance) {
            return chance.nextDouble() < failing;
        }
    }

    @Override
    public synchronized Map<String, Stored> read(Collection<String> keys) {
        if (fails()) {
            throw new Unavailable("the state store", new IllegalStateException("no answer"));
        }
        Map<String, Stored> found = new HashMap<>();
        for (String key : keys) {
            Value value = state.get(key);
            found.put(key, new Stored(key, value == null ? null : value.json, value == null ? null : value.etag));
        }
        if (late != null) {
            Transaction now = late;
            late = null;
            commit(now);
        }
        return found;
    }

    @Override
    public synchronized void commit(Transaction transaction) {
        Mishap now = mishap;
        mishap = null;
        late = now == Mishap.LATE ? transaction : null;
        if (now == Mishap.LOST || now == Mishap.LATE || fails()) {
            throw new Unavailable("the state store", new IllegalStateException("no answer"));
        }
        for (Transaction.Write write : transaction.writes()) {
            Value value = state.get(write.key());
            boolean conflict = switch (write.guard()) {
                case ABSENT -> value != null;
                case AS_READ -> value == null || !value.etag.equals(write.etag());
                case NONE -> false;
            };
            if (conflict) {
                throw new Unavailable("the state store", new IllegalStateException("possible etag mismatch"));
            }
        }
        transaction.writes().forEach(write -> {
            tamper(write.key(), write.json());
            kept.put(write.key(), write.kept());
        });
        if (now == Mishap.ANSWER_LOST || fails()) {
            throw new Unavailable("the state store", new IllegalStateException("the answer was lost"));
        }
    }

    @Override
    public synchronized Set<Integer> publish(String topic, List<Keyed> events) {
        if (brokerAway || fails()) {
            refused++;
            throw new Unavailable("the broker", null);
        }
        int taken = fails() ? events.size() / 2 : events.size();
        List<CloudEvent> there = published.computeIfAbsent(topic, name -> new ArrayList<>());
        List<Keyed> small = events.subList(0, taken).stream()
                .filter(event -> Json.text(event.event()).length() <= largest)
                .toList();
        small.forEach(taking -> there.add(taking.event()));
        if (small.size() < taken) {
            throw new Unavailable(
                    "the broker",
                    new IllegalStateException(
                            events.size() == 1
                                    ? "kafka server: Message was too large, server rejected it to avoid allocation error"
                                    : "kafka: Failed to deliver " + (taken - small.size()) + " messages."));
        }
        return IntStream.range(taken, events.size()).boxed().collect(Collectors.toSet());
    }

    /** The events that a topic got, in their order. */
    public synchronized List<CloudEvent> published(String topic) {
        return List.copyOf(published.getOrDefault(topic, List.of()));
    }

    /** Puts a value past all rules, as somebody with access to the database could; null takes it away. */
    public synchronized void tamper(String key, @Nullable String json) {
        if (json == null) {
            state.remove(key);
        } else {
            state.put(key, new Value(json, UUID.randomUUID().toString()));
        }
    }

    /** For how long a key was last written; null where without an end. */
    public synchronized @Nullable Duration kept(String key) {
        return kept.get(key);
    }

    /** Everything there is in the store. */
    public synchronized Set<String> keys() {
        return Set.copyOf(state.keySet());
    }

    /** Puts a secret into the store. */
    public synchronized void secret(String name, String value) {
        secrets.put(name, value);
    }

    @Override
    public synchronized String secret(String name) {
        String value = secrets.get(name);
        if (value == null) {
            throw new IllegalStateException("no secret " + name);
        }
        return value;
    }

    @Override
    public JsonNode invoke(String app, String verb, String path, @Nullable String body, @Nullable Duration limit) {
        throw new Unavailable(app, new IllegalStateException("nobody there"));
    }

    @Override
    public int post(URI url, String body, Map<String, String> headers, Duration limit) {
        throw new Unavailable(url.getAuthority(), new IllegalStateException("nobody there"));
    }

    @Override
    public void schedule(String name, String at, JsonNode data) {
        throw new Unavailable("the scheduler", null);
    }

    @Override
    public void bind(
            String binding, String operation, String data, Map<String, String> metadata, @Nullable Duration limit) {
        throw new Unavailable("binding " + binding, null);
    }

    @Override
    public Set<String> bindings() {
        return Set.of();
    }

    @Override
    public JsonNode converse(String component, String question, Duration limit) {
        throw new Unavailable("the model", new IllegalStateException("nobody there"));
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public Set<String> awaitedBrokers() {
        return Set.of();
    }

    @Override
    public boolean finds(String app) {
        return true;
    }

    @Override
    public void leave() {}
}
