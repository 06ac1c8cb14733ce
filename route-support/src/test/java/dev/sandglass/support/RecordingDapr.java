package dev.sandglass.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** {@link MemoryDapr} that also remembers what was sent elsewhere, and answers as it is told. */
public class RecordingDapr extends MemoryDapr {
    /** @param what {@code post}, {@code invoke}, {@code bind} or {@code job} */
    public record Call(String what, String where, @Nullable String body, Map<String, String> with) {}

    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Map<String, String> secrets = new ConcurrentHashMap<>();
    private volatile int status = 200;
    private volatile JsonNode answer = NullNode.getInstance();

    public RecordingDapr() {
        super(1);
    }

    public List<Call> calls() {
        return calls;
    }

    public Call only() {
        if (calls.size() != 1) {
            throw new AssertionError(calls);
        }
        return calls.get(0);
    }

    public void keep(String name, String secret) {
        secrets.put(name, secret);
    }

    /** Posts are answered with this status from now on; 0 is no answer at all. */
    public void status(int next) {
        status = next;
    }

    /** Invocations are answered with this from now on. */
    public void answer(JsonNode next) {
        answer = next;
    }

    @Override
    public int post(URI url, String body, Map<String, String> headers, Duration limit) {
        calls.add(new Call("post", url.toString(), body, headers));
        if (status == 0) {
            throw new Unavailable(url.getAuthority(), new IllegalStateException("nobody there"));
        }
        return status;
    }

    @Override
    public JsonNode invoke(String app, String verb, String path, @Nullable String body, @Nullable Duration limit) {
        calls.add(new Call(
                "invoke",
                app + " " + verb + " " + path,
                body,
                limit == null ? Map.of() : Map.of("limit", limit.toString())));
        return answer;
    }

    @Override
    public JsonNode converse(String component, String question, Duration limit) {
        calls.add(new Call("converse", component, question, Map.of("limit", limit.toString())));
        return answer;
    }

    @Override
    public void bind(
            String binding, String operation, String data, Map<String, String> metadata, @Nullable Duration limit) {
        calls.add(new Call("bind", binding + " " + operation, data, metadata));
    }

    @Override
    public void schedule(String name, String at, JsonNode data) {
        calls.add(new Call("job", name + " " + at, data.toString(), Map.of()));
    }

    @Override
    public String secret(String name) {
        String secret = secrets.get(name);
        if (secret == null) {
            throw new IllegalStateException("the secret store has no secret named " + name);
        }
        return secret;
    }
}
