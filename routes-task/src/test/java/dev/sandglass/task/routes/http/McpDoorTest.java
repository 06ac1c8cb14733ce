package dev.sandglass.task.routes.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Loopback;
import dev.sandglass.support.Problem;
import dev.sandglass.task.routes.FeedLinks;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A program without a token is told where to get one, if an issuer is set. */
@Tag("FR-013")
class McpDoorTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final McpDoor DOOR = door(Optional.of("https://id.example.com"), "wss://tasks.example.com/live");
    private static int port;

    private static McpDoor door(Optional<String> issuer, String feed) {
        return new McpDoor(issuer, Optional.of(List.of("https://friend.example")), new FeedLinks(URI.create(feed)));
    }

    @BeforeAll
    static void start() throws Exception {
        Router router = Router.router(VERTX);
        router.route().failureHandler(Problems::failed);
        DOOR.guard(router);
        router.route("/mcp").handler(call -> {
            if (call.request().getHeader("Authorization") == null) {
                throw new Problem(401, "This call needs a token");
            }
            call.end();
        });
        port = Loopback.listen(VERTX.createHttpServer(), router);
    }

    @AfterAll
    static void stop() {
        VERTX.close();
    }

    private static HttpResponse<String> post(String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/mcp"))
                .version(HttpClient.Version.HTTP_1_1)
                .POST(HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void whoHasNoTokenIsToldWhereOneIsToBeHad() throws Exception {
        HttpResponse<String> answer = post();
        assertEquals(401, answer.statusCode());
        assertEquals(
                List.of("Bearer resource_metadata=\"https://127.0.0.1:" + port
                        + "/.well-known/oauth-protected-resource\""),
                answer.headers().allValues("WWW-Authenticate"));
        JsonNode metadata = Json.read(DOOR.metadata("https://tasks.example.com"), JsonNode.class);
        assertEquals("https://tasks.example.com/mcp", metadata.path("resource").asText());
        assertEquals(
                "https://id.example.com",
                metadata.at("/authorization_servers/0").asText());
        assertEquals("header", metadata.at("/bearer_methods_supported/0").asText());
        McpDoor local = door(Optional.empty(), "ws://localhost/live");
        assertEquals(
                404,
                assertThrows(Problem.class, () -> local.metadata("http://x")).status());
    }

    @Test
    void onlyPagesOfOriginsThatAreSetCall() throws Exception {
        assertEquals(200, post("Authorization", "x").statusCode());
        assertEquals(
                200,
                post("Authorization", "x", "Origin", "https://friend.example").statusCode());
        assertEquals(
                403, post("Authorization", "x", "Origin", "https://foe.example").statusCode());
        assertEquals(
                403,
                post("Authorization", "x", "Origin", "http://127.0.0.1:" + port).statusCode(),
                "it comes by TLS");
    }
}
