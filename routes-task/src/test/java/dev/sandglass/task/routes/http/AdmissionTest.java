package dev.sandglass.task.routes.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.support.Problem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A user who asks for too much at once waits, and is then refused; another does not notice. */
@Tag("FR-012")
class AdmissionTest {
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private final BlockingQueue<HttpServerResponse> slow = new LinkedBlockingQueue<>();
    private int port;

    @BeforeEach
    void start() throws Exception {
        Admission admission = new Admission(new SimpleMeterRegistry(), 100, 2, 3);
        Router router = Router.router(vertx);
        router.route()
                .failureHandler(call -> call.response()
                        .setStatusCode(((Problem) call.failure()).status())
                        .end())
                .handler(call -> admission.request(call, call.request().getHeader("user")));
        router.route("/slow").handler(call -> slow.add(call.response()));
        router.route("/fast").handler(call -> call.response().end());
        port = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get()
                .actualPort();
    }

    @AfterEach
    void stop() {
        vertx.close();
    }

    private CompletableFuture<Integer> send(String path, String user) {
        return client.sendAsync(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .timeout(Duration.ofSeconds(10))
                                .header("user", user)
                                .build(),
                        BodyHandlers.discarding())
                .thenApply(answer -> answer.statusCode());
    }

    private HttpServerResponse underWay() throws InterruptedException {
        HttpServerResponse response = slow.poll(5, TimeUnit.SECONDS);
        assertTrue(response != null, "nothing begins");
        return response;
    }

    @Test
    void whatIsBeyondAShareWaitsItsTurnAndWhatIsBeyondThatIsRefused() throws Exception {
        List<CompletableFuture<Integer>> asked = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            asked.add(send("/slow", "flood"));
        }
        HttpServerResponse first = underWay();
        HttpServerResponse second = underWay();
        assertEquals(
                429,
                CompletableFuture.anyOf(asked.toArray(CompletableFuture[]::new)).get(5, TimeUnit.SECONDS));
        assertEquals(200, send("/fast", "calm").get(1, TimeUnit.SECONDS), "another's turn is theirs");
        assertEquals(0, slow.size());
        first.end();
        second.end();
        underWay();
        // The others have waited for three seconds; on a slow machine one more began, a second after the calm user was
        // there.
        Thread.sleep(3_500);
        assertEquals(
                3 - slow.size(),
                asked.stream()
                        .filter(it -> Integer.valueOf(429).equals(it.getNow(0)))
                        .count());
    }

    @Test
    void whoGoesAwayWhileWaitingTakesNoTurn() throws Exception {
        send("/slow", "flood");
        send("/slow", "flood");
        HttpServerResponse first = underWay();
        underWay();
        HttpClient another = HttpClient.newHttpClient();
        CompletableFuture<?> left = another.sendAsync(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/slow"))
                        .header("user", "flood")
                        .build(),
                BodyHandlers.discarding());
        Thread.sleep(200);
        left.cancel(true);
        Thread.sleep(200);
        CompletableFuture<Integer> next = send("/fast", "flood");
        Thread.sleep(200);
        first.end();
        assertEquals(200, next.get(1, TimeUnit.SECONDS));
        assertEquals(0, slow.size());
    }
}
