package dev.sandglass.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import java.util.List;
import java.util.Map;

/** A request that is answered with a problem document (RFC 9457). */
public class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final Map<Integer, String> TITLES = Map.ofEntries(
            Map.entry(400, "The request cannot be read"),
            Map.entry(401, "Sign in first"),
            Map.entry(403, "Not yours to do"),
            Map.entry(404, "Not found"),
            Map.entry(405, "Not possible here"),
            Map.entry(406, "No such representation"),
            Map.entry(409, "Against the state of things"),
            Map.entry(410, "No longer kept"),
            Map.entry(412, "It has changed meanwhile"),
            Map.entry(413, "Too large"),
            Map.entry(415, "Not a media type taken here"),
            Map.entry(422, "The request says something wrong"),
            Map.entry(429, "Too much at once"),
            Map.entry(500, "A mistake of ours"),
            Map.entry(503, "Away for a moment"));

    private final int status;
    private final transient ObjectNode more = Json.object();

    /** A field that is wrong: where (RFC 6901), and what of it. */
    public record Fault(String pointer, String detail) {}

    public Problem(int status, String detail) {
        super(detail);
        this.status = status;
    }

    /** 422 with the fields that are wrong. */
    public static Problem wrong(List<Fault> faults) {
        ArrayNode errors = Json.array();
        faults.forEach(fault -> errors.add(Json.<JsonNode>tree(fault)));
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
                .put("title", TITLES.getOrDefault(status, "It did not work"))
                .put("status", status)
                .put("detail", getMessage());
        document.setAll(more);
        return document;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        // An answer, not a fault: nobody reads where it was made, and making it costs more than the answer.
        return this;
    }
}
