package dev.sandglass.sync.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sandglass.support.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class DoorTest {
    @Test
    void aBrowserTakesARefusalForNothingElse() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Router router = Router.router(vertx);
            router.route().handler(call -> Door.refuse(call, new Problem(401, "get another")));
            HttpServer server = vertx.createHttpServer()
                    .requestHandler(router)
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
            URI live = URI.create("http://127.0.0.1:" + server.actualPort() + Door.PATH);
            HttpResponse<String> refusal = HttpClient.newBuilder()
                    // As sync's port speaks it; an upgrade to HTTP/2 could still be under way as the answer closes.
                    .version(HttpClient.Version.HTTP_1_1)
                    .build()
                    .send(HttpRequest.newBuilder(live).build(), HttpResponse.BodyHandlers.ofString());

            assertEquals(401, refusal.statusCode());
            assertEquals(
                    "nosniff",
                    refusal.headers().firstValue("X-Content-Type-Options").orElseThrow());
            assertEquals(
                    "no-referrer",
                    refusal.headers().firstValue("Referrer-Policy").orElseThrow());
            assertEquals(
                    "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
                    refusal.headers().firstValue("Content-Security-Policy").orElseThrow());
        } finally {
            vertx.close();
        }
    }
}
