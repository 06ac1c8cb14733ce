package dev.sandglass.support.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Keyed;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A sidecar that does nothing and remembers what it was asked to do. State is there for as long as the trial, and empty at first. */
final class TrialDapr implements Dapr {
    /** A call that would have been made: its kind, target and body, and the headers or metadata with it. */
    record Call(String kind, String target, @Nullable String body, Map<String, String> with) {}

    private final List<Call> calls;
    private final Map<String, Stored> state = new HashMap<>();
    private final Queue<JsonNode> answers = new ArrayDeque<>();

    /**
     * @param answers of invocations, in their order; after the last, null
     * @param calls where the calls go
     */
    TrialDapr(List<JsonNode> answers, List<Call> calls) {
        this.calls = calls;
        this.answers.addAll(answers);
    }

    private void would(String kind, String target, @Nullable String body, Map<String, String> with) {
        calls.add(new Call(kind, target, body, with));
    }

    @Override
    public int post(URI url, String body, Map<String, String> headers, Duration limit) {
        would("post", url.toString(), body, headers);
        return 200;
    }

    @Override
    public Set<Integer> publish(String topic, List<Keyed> events) {
        events.forEach(one -> would("publish", topic, Json.text(one.event()), Map.of("key", one.key())));
        return Set.of();
    }

    @Override
    public JsonNode invoke(String app, String verb, String path, @Nullable String body, @Nullable Duration limit) {
        would("invoke", app + " " + verb + " " + path, body, Map.of());
        JsonNode answer = answers.poll();
        return answer == null ? NullNode.getInstance() : answer;
    }

    @Override
    public void bind(
            String binding, String operation, String data, Map<String, String> metadata, @Nullable Duration limit) {
        would("bind", binding + " " + operation, data, metadata);
    }

    @Override
    public Set<String> bindings() {
        return Set.of();
    }

    /** Only the services' own routes ask a model. */
    @Override
    public JsonNode converse(String component, String question, Duration limit) {
        return NullNode.getInstance();
    }

    @Override
    public void schedule(String name, String at, JsonNode data) {
        would("job", name + " at " + at, data.toString(), Map.of());
    }

    @Override
    public String secret(String name) {
        return "the secret " + name;
    }

    @Override
    public synchronized Map<String, Stored> read(Collection<String> keys) {
        return keys.stream()
                .collect(Collectors.toMap(
                        Function.identity(), key -> state.getOrDefault(key, new Stored(key, null, null))));
    }

    @Override
    public synchronized void commit(Transaction transaction) {
        transaction.each((key, json) -> {
            if (json == null) {
                state.remove(key);
            } else {
                state.put(key, new Stored(key, json, UUID.randomUUID().toString()));
            }
            would(json == null ? "forget" : "keep", key, json, Map.of());
        });
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public boolean finds(String app) {
        return true;
    }

    @Override
    public Set<String> awaitedBrokers() {
        return Set.of();
    }

    @Override
    public void leave() {}
}
