package dev.sandglass.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A signed-in user of a deployment. */
final class Client {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final String origin;
    private final String live;
    private final String token;

    /** An answer: its status and its body, missing if it had none. */
    record Answer(int status, JsonNode body) {
        /** @throws IllegalStateException for any other status */
        JsonNode with(int expected) {
            if (status != expected) {
                throw new IllegalStateException("expected " + expected + ", was " + status + ": " + body);
            }
            return body;
        }
    }

    /**
     * @param origin where the API is, as {@code http://sandglass-task}
     * @param live where the live feed is, as {@code ws://sandglass-sync}: a ticket's own host need not lead anywhere inside the cluster
     */
    Client(String origin, String live, String token) {
        this.origin = origin;
        this.live = live;
        this.token = token;
    }

    /** Signs in by name; only a trial lets one. */
    static Client named(String origin, String live, String user) throws IOException, InterruptedException {
        return new Client(
                origin,
                live,
                new Client(origin, live, "")
                        .send("POST", "/api/dev/token", Map.of("user", user), null)
                        .with(200)
                        .path("token")
                        .asText());
    }

    /** @param key an Idempotency-Key, or null */
    Answer send(String method, String path, @Nullable Object body, @Nullable String key)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin + path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(
                answer.statusCode(),
                answer.body().startsWith("{") ? JSON.readTree(answer.body()) : MissingNode.getInstance());
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return send("GET", path, null, null).with(200);
    }

    JsonNode post(String path, Object body, int expected) throws IOException, InterruptedException {
        return send("POST", path, body, null).with(expected);
    }

    /** A socket opened with a new ticket. */
    WebSocket connect(WebSocket.Listener listener)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        URI ticket =
                URI.create(post("/api/live/ticket", Map.of(), 200).path("url").asText());
        return http.newWebSocketBuilder()
                .connectTimeout(PATIENCE)
                .buildAsync(URI.create(live + ticket.getRawPath() + "?" + ticket.getRawQuery()), listener)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
