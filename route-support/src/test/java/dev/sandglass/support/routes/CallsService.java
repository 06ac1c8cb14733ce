package dev.sandglass.support.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.InternalAnswers;
import dev.sandglass.support.MemoryDapr;
import io.quarkus.test.common.http.TestHTTPResource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** A test that calls the service as its sidecar does. */
public abstract class CallsService {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TestHTTPResource("/")
    protected URI service;

    /** Posts; the answer is 200, and as internal.yaml has it. */
    protected final JsonNode ask(String path, String body) {
        HttpResponse<String> answer = post(path, body);
        assertEquals(200, answer.statusCode(), answer.body());
        JsonNode read = Json.read(answer.body(), JsonNode.class);
        InternalAnswers.assertHolds("post", "/" + path, read);
        return read;
    }

    protected final HttpResponse<String> post(String path, String body) {
        try {
            return HTTP.send(
                    HttpRequest.newBuilder(service.resolve("/" + path))
                            .header("dapr-api-token", MemoryDapr.APP_TOKEN)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
