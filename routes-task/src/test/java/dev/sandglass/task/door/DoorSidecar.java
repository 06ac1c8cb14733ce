package dev.sandglass.task.door;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import io.quarkus.test.Mock;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The sidecar of <em>task</em> under test: state in memory, and other services that answer as they do when they have nothing. */
@Mock
@Singleton
@Named("dapr")
public class DoorSidecar extends MemoryDapr {
    static final String TOKEN = "the app token";
    private static final String KEY = "b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xkLW9sZC0";

    private static final Map<String, String> ANSWERS = Map.of(
            "internal/tickets", "{\"room\":true,\"limit\":100}",
            "internal/entries", "{\"entries\":[],\"next\":\"abc\"}",
            "internal/history", "{\"entries\":[]}",
            "internal/verify", "{\"complete\":true,\"entries\":1,\"seq\":1,\"hash\":\"x\"}",
            "internal/reminders", "{\"reminders\":[]}",
            "internal/dead-letters", "{\"letters\":[],\"next\":null,\"counts\":{}}",
            "internal/dead-letters/resend", "{\"sent\":1,\"failed\":0,\"next\":null}");

    /** The calls of other services, as {@code app path body}. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    public DoorSidecar() {
        super(1);
        secret("app-token", TOKEN);
        secret("token-key", KEY);
        secret("ticket-key", KEY);
    }

    @Override
    public Map<String, dev.sandglass.support.Stored> read(Collection<String> keys) {
        keys.stream().filter(key -> key.contains("||")).findFirst().ifPresent(key -> {
            throw new IllegalArgumentException("daprd would not take the key " + key);
        });
        return super.read(keys);
    }

    @Override
    public JsonNode invoke(String app, String verb, String path, @Nullable String body, @Nullable Duration limit) {
        asked.add(app + " " + path + " " + body);
        return Json.read(ANSWERS.getOrDefault(path, "{}"), JsonNode.class);
    }
}
