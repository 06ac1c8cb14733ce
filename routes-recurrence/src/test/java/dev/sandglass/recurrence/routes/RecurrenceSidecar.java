package dev.sandglass.recurrence.routes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.CallFailed;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Refused;
import dev.sandglass.support.Unavailable;
import io.quarkus.test.Mock;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The sidecar of a service under test: remembers what was asked of <em>task</em>, and answers as it is told. */
@Mock
@Singleton
@Named("dapr")
public class RecurrenceSidecar extends MemoryDapr {
    /** A call of another service. */
    record Call(
            String app, String verb, String path, @Nullable JsonNode body) {}

    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final AtomicLong sweeps = new AtomicLong();
    private volatile int status = 200;
    private volatile String awaiting = "[]";
    private volatile String confirmed = "[]";

    public RecurrenceSidecar() {
        super(1);
    }

    /** Calls that were to change something, and forgets all. */
    List<Call> asked() {
        List<Call> asked = calls.stream()
                .filter(call -> call.path.startsWith("internal/occurrences/"))
                .toList();
        calls.clear();
        return asked;
    }

    /** Verbs and paths of all calls but the sweep's, in order. */
    List<String> calls() {
        return calls.stream()
                .filter(call -> !call.path.equals("internal/awaiting"))
                .map(call -> call.verb + " " + call.path)
                .toList();
    }

    /** Completions whose next occurrence has not come, a JSON array. */
    void awaiting(String changes) {
        awaiting = changes;
    }

    /** The answer of <em>task</em> where it is asked for one of them, a JSON array. */
    void confirmed(String changes) {
        confirmed = changes;
    }

    /** How often the sweep asked. */
    long sweeps() {
        return sweeps.get();
    }

    /** @param newStatus what <em>task</em> answers from now on; 503 is no answer at all */
    void answer(int newStatus) {
        status = newStatus;
    }

    @Override
    public String secret(String name) {
        return APP_TOKEN;
    }

    @Override
    public JsonNode invoke(String app, String verb, String path, @Nullable String body, @Nullable Duration limit) {
        calls.add(new Call(app, verb, path, body == null ? null : Json.read(body, JsonNode.class)));
        if (path.equals("internal/awaiting")) {
            JsonNode changes = Json.read(awaiting, JsonNode.class);
            sweeps.incrementAndGet();
            return Json.object().set("changes", changes);
        }
        if (status == 503) {
            throw new Unavailable(app, null);
        }
        if (status == 500) {
            throw new CallFailed(app, null);
        }
        if (path.startsWith("internal/awaiting/")) {
            return Json.object().set("changes", Json.read(confirmed, JsonNode.class));
        }
        if (status >= 400) {
            throw new Refused(status, "{\"status\":" + status + "}");
        }
        return Json.object().put("came", true);
    }
}
