package dev.sandglass.support;

import dev.sandglass.events.CloudEvent;
import io.quarkus.runtime.ShutdownEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;

/**
 * A sidecar for unit tests: state with ETags and transactions that roll back, topics that remember. It can be told to fail as the real
 * one does: before a write, after it (the answer is lost), at a read, at a publish.
 */
public class MemoryDapr extends Dapr {
    private record Value(String json, String etag) {}

    private final Map<String, Value> state = new HashMap<>();
    private final Map<String, List<CloudEvent>> published = new HashMap<>();
    private final Random chance;
    private volatile double failing;

    public MemoryDapr(long seed) {
        super(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), 1, "-");
        chance = new Random(seed);
        try {
            stop(new ShutdownEvent());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param share of calls that fail, 0 to 1 */
    public void fail(double share) {
        failing = share;
    }

    private boolean fails() {
        synchronized (chance) {
            return chance.nextDouble() < failing;
        }
    }

    @Override
    public Stored read(String key) {
        return Objects.requireNonNull(read(List.of(key)).get(key));
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
        return found;
    }

    @Override
    public synchronized void commit(Transaction transaction) {
        if (fails()) {
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
        for (Transaction.Write write : transaction.writes()) {
            if (write.json() == null) {
                state.remove(write.key());
            } else {
                state.put(write.key(), new Value(write.json(), UUID.randomUUID().toString()));
            }
        }
        if (fails()) {
            throw new Unavailable("the state store", new IllegalStateException("the answer was lost"));
        }
    }

    @Override
    public void publish(String topic, String key, CloudEvent event) {
        if (publish(topic, key, List.of(event)) < 1) {
            throw new Unavailable("the broker", null);
        }
    }

    @Override
    public synchronized int publish(String topic, String key, List<CloudEvent> events) {
        if (fails()) {
            throw new Unavailable("the broker", null);
        }
        int taken = fails() ? events.size() / 2 : events.size();
        published.computeIfAbsent(topic, name -> new ArrayList<>()).addAll(events.subList(0, taken));
        return taken;
    }

    /** What a topic got, in the order it got it. */
    public synchronized List<CloudEvent> published(String topic) {
        return List.copyOf(published.getOrDefault(topic, List.of()));
    }

    /** Changes what lies under a key, behind everybody's back. */
    public synchronized void tamper(String key, String json) {
        state.put(key, new Value(json, UUID.randomUUID().toString()));
    }

    @Override
    public boolean ready() {
        return true;
    }
}
