package dev.sandglass.task.door;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Somebody who calls the public origin. */
record DoorClient(String name, String authorization) {
    static final HttpClient HTTP = HttpClient.newHttpClient();

    /** Somebody nobody has heard of before: behind the name goes a mark. */
    static DoorClient like(String like, String... roles) throws Exception {
        String name = like + "-" + UUID.randomUUID().toString().substring(0, 8);
        String who = Json.text(Map.of("user", name, "roles", List.of(roles)));
        JsonNode token = is(200, new DoorClient(name, "").call("POST", "/api/dev/token", who, Map.of()));
        return new DoorClient(name, "Bearer " + token.path("token").asText());
    }

    HttpRequest request(String method, String path, @Nullable String body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + Local.PORT + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::setHeader);
        return request.build();
    }

    HttpResponse<String> call(String method, String path, @Nullable String body, Map<String, String> headers)
            throws Exception {
        return HTTP.send(request(method, path, body, headers), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> call(String method, String path, @Nullable String body) throws Exception {
        return call(method, path, body, Map.of());
    }

    /** A new list of theirs. */
    String list() throws Exception {
        return is(201, call("POST", "/api/lists", "{\"name\":\"Home\"}"))
                .path("id")
                .asText();
    }

    static JsonNode is(int status, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        return answer.body().isEmpty() ? Json.object() : Json.read(answer.body(), JsonNode.class);
    }

    /** @return what is told of the one thing that is wrong */
    static String wrong(String pointer, HttpResponse<String> answer) {
        JsonNode errors = is(422, answer).path("errors");
        assertEquals(pointer, errors.at("/0/pointer").asText(), answer.body());
        return errors.at("/0/detail").asText();
    }
}
