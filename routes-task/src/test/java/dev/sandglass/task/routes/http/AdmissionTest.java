package dev.sandglass.task.routes.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sandglass.support.Loopback;
import dev.sandglass.support.Problem;
import dev.sandglass.support.RouteOrder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A user who asks for too much at once waits, and is then refused; another does not notice. */
@Tag("FR-012")
class AdmissionTest {
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private final BlockingQueue<HttpServerResponse> slow = new LinkedBlockingQueue<>();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger working = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private int port;

    @BeforeEach
    void start() throws Exception {
        Admission admission = new Admission(metrics, 100, 2, 3, 6_000_000);
        Router router = Router.router(vertx);
        RouteOrder.COURSE.on(router).failureHandler(Course::failed);
        RouteOrder.ADDRESS.on(router).failureHandler(Problems::failed).handler(call -> {
            String user = call.request().getHeader("user");
            if (call.request().path().equals("/known-late")) {
                vertx.setTimer(200, known -> admission.request(call, user));
            } else {
                admission.request(call, user);
            }
        });
        router.route("/slow").handler(call -> slow.add(call.response()));
        router.route("/fast").handler(call -> call.response().end());
        router.route("/works").handler(call -> work(call).onComplete(done -> call.end("done")));
        router.route("/fails")
                .handler(call -> work(call).onComplete(done -> call.fail(new HttpClosedException("by the route"))));
        router.route("/throws").handler(call -> {
            throw new Problem(422, "thrown at once");
        });
        router.route("/large").handler(call -> {
            begun.incrementAndGet();
            call.end("x".repeat(1_000_000));
        });
        port = Loopback.listen(vertx.createHttpServer(new HttpServerOptions().setSendBufferSize(131_072)), router);
    }

    @AfterEach
    void stop() {
        mayEnd.countDown();
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

    /** As Camel does it: on a thread of its own, which knows nothing of the connection. */
    private Future<Void> work(RoutingContext call) {
        begun.incrementAndGet();
        return call.vertx()
                .executeBlocking(
                        () -> {
                            most.accumulateAndGet(working.incrementAndGet(), Math::max);
                            mayEnd.await();
                            working.decrementAndGet();
                            return null;
                        },
                        false);
    }

    private Socket ask(String path, String user) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nuser: " + user + "\r\n\r\n").getBytes(UTF_8));
        return socket;
    }

    /** Asks, and is gone a moment later. */
    private void hangUp(String path) throws Exception {
        try (Socket socket = ask(path, "flood")) {
            Thread.sleep(50);
        }
    }

    private void assertNothingIsUnderWay(String path) throws Exception {
        for (int tries = 0; tries < 100; tries++) {
            if (metrics.get("sandglass.task.requests").gauge().value() == 0) {
                return;
            }
            Thread.sleep(50);
        }
        fail(path + " stays under way");
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
        assertEquals(200, send("/fast", "calm").get(20, TimeUnit.SECONDS), "another's turn is theirs");
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
        assertEquals(200, next.get(20, TimeUnit.SECONDS));
        assertEquals(0, slow.size());
    }

    @Test
    void whoHangsUpHasTheirShareTakenUntilTheRouteEnds() throws Exception {
        for (int i = 0; i < 12; i++) {
            hangUp("/works");
        }
        assertEquals(2, most.get(), "routes of one user at once");
        assertEquals(200, send("/fast", "calm").get(20, TimeUnit.SECONDS));
        mayEnd.countDown();
        assertNothingIsUnderWay("/works");
        assertEquals(200, send("/fast", "flood").get(20, TimeUnit.SECONDS));
    }

    @Test
    void whoHangsUpBeforeTheirTokenIsKnownTakesNoTurn() throws Exception {
        for (int i = 0; i < 3; i++) {
            hangUp("/known-late");
        }
        Thread.sleep(500);
        assertNothingIsUnderWay("/known-late");
        assertEquals(200, send("/fast", "flood").get(20, TimeUnit.SECONDS));
    }

    @Test
    void whatRestsAfterARouteIsAsLongAsTheRouteWas() throws Exception {
        for (int i = 0; i < 4; i++) {
            hangUp("/works");
        }
        long start = System.nanoTime();
        Thread.sleep(500);
        for (int i = 0; i < 3; i++) {
            ask("/works", "flood");
        }
        Thread.sleep(100);
        send("/fast", "calm").get(20, TimeUnit.SECONDS);
        mayEnd.countDown();
        long took = (System.nanoTime() - start) / 1_000_000;
        Thread.sleep(took / 2);
        assertEquals(2, begun.get(), "the next begins when the share has rested for " + took + " ms");
        assertNothingIsUnderWay("/works");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/works", "/fails", "/throws", "/nothing", "/fast", "/large"})
    void howeverACallEndsItsTurnEnds(String path) throws Exception {
        for (int i = 0; i < 3; i++) {
            hangUp(path);
            send(path, "flood");
        }
        mayEnd.countDown();
        assertNothingIsUnderWay(path);
    }

    @Test
    void whoDoesNotReadAnswersHasNoMoreMade() throws Exception {
        List<Socket> unread = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            unread.add(ask("/large", "flood"));
            Thread.sleep(20);
        }
        assertTrue(begun.get() > 3 && begun.get() < 8, begun + " answers are in memory");
        assertEquals(429, send("/fast", "flood").get(20, TimeUnit.SECONDS));
        assertEquals(200, send("/fast", "calm").get(20, TimeUnit.SECONDS));
        unread.get(0).getInputStream().readNBytes(1_000_000);
        unread.get(1).getInputStream().readNBytes(1_000_000);
        assertEquals(200, send("/fast", "flood").get(20, TimeUnit.SECONDS), "two are read");
        for (Socket socket : unread) {
            socket.close();
        }
    }

    @Test
    void manyWhoDoNotReadHaveNoMoreMadeThanThereIsRoomFor() throws Exception {
        List<Socket> unread = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            unread.add(ask("/large", "one of ten " + i % 10));
            Thread.sleep(20);
        }
        // Each has one, and there is room for six: the next of each is refused.
        assertTrue(begun.get() >= 10 && begun.get() <= 12, begun + " answers are in memory");
        assertEquals(429, send("/fast", "one of ten 3").get(20, TimeUnit.SECONDS));
        for (int i = 0; i < 5; i++) {
            assertEquals(200, send("/large", "reader").get(20, TimeUnit.SECONDS), "reads");
        }
        for (Socket socket : unread) {
            socket.close();
        }
        awaitNothingUnread();
        assertEquals(200, send("/fast", "one of ten 3").get(20, TimeUnit.SECONDS), "it has hung up");
    }

    private void awaitNothingUnread() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (metrics.get("sandglass.task.answers.unread.bytes").gauge().value() > 0) {
            assertTrue(System.nanoTime() < end, "answers count that nobody can read any more");
            Thread.sleep(20);
        }
    }
}
