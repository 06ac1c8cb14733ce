package dev.sandglass.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The REST contract as one user sees it, through the public origin. Every answer must be one that {@code openapi.yaml} has. */
final class Api {
    static final ObjectMapper JSON = new ObjectMapper();
    static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final String origin;
    private final String token;

    Api(String origin, String token) {
        this.origin = origin;
        this.token = token;
    }

    /** A service's own port, as anybody on the machine calls it: health, metrics, and refusals. */
    static Api ofService(String name) throws IOException, InterruptedException {
        return new Api("http://localhost:" + Stack.part(name).path("port").asInt(), "");
    }

    /** An answer: its status, its body (missing if it had none), its headers. */
    record Answer(int status, JsonNode body, HttpHeaders headers) {
        /** The body, of an answer with this status and no other. */
        JsonNode with(int expected) {
            if (status != expected) {
                throw new AssertionError("expected " + expected + ", was " + status + ": " + body);
            }
            if (status >= 400
                    && !headers.firstValue("Content-Type").orElse("").startsWith("application/problem+json")) {
                throw new AssertionError("not a problem document: " + headers.map());
            }
            return body;
        }
    }

    /** Signs in as a demo user of the tests' stack. */
    static Api as(String user) throws IOException, InterruptedException {
        return as(user, Stack.PAGE);
    }

    /** Signs in as a demo user of another stack, or as one with roles. */
    static Api as(String user, String page, String... roles) throws IOException, InterruptedException {
        Api nobody = new Api(page, "");
        return new Api(
                page,
                nobody.post("/api/dev/token", Map.of("user", user, "roles", List.of(roles)))
                        .with(200)
                        .path("token")
                        .asText());
    }

    String token() {
        return token;
    }

    /** The same user at another origin: another replica's. */
    Api at(String another) {
        return new Api(another, token);
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send("GET", path, null, Map.of());
    }

    /** @param body anything Jackson can write, or null for none */
    Answer post(String path, Object body) throws IOException, InterruptedException {
        return send("POST", path, body, Map.of());
    }

    Answer put(String path, Object body) throws IOException, InterruptedException {
        return send("PUT", path, body, Map.of());
    }

    Answer patch(String path, Object body) throws IOException, InterruptedException {
        return send("PATCH", path, body, Map.of("Content-Type", "application/merge-patch+json"));
    }

    Answer delete(String path) throws IOException, InterruptedException {
        return send("DELETE", path, null, Map.of());
    }

    /** @param headers beside the token and the usual content type, which they may replace */
    Answer send(String method, String path, Object body, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin + path))
                .timeout(Duration.ofSeconds(15))
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(
                                        body instanceof String raw ? raw : JSON.writeValueAsString(body)));
        if (!token.isEmpty()) {
            request.setHeader("Authorization", "Bearer " + token);
        }
        if (body != null) {
            request.setHeader("Content-Type", "application/json");
        }
        headers.forEach(request::setHeader);
        HttpResponse<String> answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        boolean json = answer.headers().firstValue("Content-Type").orElse("").contains("json");
        Answer read = new Answer(
                answer.statusCode(),
                json && !answer.body().isBlank() ? JSON.readTree(answer.body()) : MissingNode.getInstance(),
                answer.headers());
        Conformance.hold(method, path, read);
        return read;
    }

    /** A socket of this user's, connected by a fresh ticket. */
    LiveSocket live() throws Exception {
        return LiveSocket.connect(
                post("/api/live/ticket", null).with(200).path("url").asText());
    }
}
