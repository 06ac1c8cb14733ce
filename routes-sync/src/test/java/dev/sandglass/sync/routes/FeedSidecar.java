package dev.sandglass.sync.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.events.Role;
import dev.sandglass.events.TaskList;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Refused;
import dev.sandglass.support.Unavailable;
import io.quarkus.test.Mock;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The sidecar of sync under test: a state store in memory, behind it a <em>task</em> with lists of alice's, and a <em>reminder</em>. */
@Mock
@Singleton
@Named("dapr")
public class FeedSidecar extends MemoryDapr {
    static final String KEY = "b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xkLW9sZC0";

    /** List to its number. */
    final Map<String, Long> heads = new ConcurrentHashMap<>();
    /** List to the number up to which its changes are kept no longer. */
    final Map<String, Long> trimmed = new ConcurrentHashMap<>();
    /** List to the status with which task refuses to tell its changes. */
    final Map<String, Integer> refused = new ConcurrentHashMap<>();
    /** Lists that task cannot read. */
    final Set<String> unreadable = ConcurrentHashMap.newKeySet();
    /** The frames of reminders that were delivered lately. */
    final List<JsonNode> fired = new CopyOnWriteArrayList<>();
    /** The lists that alice has muted. */
    final Set<String> muted = ConcurrentHashMap.newKeySet();
    /** Personal tokens that are good, by their hashes. */
    final Set<String> tokens = ConcurrentHashMap.newKeySet();
    /** The lists of some of them, by their hashes. */
    final Map<String, List<String>> listsOfTokens = new ConcurrentHashMap<>();
    /** Each call as {@code <app> <path>}, in order. */
    final List<String> calls = new CopyOnWriteArrayList<>();
    /** Applications that are away. */
    final List<String> away = new CopyOnWriteArrayList<>();

    public FeedSidecar() {
        super(1);
    }

    @Override
    public String secret(String name) {
        return name.equals("ticket-key") ? KEY : APP_TOKEN;
    }

    @Override
    public JsonNode invoke(String app, String verb, String path, @Nullable String body, @Nullable Duration limit) {
        calls.add(app + " " + path);
        if (away.contains(app)) {
            throw new Unavailable(app, null);
        }
        if (path.equals("internal/tokens")) {
            ObjectNode good = Json.object().set("tokens", Json.tree(tokens));
            return Json.read(String.valueOf(body), JsonNode.class).has("lists")
                    ? good.set("lists", Json.tree(listsOfTokens))
                    : good;
        }
        if (path.equals("internal/users/muted")) {
            return Json.object().set("muted", Json.tree(muted.isEmpty() ? Map.of() : Map.of("alice", muted)));
        }
        if (path.startsWith("internal/fired")) {
            ObjectNode forAlice = Json.object();
            forAlice.putObject("alice")
                    .putArray("reminders")
                    .addObject()
                    .put("type", "reminder")
                    .put("id", "missed");
            return path.equals("internal/fired-for")
                    ? forAlice
                    : Json.object().set("reminders", Json.array().addAll(fired));
        }
        if (path.startsWith("internal/lists/")) {
            String[] parts = path.split("/");
            long after = Long.parseLong(parts[4]);
            if (after < trimmed.getOrDefault(parts[2], 0L)) {
                throw new Refused(410, "{\"status\":410,\"seq\":%d}".formatted(head(parts[2])));
            }
            Integer status = refused.get(parts[2]);
            if (status != null) {
                throw new Refused(status, "{\"status\":%d}".formatted(status));
            }
            ArrayNode changes = Json.array();
            LongStream.rangeClosed(after + 1, head(parts[2]))
                    .forEach(seq -> changes.add(Json.<JsonNode>tree(change(parts[2], seq))));
            return Json.object().put("seq", head(parts[2])).set("changes", changes);
        }
        if (path.equals("internal/users/lists") && body != null && body.contains("mallory")) {
            throw new Refused(422, "{\"status\":422}");
        }
        ArrayNode lists = Json.array();
        heads.keySet().forEach(list -> lists.add(Json.<JsonNode>tree(list(list))));
        ObjectNode answer = Json.object().set("lists", lists);
        return unreadable.isEmpty() ? answer : answer.set("unreadable", Json.tree(unreadable));
    }

    private long head(String list) {
        return heads.getOrDefault(list, 0L);
    }

    private TaskList list(String id) {
        return new TaskList(id, "List", "alice", new TreeMap<>(Map.of("alice", Role.OWNER)), head(id));
    }

    /** A change of one of the lists. */
    Change change(String list, long seq) {
        return new Change(
                ChangeType.LIST_UPDATED,
                list,
                seq,
                Instant.EPOCH,
                "alice",
                new TreeMap<>(),
                null,
                list(list),
                null,
                "",
                "");
    }
}
