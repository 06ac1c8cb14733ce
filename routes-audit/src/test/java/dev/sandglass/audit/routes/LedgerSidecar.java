package dev.sandglass.audit.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.CallFailed;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Refused;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Unavailable;
import io.quarkus.test.Mock;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The sidecar of audit under test: a state store in memory, and behind it a <em>task</em> with the ledger of some lists. */
@Mock
@Singleton
@Named("dapr")
public class LedgerSidecar extends MemoryDapr {
    /** List to its changes, as the ledger has them. */
    final Map<String, ArrayNode> ledger = new ConcurrentHashMap<>();

    volatile boolean taskAway;
    /** The list whose changes <em>task</em> fails at. */
    volatile String broken = "";

    /** The most characters of documents in one read since it was set to 0. */
    volatile int largestRead;

    /** All characters of documents read since it was set to 0. */
    final AtomicLong charactersRead = new AtomicLong();

    /** Milliseconds that a read takes, and the number of reads under way. */
    volatile int slow;

    final AtomicInteger readers = new AtomicInteger();
    volatile int readersAtOnce;

    public LedgerSidecar() {
        super(1);
    }

    @Override
    public String secret(String name) {
        return APP_TOKEN;
    }

    @Override
    public Map<String, Stored> read(Collection<String> keys) {
        if (keys.stream().noneMatch(key -> key.startsWith("entry/"))) {
            return super.read(keys);
        }
        try {
            readersAtOnce = Math.max(readersAtOnce, readers.incrementAndGet());
            Thread.sleep(slow);
            Map<String, Stored> read = super.read(keys);
            int characters = read.values().stream()
                    .map(Stored::json)
                    .mapToInt(json -> json == null ? 0 : json.length())
                    .sum();
            largestRead = Math.max(largestRead, characters);
            charactersRead.addAndGet(characters);
            return read;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            readers.decrementAndGet();
        }
    }

    @Override
    public JsonNode invoke(String app, String verb, String path, @Nullable String body, @Nullable Duration limit) {
        if (taskAway) {
            throw new Unavailable("task", null);
        }
        if (path.startsWith("internal/heads/")) {
            ObjectNode heads = Json.object();
            ledger.forEach((list, changes) -> heads.put(list, changes.size()));
            return Json.object().put("at", Instant.now().getEpochSecond()).set("heads", heads);
        }
        String[] parts = path.split("/");
        if (parts[2].equals(broken)) {
            throw new CallFailed("task", null);
        }
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
