package dev.sandglass.sync.routes.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.support.Loopback;
import dev.sandglass.support.Problem;
import dev.sandglass.support.RouteOrder;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class DoorTest {
    /** @return the port */
    private static int refusing(Vertx vertx) throws Exception {
        Router router = Router.router(vertx);
        RouteOrder.ADDRESS.on(router).handler(Door::decodable);
        router.route().handler(call -> Door.refuse(call, new Problem(401, "get another")));
        return Loopback.listen(vertx.createHttpServer(), router);
    }

    @Test
    void anAddressThatCannotBeDecodedIsAProblem() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (Socket socket = new Socket("127.0.0.1", refusing(vertx))) {
            socket.getOutputStream().write("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            assertTrue(answer.startsWith("HTTP/1.1 400") && answer.contains("no escape"), answer);
        } finally {
            vertx.close();
        }
    }

    @Test
    void aBrowserTakesARefusalForNothingElse() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            int port = refusing(vertx);
            URI live = URI.create("http://127.0.0.1:" + port + Door.PATH);
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
