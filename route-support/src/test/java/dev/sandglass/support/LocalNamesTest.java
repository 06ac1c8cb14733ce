package dev.sandglass.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A page on the web whose name leads to this machine is no page of ours. */
@Tag("FR-012")
class LocalNamesTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() {
        vertx.close();
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 200",
        "localhost:8080, 200",
        "LOCALHOST:18080, 200",
        "localhost.:8080, 200",
        "tasks.localhost:8080, 200",
        "127.0.0.1:8080, 200",
        "[::1]:8080, 200",
        "192.168.49.2, 200",
        "tasks.example.com, 200",
        "sandglass-task, 200",
        "evil.example, 421",
        "evil.example:8080, 421",
        "localhost.evil.example, 421",
        "evil-localhost.example, 421",
        "127.0.0.1.evil.example:8080, 421",
        "evil.example:8080:80, 400",
        "localhost@evil.example, 400",
        "[evil.example], 421",
        "x, 200",
        "'', 200",
    })
    void aNameOfSomebodyElsesIsNotServed(String host, int status) throws Exception {
        assertEquals(status, status("local", "/api/lists", host));
    }

    @ParameterizedTest
    @CsvSource({"localhost, 200", "127.0.0.1:8091, 200", "evil.example:8091, 421"})
    void healthAndMetricsAreServedLikewise(String host, int status) throws Exception {
        assertEquals(status, status("local", "/q/metrics", host));
        assertEquals(status, status("local", "/q/health/live", host));
    }

    @Test
    void whatIsNotOpenIsTheSidecarsAndElsewhereNamesAreTheIngresss() throws Exception {
        assertEquals(200, status("local", "/events/x", "evil.example"));
        assertEquals(200, status(null, "/api/lists", "evil.example"));
    }

    private int status(String profile, String path, String host) throws Exception {
        Router router = Router.router(vertx);
        new LocalNames(
                        Optional.ofNullable(profile),
                        new OpenPaths(Optional.of(Pattern.compile("/api/.*")), Optional.empty()),
                        Optional.of(List.of("wss://Tasks.example.com:8443/live", "sandglass-task")))
                .guard(router);
        router.route().handler(call -> call.response().end());
        int port = Loopback.listen(vertx.createHttpServer(), router);
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes());
            return Integer.parseInt(new String(socket.getInputStream().readNBytes(12)).substring(9));
        }
    }
}
