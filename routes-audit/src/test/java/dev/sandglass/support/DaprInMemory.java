package dev.sandglass.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import io.quarkus.runtime.ShutdownEvent;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A state store with ETags and transactions that roll back, and a <em>task</em> with the ledger of some lists, in memory. */
public class DaprInMemory extends Dapr {
    public final Map<String, Stored> state = new TreeMap<>();
    /** List to its changes, as the ledger has them. */
    public final Map<String, ArrayNode> ledger = new HashMap<>();

    /** What the next commit does beside: nothing, not happen, happen without its answer. */
    public enum Mishap {
        NONE,
        LOST,
        ANSWER_LOST
    }

    public Mishap mishap = Mishap.NONE;
    public boolean taskAway;
    private int etags;

    public DaprInMemory() {
        super(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), 1, "-");
        try {
            // No sidecar is ever called.
            stop(new ShutdownEvent());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized Stored read(String key) {
        return state.getOrDefault(key, new Stored(key, null, null));
    }

    @Override
    public Map<String, Stored> read(Collection<String> keys) {
        return keys.stream().distinct().collect(Collectors.toMap(key -> key, this::read));
    }

    @Override
    public synchronized void commit(Transaction transaction) {
        Mishap now = mishap;
        mishap = Mishap.NONE;
        boolean conflict = transaction.writes().stream().anyMatch(this::conflicts);
        if (conflict || now == Mishap.LOST) {
            throw new Unavailable("the state store", new IllegalStateException("possible etag mismatch"));
        }
        transaction.writes().forEach(write -> write(write.key(), write.json()));
        if (now == Mishap.ANSWER_LOST) {
            throw new Unavailable("the state store", new IllegalStateException("no answer"));
        }
    }

    /** Puts a value past all rules, as somebody with access to the database could. */
    public void write(String key, @Nullable String json) {
        if (json == null) {
            state.remove(key);
        } else {
            state.put(key, new Stored(key, json, Integer.toString(++etags)));
        }
    }

    private boolean conflicts(Transaction.Write write) {
        Stored there = read(write.key());
        return switch (write.guard()) {
            case NONE -> false;
            case ABSENT -> !there.absent();
            case AS_READ -> there.absent() || !there.etag().equals(write.etag());
        };
    }

    @Override
    public JsonNode invoke(String app, String verb, String path, @Nullable String body) {
        if (taskAway) {
            throw new Unavailable("task", null);
        }
        if (path.equals("internal/heads")) {
            ObjectNode heads = Json.object();
            ledger.forEach((list, changes) -> heads.put(list, changes.size()));
            return Json.object().set("heads", heads);
        }
        String[] parts = path.split("/");
        ArrayNode changes = ledger.get(parts[2]);
        if (changes == null) {
            throw new Refused(404, "{\"status\":404}");
        }
        ArrayNode some = Json.array();
        for (int i = Integer.parseInt(parts[4]); i < changes.size() && some.size() < 1_000; i++) {
            some.add(changes.get(i));
        }
        ObjectNode answer = Json.object().put("seq", changes.size());
        return answer.set("changes", some);
    }
}
