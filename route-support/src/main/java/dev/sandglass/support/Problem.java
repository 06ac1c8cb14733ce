package dev.sandglass.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Rejection;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import java.util.TreeMap;

/** A request that is answered with a problem document (RFC 9457). */
public class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The phrases of RFC 9110; Netty has those of older RFCs. */
    private static final Map<Integer, String> RENAMED = Map.of(413, "Content Too Large", 422, "Unprocessable Content");

    private final int status;
    private final transient ObjectNode more = Json.object();

    public Problem(int status, String detail) {
        // An answer, not a fault: no one reads its stack trace, which costs more than the answer.
        super(detail, null, false, false);
        this.status = status;
    }

    /** The answer to a refusal. */
    public static Problem of(Rejection why) {
        Problem problem = new Problem(status(why.reason()), String.valueOf(why.getMessage()));
        problem.more.setAll(why.more());
        return problem;
    }

    private static int status(Rejection.Reason reason) {
        return switch (reason) {
            case UNREADABLE -> 400;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case CONFLICT -> 409;
            case GONE -> 410;
            case STALE -> 412;
            case INVALID -> 422;
            case TOO_MANY -> 429;
            case NOT_NOW -> 503;
        };
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

    /** The headers of the answer, whoever writes it. */
    public Map<String, String> headers() {
        Map<String, String> headers = new TreeMap<>(Map.of("Content-Type", "application/problem+json"));
        switch (status) {
            case 401 -> headers.put("WWW-Authenticate", "Bearer");
            case 429, 503 -> headers.put("Retry-After", "1");
            default -> {}
        }
        return headers;
    }

    /** Answers a call that no route answers. */
    public Future<Void> answer(HttpServerResponse response) {
        headers().forEach(response::putHeader);
        return response.setStatusCode(status).end(document().toString());
    }
}
