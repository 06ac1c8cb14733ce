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

    /** The phrases of RFC 9110: Netty's are those of the RFCs before it. */
    private static final Map<Integer, String> RENAMED = Map.of(413, "Content Too Large", 422, "Unprocessable Content");

    /** Fields named in one answer; who has more wrong sees the rest when these are right. */
    private static final int MOST_FAULTS = 100;

    private final int status;
    private final transient ObjectNode more = Json.object();

    /** A field that is wrong: where (RFC 6901), and what of it. */
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

    /** RFC 9457 section 4.2.1: that of the status, for the type says no more. */
    private String title() {
        return RENAMED.getOrDefault(status, HttpResponseStatus.valueOf(status).reasonPhrase());
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        // An answer, not a fault: nobody reads where it was made, and making it costs more than the answer.
        return this;
    }
}
