package dev.sandglass.reminder.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The sidecar of reminder under test: it remembers the calls, and behind it is a <em>task</em> with some lists and tasks. */
@Mock
@Singleton
@Named("dapr")
public class ReminderSidecar extends MemoryDapr {
    /** List to its changes, as the ledger has them. */
    final Map<String, ArrayNode> ledger = new ConcurrentHashMap<>();
    /** The tasks that <em>task</em> answers with, by id. */
    final Map<String, JsonNode> tasks = new ConcurrentHashMap<>();
    /** The calls, in order: {@code read}, {@code write}, {@code publish}, {@code invoke}, {@code job}, each with kinds of keys. */
    final List<String> calls = new CopyOnWriteArrayList<>();

    /** The lists of which a member has channels, as <em>task</em> says. */
    final Set<String> told = ConcurrentHashMap.newKeySet();
    /** Users who have channels, as <em>task</em> knows them, by user: {@code {"user","timeZone","quiet","channels"}}. */
    final Map<String, JsonNode> recipients = new ConcurrentHashMap<>();
    /** Calls of bindings, in order: the binding, metadata, body. */
    final List<String> sent = new CopyOnWriteArrayList<>();
    /** Answers of bindings that refuse a message, by the name of the binding. */
    final Map<String, String> refusals = new ConcurrentHashMap<>();
    /** Bindings that answer only once this is over. */
    final Map<String, CountDownLatch> hanging = new ConcurrentHashMap<>();

    volatile boolean taskAway;
    volatile boolean schedulerAway;
    /** The state store is away from the next publishing on. */
    volatile boolean storeAwayOncePublished;

    public ReminderSidecar() {
        super(1);
    }

    /** The first parts of keys. */
    private static String kinds(Collection<String> keys) {
        Set<String> kinds = new TreeSet<>();
        keys.forEach(key -> kinds.add(key.split("/")[0]));
        return String.join(" ", kinds);
    }

    @Override
    public Map<String, Stored> read(Collection<String> keys) {
        String kinds = kinds(keys);
        // A timer counts them meanwhile, and a queue of a test before is looked at.
        if (!kinds.equals("dead-letters") && !kinds.equals("posts")) {
            calls.add("read " + kinds);
        }
        return super.read(keys);
    }

    @Override
    public void commit(Transaction transaction) {
        Set<String> keys = new TreeSet<>();
        transaction.each((key, value) -> keys.add(key));
        calls.add("write " + kinds(keys));
        super.commit(transaction);
    }

    @Override
    public Set<Integer> publish(String topic, List<Keyed> events) {
        Set<Integer> doubtful = super.publish(topic, events);
        if (storeAwayOncePublished) {
            fail(1);
        }
        Set<String> types = new TreeSet<>();
        events.forEach(event -> types.add(event.event().type()));
        calls.add("publish " + topic + " " + events.size() + " " + String.join(" ", types));
        return doubtful;
    }

    @Override
    public void schedule(String name, String at, JsonNode data) {
        if (schedulerAway) {
            throw new Unavailable("the scheduler", null);
        }
        calls.add("job " + name + " " + at);
    }

    @Override
    public void bind(
            String binding, String operation, String data, Map<String, String> metadata, @Nullable Duration limit) {
        CountDownLatch over = hanging.get(binding);
        if (over != null) {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        String refusal = refusals.get(binding);
        if (refusal != null) {
            calls.add("refused " + binding);
            throw new Unavailable(
                    "binding " + binding, new IllegalStateException("error invoking output binding: " + refusal));
        }
        sent.add(binding + " " + new TreeMap<>(metadata) + " " + data);
    }

    @Override
    public int post(URI url, String body, Map<String, String> headers, Duration limit) {
        String refusal = refusals.get(url.toString());
        if (refusal != null) {
            return Integer.parseInt(refusal);
        }
        sent.add(url + " " + new TreeMap<>(headers) + " " + body);
        return 204;
    }

    @Override
    public Set<String> bindings() {
        return Set.of("channel-email", "channel-webhook.hooks.example.com", "mail", "reminder-sweep");
    }

    @Override
    public String secret(String name) {
        return APP_TOKEN;
    }

    @Override
    public JsonNode invoke(String app, String verb, String path, @Nullable String body, @Nullable Duration limit) {
        if (!path.startsWith("internal/heads/")) {
            calls.add("invoke " + app + " " + path);
        }
        if (taskAway) {
            throw new Unavailable("task", null);
        }
        if (path.startsWith("internal/heads/")) {
            ObjectNode heads = Json.object();
            ledger.forEach((list, changes) -> heads.put(list, changes.size()));
            return Json.object().put("at", Instant.now().getEpochSecond()).set("heads", heads);
        }
        if (path.equals("internal/tasks")) {
            ArrayNode found = Json.array();
            Json.read(String.valueOf(body), JsonNode.class).path("ids").forEach(id -> {
                JsonNode task = tasks.get(id.asText());
                if (task != null) {
                    found.add(task);
                }
            });
            ObjectNode answer = Json.object().set("tasks", found);
            return answer.set("told", Json.tree(told));
        }
        if (path.equals("internal/recipients")) {
            JsonNode question = Json.read(String.valueOf(body), JsonNode.class);
            ArrayNode users = Json.array();
            recipients.forEach((user, recipient) -> {
                if (question.path("user").asText(user).equals(user)) {
                    users.add(recipient);
                }
            });
            ObjectNode answer = Json.object().set("users", users);
            if (question.has("list")) {
                answer.putObject("list")
                        .put("id", question.path("list").asText())
                        .put("name", "Groceries");
            }
            return answer.set("task", tasks.get(question.path("task").asText()));
        }
        String[] parts = path.split("/");
        ArrayNode some = Json.array();
        ArrayNode changes = ledger.getOrDefault(parts[2], Json.array());
        for (int i = Integer.parseInt(parts[4]); i < changes.size(); i++) {
            some.add(changes.get(i));
        }
        return Json.object().set("changes", some);
    }
}
