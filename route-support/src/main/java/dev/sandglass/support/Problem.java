package dev.sandglass.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Map;

/** A request that is answered with a problem document (RFC 9457). */
public class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The phrases of RFC 9110; Netty has those of older RFCs. */
    private static final Map<Integer, String> RENAMED = Map.of(413, "Content Too Large", 422, "Unprocessable Content");

    /** The most faults in one answer; the client sees others after it has mended these. */
    private static final int MOST_FAULTS = 100;

    private final int status;
    private final transient ObjectNode more = Json.object();

    /** A wrong field: its place (RFC 6901) and the fault. */
    public record Fault(String pointer, String detail) {}

    public Problem(int status, String detail) {
        super(detail);
        this.status = status;
    }

    /** 422 with the fields that are wrong, 100 of them at most. */
    public static Problem wrong(List<Fault> faults) {
        ArrayNode errors = Json.array();
        faults.stream().limit(MOST_FAULTS).forEach(fault -> errors.add(Json.<JsonNode>tree(fault)));
        String detail = faults.size() == 1 ? faults.get(0).detail() : faults.size() + " fields are wrong";
        return new Problem(422, detail).with("errors", errors);
    }

    /** 422 for one field. */
    public static Problem wrong(String pointer, String detail) {
        return wrong(List.of(new Fault(pointer, detail)));
    }

    /** Adds an extension member. */
    public Problem with(String name, JsonNode value) {
        more.set(name, value);
        return this;
    }

    public int status() {
        return status;
    }

    public ObjectNode document() {
        ObjectNode document = Json.object()
                .put("type", "about:blank")
                .put("title", title())
                .put("status", status)
                .put("detail", getMessage());
        document.setAll(more);
        return document;
    }

    /** The status phrase (RFC 9457 section 4.2.1), since the type says no more. */
    private String title() {
        return RENAMED.getOrDefault(status, HttpResponseStatus.valueOf(status).reasonPhrase());
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        // This is an answer, not a fault: no one reads its stack trace, which costs more than the answer.
        return this;
    }
}
