package dev.sandglass.task.routes.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.support.OpenPaths;
import dev.sandglass.task.door.Local;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The public port of a replica that leaves: whoever it has let in is answered, and nobody stays on. */
@Tag("US-6")
@Tag("FR-012")
class FrontDoorTest {
    private static final Vertx VERTX = Vertx.vertx();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    /** Answers that are not given yet. */
    private final BlockingQueue<HttpServerResponse> held = new LinkedBlockingQueue<>();

    private FrontDoor door;
    private int port;

    @BeforeEach
    void open() throws Exception {
        port = Local.free();
        door = new FrontDoor(
                VERTX,
                new SimpleMeterRegistry(),
                "127.0.0.1",
                port,
                new OpenPaths(Optional.of(Pattern.compile("/api/.*")), Optional.empty()),
                URI.create("ws://localhost:8094/live"),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                100,
                100);
        Router router = Router.router(VERTX);
        door.know(router);
        router.route("/api/now").handler(call -> call.response().end("now"));
        router.route("/api/later").handler(call -> held.add(call.response()));
        door.open(new StartupEvent());
    }

    @AfterAll
    static void close() {
        VERTX.close();
    }

    @Test
    void clientsAreToldToTakeAnotherConnectionBeforeTheirsEnds() throws Exception {
        assertTrue(get("/api/now").headers().firstValue("Connection").isEmpty());
        door.leave(new ShutdownDelayInitiatedEvent());
        HttpResponse<String> answer = get("/api/now");
        assertEquals(200, answer.statusCode());
        assertEquals("close", answer.headers().firstValue("Connection").orElse(""));
        door.close(new ShutdownEvent());
    }

    @Test
    void whatIsUnderWayIsAnsweredBeforeTheDoorCloses() throws Exception {
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(request("/api/later"), HttpResponse.BodyHandlers.ofString());
        HttpServerResponse response = held.poll(10, TimeUnit.SECONDS);
        CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> {
            try {
                door.close(new ShutdownEvent());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        // It is told to leave, and still answers others too.
        while (get("/api/now").headers().firstValue("Connection").isEmpty()) {
            Thread.onSpinWait();
        }
        assertFalse(closed.isDone());
        response.end("later");
        assertEquals("later", answer.get(10, TimeUnit.SECONDS).body());
        closed.get(10, TimeUnit.SECONDS);
        // Refused, or cut off where its connection is still there.
        assertThrows(IOException.class, () -> get("/api/now"));
    }

    @Test
    void whoNeverEndsHoldsNobodyUp() throws Exception {
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(request("/api/later"), HttpResponse.BodyHandlers.ofString());
        held.poll(10, TimeUnit.SECONDS);
        door.close(new ShutdownEvent());
        assertTrue(answer.handle((come, failed) -> failed != null).get(10, TimeUnit.SECONDS));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
    }
}
