package dev.sandglass.task.door;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Keyed;
import io.quarkus.test.Mock;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The sidecar of <em>task</em> under test: state in memory, and other services that answer as they do when they have nothing. */
@Mock
@Singleton
@Named("dapr")
public class DoorSidecar extends MemoryDapr {
    private static final String KEY = "b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xkLW9sZC0";

    static final String SNOOZED =
            "{\"id\":\"l.1.0123456789.2\",\"task\":\"l.1\",\"at\":\"2040-01-01T09:00:00Z\",\"status\":\"scheduled\",\"late\":false,\"firedAt\":null,\"deliveries\":{}}";

    private static final Map<String, String> ANSWERS = Map.of(
            "internal/tickets", "{\"room\":true,\"limit\":100}",
            "internal/entries", "{\"entries\":[],\"next\":\"abc\"}",
            "internal/history", "{\"entries\":[]}",
            "internal/verify", "{\"complete\":true,\"entries\":1,\"seq\":1,\"hash\":\"x\"}",
            "internal/reminders", "{\"reminders\":[]}",
            "internal/snooze", SNOOZED,
            "internal/channels", "{\"bindings\":[\"channel-email\",\"channel-webhook.hooks.example.com\"]}",
            "internal/channels/code", "{}",
            "internal/dead-letters", "{\"letters\":[],\"next\":null,\"counts\":{}}",
            "internal/dead-letters/resend", "{\"sent\":1,\"failed\":0,\"next\":null}");

    /** The calls of other services, as {@code app path body}. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    /** All calls in order, as {@code read|write <kinds of keys>}, {@code publish <topic> <types>}, {@code ask <service> <path>}. */
    final List<String> calls = new CopyOnWriteArrayList<>();
    /** The next answers of the model, in the form of Dapr's Conversation API; none: it is away. */
    final Queue<Supplier<String>> model = new ConcurrentLinkedQueue<>();
    /** Services that are away. */
    final Set<String> away = ConcurrentHashMap.newKeySet();
    /** What was posted, in order. */
    final List<Posted> posts = new CopyOnWriteArrayList<>();
    /** How foreign servers answer a path; 200, if not said. */
    final Map<String, Integer> answers = new ConcurrentHashMap<>();
    /** Somebody writes the documents of the next commit just before it. */
    volatile boolean overtaken;

    /**
     * A post to a foreign server.
     *
     * @param binding or its URL, where it went without one
     */
    record Posted(String binding, Map<String, String> with, String body) {
        JsonNode json() {
            return Json.read(body, JsonNode.class);
        }
    }

    public DoorSidecar() {
        super(1);
        secret("app-token", APP_TOKEN);
        secret("token-key", KEY);
        secret("ticket-key", KEY);
    }

    @Override
    public Map<String, Stored> read(Collection<String> keys) {
        keys.stream().filter(key -> key.contains("||")).findFirst().ifPresent(key -> {
            throw new IllegalArgumentException("daprd would not take the key " + key);
        });
        note("read", keys);
        return super.read(keys);
    }

    @Override
    public synchronized void commit(Transaction transaction) {
        Set<String> keys = new TreeSet<>();
        transaction.each((key, value) -> keys.add(key));
        note("write", keys);
        if (overtaken) {
            overtaken = false;
            keys.forEach(key -> tamper(key, super.read(List.of(key)).get(key).json()));
        }
        super.commit(transaction);
    }

    @Override
    public Set<Integer> publish(String topic, List<Keyed> events) {
        Set<Integer> doubtful = super.publish(topic, events);
        events.forEach(
                event -> calls.add("publish " + topic + " " + event.event().type()));
        return doubtful;
    }

    /** Timers ask for some kinds at any time. */
    private void note(String what, Collection<String> keys) {
        Set<String> kinds = new TreeSet<>();
        for (String key : keys) {
            String[] parts = key.split("/");
            kinds.add(parts.length > 2 && parts[0].equals("list") ? parts[2] : parts[0]);
        }
        boolean mark = kinds.contains("moved");
        kinds.removeAll(Set.of("pending", "dead-letters", "hooks", "webhook-owners"));
        boolean look = what.equals("read") && kinds.equals(Set.of("list", "webhook", "webhooks"));
        if (!mark && !look && !kinds.isEmpty()) {
            calls.add(what + " " + String.join(" ", kinds));
        }
    }

    @Override
    public JsonNode converse(String component, String question, Duration limit) {
        asked.add("model " + component + " " + question);
        Supplier<String> says = model.poll();
        if (says == null) {
            throw new Unavailable("the model", null);
        }
        long begun = System.nanoTime();
        JsonNode answer = Json.read(says.get(), JsonNode.class);
        if (System.nanoTime() - begun > limit.toNanos()) {
            throw new Unavailable("the model", null);
        }
        return answer;
    }

    @Override
    public Set<String> bindings() {
        return Set.of("channel-webhook.hooks.example.com", "mail");
    }

    /** As Dapr's HTTP binding, which tells what was answered in an error. */
    @Override
    public void bind(
            String binding, String operation, String data, Map<String, String> metadata, @Nullable Duration limit) {
        if (!bindings().contains(binding)) {
            throw new Unavailable(
                    "binding " + binding, new IllegalStateException("couldn't find output binding " + binding));
        }
        posts.add(new Posted(binding, Map.copyOf(metadata), data));
        int status = answers.getOrDefault(metadata.getOrDefault("path", ""), 200);
        if (status >= 300) {
            throw new Unavailable("binding " + binding, new IllegalStateException("received status code " + status));
        }
    }

    @Override
    public int post(URI url, String body, Map<String, String> headers, Duration limit) {
        posts.add(new Posted(url.toString(), Map.copyOf(headers), body));
        return answers.getOrDefault(url.getPath(), 200);
    }

    @Override
    public JsonNode invoke(String app, String verb, String path, @Nullable String body, @Nullable Duration limit) {
        asked.add(app + " " + path + " " + body);
        calls.add("ask " + app + " " + path);
        if (away.contains(app)) {
            throw new Unavailable(app, null);
        }
        return Json.read(ANSWERS.getOrDefault(path, "{}"), JsonNode.class);
    }
}
