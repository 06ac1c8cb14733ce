package dev.sandglass.task.routes.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.OpenPaths;
import dev.sandglass.support.Problem;
import dev.sandglass.support.RouteOrder;
import dev.sandglass.task.door.Local;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The public port byte by byte, by those who do not keep to RFC 9112 or take their time. */
@Tag("FR-012")
class WireTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final int HEAD = 1_000;
    private static final int BODY = 2_000;
    private static final int IDLE = 4_000;
    private static final int CONNECTIONS = 20;
    /** Milliseconds; much, since what comes too early or never is told by less and by more. */
    private static final int SOON = 20_000;

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String HOST = "Host: localhost\r\n";
    private static final String SECOND = "GET /api/second HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static final String CLOSING = SECOND.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");

    private static final AtomicInteger LARGEST = new AtomicInteger();
    private static final AtomicInteger LARGE = new AtomicInteger();

    /** Answers that are held back. */
    private static final List<HttpServerResponse> HELD = new CopyOnWriteArrayList<>();

    private static FrontDoor door;
    private static int port;
    /** Another, where each thing has little time: what is not about that is not hurried by a busy machine. */
    private static FrontDoor hurried;

    private static int hurry;

    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final Handler log = new Handler() {
        @Override
        public void publish(LogRecord told) {
            if (told.getLevel().intValue() >= Level.WARNING.intValue() || told.getThrown() != null) {
                logged.add(told.getLoggerName() + " " + told.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeAll
    static void open() throws Exception {
        port = Local.free();
        door = open(port, PATIENCE, PATIENCE, PATIENCE);
        hurry = Local.free();
        hurried = open(hurry, Duration.ofMillis(HEAD), Duration.ofMillis(BODY), Duration.ofMillis(IDLE));
    }

    private static FrontDoor open(int port, Duration forHead, Duration forBody, Duration forRest) throws Exception {
        FrontDoor door = new FrontDoor(
                VERTX,
                new SimpleMeterRegistry(),
                "127.0.0.1",
                port,
                new OpenPaths(Optional.of(Pattern.compile("/|/api/.*|/[a-z]+\\.js")), Optional.empty()),
                URI.create("wss://feed.example:8443/live"),
                forHead,
                forBody,
                forRest,
                CONNECTIONS,
                CONNECTIONS);
        Router router = Router.router(VERTX);
        RouteOrder.ADDRESS.on(router).failureHandler(Problems::failed).handler(call -> call.next());
        door.know(router);
        router.route("/api/body")
                .handler(call ->
                        call.request().body().onSuccess(body -> call.response().end("body " + body.length())));
        router.route("/api/parts")
                .handler(call -> call.request()
                        .handler(part -> LARGEST.accumulateAndGet(part.length(), Math::max))
                        .endHandler(end -> call.response().end("largest " + LARGEST)));
        router.route("/api/late")
                .handler(call -> VERTX.setTimer(
                        BODY / 2, late -> call.response().setStatusCode(401).end("late")));
        router.route("/api/slow")
                .handler(call ->
                        VERTX.setTimer(BODY * 3 / 2, late -> call.response().end("slow")));
        router.route("/api/held").handler(call -> HELD.add(call.response()));
        router.route("/api/large").handler(call -> {
            LARGE.incrementAndGet();
            call.response().end("x".repeat(100_000));
        });
        router.route("/api/larger").handler(call -> call.response().end("x".repeat(2_000_000)));
        router.route("/api/early")
                .handler(call -> call.response().setStatusCode(401).end("early"));
        router.route("/api/second").handler(call -> call.response().end("second"));
        router.get("/").handler(call -> call.response().end("page"));
        door.open(new StartupEvent());
        return door;
    }

    @AfterAll
    static void close() throws Exception {
        door.close(new ShutdownEvent());
        hurried.close(new ShutdownEvent());
        VERTX.close();
    }

    WireTest() {
        Logger.getLogger("").addHandler(log);
    }

    @AfterEach
    void aClientsMistakeIsNoneOfOurs() {
        Logger.getLogger("").removeHandler(log);
        assertEquals(List.of(), logged);
    }

    private static Socket connect() throws IOException {
        return connect("127.0.0.1");
    }

    private static Socket connect(String from) throws IOException {
        return connect(from, port);
    }

    private static Socket connectInAHurry() throws IOException {
        return connect("127.0.0.1", hurry);
    }

    private static Socket connect(String from, int port) throws IOException {
        var socket = new Socket("127.0.0.1", port, InetAddress.getByName(from), 0);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    /** All that comes until the other side closes. */
    private static String said(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        } catch (SocketException reset) {
            return "reset";
        }
    }

    private static String send(String bytes) throws IOException {
        return send(connect(), bytes);
    }

    private static String send(Socket to, String bytes) throws IOException {
        try (to) {
            to.getOutputStream().write(bytes.getBytes(ISO_8859_1));
            return said(to);
        }
    }

    private static JsonNode problem(String answer, int status) {
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertTrue(answer.toLowerCase().contains("content-type: application/problem+json"), answer);
        JsonNode problem = Json.read(answer.substring(answer.indexOf("\r\n\r\n") + 4), JsonNode.class);
        assertEquals(status, problem.path("status").asInt());
        assertTrue(!problem.path("detail").asText().isBlank());
        return problem;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /api/body HTTP/1.1|Host: x|Content-Length: 5|Transfer-Encoding: chunked||0||",
                "POST /api/body HTTP/1.1|Host: x|Transfer-Encoding: chunked|Content-Length: 5||0||",
                "POST /api/body HTTP/1.1|Host: x|Transfer-Encoding: chunked, gzip||0||",
                "POST /api/body HTTP/1.1|Host: x|Transfer-Encoding: gzip, chunked||0||",
                "POST /api/body HTTP/1.1|Host: x|Transfer-Encoding: gzip||",
                "POST /api/body HTTP/1.1|Host: x|Transfer-Encoding: identity||",
                "POST /api/body HTTP/1.1|Host: x|Transfer-Encoding: chunked, identity||0||",
                "POST /api/body HTTP/1.1|Host: x|Transfer-Encoding: identity|Transfer-Encoding: chunked||0||",
                "POST /api/body HTTP/1.1|Host: x|Transfer-Encoding: chunked|Transfer-Encoding: chunked||0||",
                "POST /api/body HTTP/1.1|Host: x|Transfer-Encoding: xchunked||0||",
                "POST /api/body HTTP/1.1|Host: x|Transfer-Encoding:||0||",
                "POST /api/body HTTP/1.1|Host: x|Transfer-Encoding: chunked;q=1||0||",
                "POST /api/body HTTP/1.0|Transfer-Encoding: chunked||0||",
                "POST /api/body HTTP/1.1|Host: x|Content-Length: 1|Content-Length: 2||ab",
                "POST /api/body HTTP/1.1|Host: x|Content-Length: 2|Content-Length: 2||ab",
                "POST /api/body HTTP/1.1|Host: x|Content-Length: 1, 2||ab",
                "POST /api/body HTTP/1.1|Host: x|Content-Length: 2, 2||ab",
                "POST /api/body HTTP/1.0|Content-Length: 1|Content-Length: 2||ab",
                "POST /api/body HTTP/1.1|Host: x|Content-Length: +2||ab",
                "POST /api/body HTTP/1.1|Host: x|Content-Length: -2||ab",
                "POST /api/body HTTP/1.1|Host: x|Content-Length: 0x2||ab",
                "POST /api/body HTTP/1.1|Host: x|Content-Length: 2 2||ab",
                "POST /api/body HTTP/1.1|Host: x|Content-Length:||ab",
                "POST /api/body HTTP/1.1|Host: x|Content-Length: 99999999999999999999||ab",
                "POST /api/body HTTP/1.1|Host: x|Content-Length : 2||ab",
                "POST /api/body HTTP/1.1|Host: x| Content-Length: 2||ab",
                "GET /api/second HTTP/1.1|Host: x|A: b| c: d||",
                "GET /api/second HTTP/1.1|Host: x|A: b|\tc||",
                "GET /api/second HTTP/1.1| Host: x||",
                "GET /api/second HTTP/1.1|Host: x|A: b\u0000c||",
                "GET /api/second HTTP/1.1|Host: x|A: b\rc||",
                "GET /api/second HTTP/1.1|Host: x|A\u0000: b||",
                "GET /api/second HTTP/1.1|Host: x|A: b\u0001||",
                "GET /api/second HTTP/1.1|Host: x|A: b\u007f||",
                "GET /api/second HTTP/1.1|Host: x|A b: c||",
                "GET /api/second HTTP/1.1|Host: x|A||",
                "GET /api/second HTTP/1.1|Host: x|: a||",
                "GET /api/second HTTP/1.1|Host: x|\u00e9: a||",
                "GET /api/second HTTP/1.1\nHost: x\n\n",
                "GET /api/second HTTP/1.1|Host: x\n|",
                "GET /api/second HTTP/1.1||",
                "GET /api/second HTTP/1.1|Host: x|Host: y||",
                "GET /api/second HTTP/1.2|Host: x||",
                "GET /api/second HTTP/1.11|Host: x||",
                "GET /api/second HTTP/2.0|Host: x||",
                "GET /api/second HTTP/0.9|Host: x||",
                "GET /api/second XTTP/1.1|Host: x||",
                "GET /api/second http/1.1|Host: x||",
                "GET /api/second|Host: x||",
                "GET|Host: x||",
                "GET /api/sec\u0000ond HTTP/1.1|Host: x||",
                "GET /api/sec\u00e9ond HTTP/1.1|Host: x||",
                "GET /api/second#x HTTP/1.1|Host: x||",
                "GET api/second HTTP/1.1|Host: x||",
                "GET ftp://x/api/second HTTP/1.1|Host: x||",
                "GET * HTTP/1.1|Host: x||",
                "GET x:80 HTTP/1.1|Host: x||",
                "CONNECT / HTTP/1.1|Host: x||",
                "G\u0000T /api/second HTTP/1.1|Host: x||",
                "G(T /api/second HTTP/1.1|Host: x||",
                "PRI * HTTP/2.0||SM||",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003||",
                "GET /api/second HTTP/1.1|Host: x|Upgrade: WebSocket|Connection: Upgrade|Sec-WebSocket-Key1: a|Sec-WebSocket-Key2: b||12345678",
            })
    void whatCanBeReadInTwoWaysIsNotRead(String request) throws Exception {
        String answer = send(request.replace("|", "\r\n") + SECOND);
        problem(answer, 400);
        assertTrue(!answer.contains("second"), "and nothing behind it is taken for a request: " + answer);
        assertTrue(answer.toLowerCase().contains("connection: close"), answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz|ab|0||",
                "-1|ab|0||",
                "+2|ab|0||",
                "0x2|ab|0||",
                " 2|ab|0||",
                "2 |ab|0||",
                "2 2|ab|0||",
                "2\u0000|ab|0||",
                "|ab|0||",
                ";x|ab|0||",
                "2\nab\n0\n\n",
                "FFFFFFFF|ab|0||",
                "FFFFFFFFFFFFFFFFFF|ab|0||",
                "00000002|ab|0||",
                "2|abc|0||",
                "2|ab\n0||",
                "2;x\u0000=y|ab|0||",
            })
    void theSizeOfAChunkIsOne(String chunks) throws Exception {
        String answer = send("POST /api/body HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n"
                + chunks.replace("|", "\r\n") + SECOND);
        problem(answer, 400);
        assertTrue(!answer.contains("second"), answer);
    }

    @Test
    void chunksMayComeInAnyPieces() throws Exception {
        String request =
                "POST /api/body HTTP/1.1\r\n" + HOST + "Connection: close\r\nTransfer-Encoding: Chunked\r\n\r\n"
                        + "3\r\nabc\r\nA;x=y\r\n0123456789\r\n1 ; z\r\nx\r\n0;last\r\nA: b\r\n\r\n";
        for (int piece : List.of(1, 2, 3, 5, 7, 1_000)) {
            try (var socket = connect()) {
                for (int from = 0; from < request.length(); from += piece) {
                    socket.getOutputStream()
                            .write(request.substring(from, Math.min(request.length(), from + piece))
                                    .getBytes(ISO_8859_1));
                    Thread.sleep(1);
                }
                String answer = said(socket);
                assertTrue(answer.endsWith("body 14"), piece + ": " + answer);
            }
        }
    }

    @Test
    void aConnectionWithoutATokenIsServedAtAPace() throws Exception {
        long start = System.nanoTime();
        String answers = send(SECOND.repeat(40) + CLOSING);
        long took = (System.nanoTime() - start) / 1_000_000;
        assertEquals(41, answers.split("HTTP/1.1 200", -1).length - 1);
        assertTrue(took >= 200, took + " ms");
    }

    @Test
    void whoCannotBeReadWaitsForTheRefusal() throws Exception {
        long start = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            problem(send("GET / HTTP/1.2\r\n" + HOST + "\r\n"), 400);
        }
        long took = (System.nanoTime() - start) / 1_000_000;
        assertTrue(took >= 400, took + " ms");
    }

    @Test
    void aHeadHasAHundredHeaders() throws Exception {
        String most = "A: b\r\n".repeat(98);
        assertTrue(send("GET /api/second HTTP/1.1\r\n" + HOST + "Connection: close\r\n" + most + "\r\n")
                .endsWith("second"));
        problem(send("GET /api/second HTTP/1.1\r\n" + HOST + "Connection: close\r\nA: b\r\n" + most + "\r\n"), 400);
    }

    @Test
    void whoSendsMostIsNotServedMost() throws Exception {
        String answer = send("POST /api/parts HTTP/1.1\r\n" + HOST
                + "Connection: close\r\nContent-Length: 200000\r\n\r\n" + "x".repeat(200_000));
        assertTrue(answer.endsWith("largest 1024"), answer);
    }

    @Test
    void anAnswerGivesABodyNoMoreTime() throws Exception {
        String body = HOST + "Content-Length: 1000\r\n\r\n";
        List<String> over = new CopyOnWriteArrayList<>();
        List<CompletableFuture<Void>> both = new ArrayList<>();
        for (String path : List.of("late", "body")) {
            Socket socket = connectInAHurry();
            both.add(CompletableFuture.runAsync(() -> {
                try {
                    over.add(send(socket, "POST /api/" + path + " HTTP/1.1\r\n" + body));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
            // By so much earlier than one that has no answer yet; without the bound it would be as much later.
            Thread.sleep(path.equals("late") ? BODY / 4 : 0);
        }
        for (CompletableFuture<Void> one : both) {
            one.get();
        }
        assertTrue(over.get(0).endsWith("late"), over::toString);
        problem(over.get(1), 408);
    }

    @Test
    void aBodyInCrumbsIsNotRead() throws Exception {
        String crumbs = send("POST /api/body HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n"
                + "1\r\nx\r\n".repeat(10_001) + "0\r\n\r\n");
        problem(crumbs, 400);
        assertTrue(crumbs.contains("too many chunks"), crumbs);
        String most = send("POST /api/body HTTP/1.1\r\n" + HOST
                + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + "1\r\nx\r\n".repeat(9_999) + "0\r\n\r\n");
        assertTrue(most.endsWith("body 9999"), most);
    }

    @Test
    void aSmallBodyThatComesAfterItsAnswerLeavesTheConnection() throws Exception {
        try (var socket = connect()) {
            socket.getOutputStream()
                    .write(("POST /api/early HTTP/1.1\r\n" + HOST + "Content-Length: 50000\r\n\r\n")
                            .getBytes(ISO_8859_1));
            Thread.sleep(100);
            socket.getOutputStream().write(("x".repeat(50_000) + CLOSING).getBytes(ISO_8859_1));
            String answer = said(socket);
            assertTrue(answer.contains("early") && answer.endsWith("second"), answer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 900000000|xxxxxxxx", "Transfer-Encoding: chunked|1\r\nx\r\n"})
    void aLargeBodyThatComesAfterItsAnswerIsNotRead(String kind) throws Exception {
        String[] parts = kind.split("\\|");
        try (var socket = connect()) {
            socket.getOutputStream()
                    .write(("POST /api/early HTTP/1.1\r\n" + HOST + parts[0] + "\r\n\r\n").getBytes(ISO_8859_1));
            Thread.sleep(100);
            byte[] more = parts[1].repeat(2_000).getBytes(ISO_8859_1);
            long start = System.nanoTime();
            assertThrows(SocketException.class, () -> {
                while (System.nanoTime() - start < SOON * 1_000_000L) {
                    socket.getOutputStream().write(more);
                }
            });
        }
    }

    @Test
    void badHeadsAreSeenInAnyPieces() throws Exception {
        String request = "GET /api/second HTTP/1.1\r\n" + HOST + "A: b\r\n c: d\r\n\r\n";
        for (int piece : List.of(1, 2, 9, 40)) {
            try (var socket = connect()) {
                for (int from = 0; from < request.length(); from += piece) {
                    try {
                        socket.getOutputStream()
                                .write(request.substring(from, Math.min(request.length(), from + piece))
                                        .getBytes(ISO_8859_1));
                    } catch (SocketException told) {
                        break;
                    }
                    Thread.sleep(1);
                }
                problem(said(socket), 400);
            }
        }
    }

    @Test
    void severalGoodRequestsMayComeAtOnce() throws Exception {
        String answer = send("\r\nPOST /api/body HTTP/1.1\r\n" + HOST + "Content-Length: 2\r\n\r\nab" + SECOND
                + "GET http://localhost/api/second HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
        assertEquals(3, answer.split("HTTP/1.1 200", -1).length - 1, answer);
        assertTrue(answer.contains("body 2") && answer.endsWith("second"), answer);
    }

    /** RFC 9112, section 9.6: close is one of a list of options. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: close",
                "Connection: upgrade, close",
                "Connection: CLOSE , x",
                "Connection: keep-alive\r\nConnection: close"
            })
    void whoWantsTheConnectionToEndHasOneAnswer(String connection) throws Exception {
        String answer = send("GET /api/second HTTP/1.1\r\n" + HOST + connection + "\r\n\r\n" + SECOND);
        assertTrue(answer.endsWith("second"), answer);
        assertEquals(1, answer.split("HTTP/1.1 200", -1).length - 1, answer);
        assertTrue(answer.toLowerCase().contains("connection: close"), answer);
    }

    @Test
    void whoAskedBeforeIsAnsweredBeforeTheEnd() throws Exception {
        String answer =
                send("GET /api/slow HTTP/1.1\r\n" + HOST + "\r\n" + "GET / HTTP/1.2\r\n" + HOST + "\r\n" + SECOND);
        assertTrue(answer.startsWith("HTTP/1.1 200") && answer.contains("slow"), answer);
        problem(answer.substring(answer.indexOf("slow") + 4), 400);
    }

    @Test
    void aHeadHasItsTime() throws Exception {
        long start = System.nanoTime();
        try (var socket = connectInAHurry()) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(ISO_8859_1));
            String answer = said(socket);
            long took = (System.nanoTime() - start) / 1_000_000;
            problem(answer, 408);
            assertTrue(took >= HEAD - 50 && took < HEAD + SOON, took + " ms");
        }
    }

    @Test
    void aHeadThatComesByteByByteHasNoMoreTime() throws Exception {
        try (var socket = connectInAHurry()) {
            assertThrows(SocketException.class, () -> {
                for (int i = 0; i < SOON / 50; i++) {
                    socket.getOutputStream().write('A');
                    Thread.sleep(50);
                }
            });
        }
    }

    @Test
    void aBodyHasItsTimeAlsoByteByByte() throws Exception {
        for (String length : List.of("Content-Length: 1000", "Transfer-Encoding: chunked")) {
            try (var socket = connectInAHurry()) {
                long start = System.nanoTime();
                socket.getOutputStream()
                        .write(("POST /api/body HTTP/1.1\r\n" + HOST + length + "\r\n\r\n").getBytes(ISO_8859_1));
                for (int i = 0; i < BODY / 100; i++) {
                    Thread.sleep(50);
                    socket.getOutputStream().write((length.startsWith("C") ? "x" : "1\r\nx\r\n").getBytes(ISO_8859_1));
                }
                String answer = said(socket);
                long took = (System.nanoTime() - start) / 1_000_000;
                problem(answer, 408);
                assertTrue(took >= BODY - 50 && took < BODY + SOON, took + " ms");
            }
        }
    }

    @Test
    void aBodyThatNobodyReadsHasNoMoreTime() throws Exception {
        try (var socket = connectInAHurry()) {
            socket.getOutputStream()
                    .write(("POST / HTTP/1.1\r\n" + HOST + "Content-Length: 1000\r\n\r\n").getBytes(ISO_8859_1));
            long start = System.nanoTime();
            problem(said(socket), 405);
            long took = (System.nanoTime() - start) / 1_000_000;
            assertTrue(took < BODY + SOON, took + " ms");
        }
    }

    @Test
    void anAnswerMayTakeLongerThanABody() throws Exception {
        String answer = send(
                connectInAHurry(),
                "POST /api/slow HTTP/1.1\r\n" + HOST + "Connection: close\r\nContent-Length: 2\r\n\r\nab");
        assertTrue(answer.endsWith("slow"), answer);
    }

    @Test
    void whoSaysNothingIsPartedWith() throws Exception {
        var fromTheStart = CompletableFuture.supplyAsync(() -> silentAfter(""));
        for (long took : List.of(silentAfter(SECOND), fromTheStart.get())) {
            assertTrue(took >= IDLE - 100 && took < IDLE + 2 * SOON, took + " ms");
        }
    }

    /** @return after how many milliseconds who says nothing more is parted with */
    private static long silentAfter(String before) {
        long start = System.nanoTime();
        try (var socket = connectInAHurry()) {
            socket.getOutputStream().write(before.getBytes(ISO_8859_1));
            said(socket);
            return (System.nanoTime() - start) / 1_000_000;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void headsThatDoNotEndAreHeldWithinABound() {
        AtomicLong inHeads = new AtomicLong();
        List<EmbeddedChannel> slow = new ArrayList<>();
        String part = "GET /" + "x".repeat(31_000);
        int held = 0;
        for (; held < 300 && slow.size() == held; held++) {
            EmbeddedChannel channel = new EmbeddedChannel(
                    new StrictDecoder(new HttpServerOptions().setMaxInitialLineLength(32_768), inHeads));
            try {
                channel.writeInbound(Unpooled.copiedBuffer(part, ISO_8859_1));
                slow.add(channel);
            } catch (DecoderException refused) {
                assertEquals(503, ((Problem) refused.getCause()).status());
            }
        }
        assertTrue(held > 50 && held < 100, held + " were held");
        EmbeddedChannel whole = new EmbeddedChannel(new StrictDecoder(new HttpServerOptions(), inHeads));
        whole.writeInbound(Unpooled.copiedBuffer(SECOND, ISO_8859_1));
        assertEquals(2, whole.inboundMessages().size(), "who sends one at once is not held up");
        slow.forEach(channel -> {
            try {
                channel.close();
            } catch (DecoderException cut) {
                // Its head did not end.
            }
        });
        assertTrue(inHeads.get() <= part.length(), inHeads + " bytes");
    }

    @Test
    void whoDoesNotReadAnswersGetsNoMore() throws Exception {
        String many = send(SECOND.repeat(64) + CLOSING);
        assertTrue(many.split("HTTP/1.1 200", -1).length > 1, many);
        try (var socket = connect()) {
            socket.getOutputStream()
                    .write(("GET /api/slow HTTP/1.1\r\n" + HOST + "\r\n" + SECOND.repeat(100)).getBytes(ISO_8859_1));
            String answer = said(socket);
            problem(answer.substring(answer.lastIndexOf("HTTP/1.1")), 429);
            assertEquals(64, answer.split("HTTP/1.1 200", -1).length - 1);
        }
        try (var socket = connect()) {
            // 100 kB each, and none is read.
            String large = "GET /api/large HTTP/1.1\r\n" + HOST + "\r\n";
            for (int i = 0; i < 200; i++) {
                try {
                    socket.getOutputStream().write(large.getBytes(ISO_8859_1));
                } catch (SocketException told) {
                    return;
                }
                Thread.sleep(2);
            }
            String answer = said(socket);
            assertTrue(answer.split("HTTP/1.1 200", -1).length < 190, "all were answered");
        }
    }

    /** A client whose system has little room for answers. */
    private static Socket narrow(int port, String bytes) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
        return socket;
    }

    @Test
    void aConnectionHasOneAnswerInMemoryHoweverManyItAsksFor() throws Exception {
        LARGE.set(0);
        String large = "GET /api/large HTTP/1.1\r\n" + HOST + "\r\n";
        try (var socket = narrow(port, large.repeat(63) + CLOSING)) {
            await(() -> LARGE.get() > 0);
            Thread.sleep(1_500);
            assertTrue(LARGE.get() < 8, LARGE + " of 100 kB are made, unread");
            String answers = said(socket);
            assertEquals(64, answers.split("HTTP/1.1 200", -1).length - 1);
            assertTrue(answers.endsWith("second"));
        }
    }

    @Test
    void anAnswerWaitsForItsReaderNoLongerThanAConnectionRestsWhateverElseComes() throws Exception {
        try (var socket = narrow(hurry, "GET /api/larger HTTP/1.1\r\n" + HOST + "\r\n")) {
            assertThrows(SocketException.class, () -> {
                for (int i = 0; i < (IDLE + SOON) / 500; i++) {
                    Thread.sleep(500);
                    socket.getOutputStream().write(SECOND.getBytes(ISO_8859_1));
                }
            });
        }
    }

    @Test
    void aNewConnectionTakesThePlaceOfTheOneThatRestsLongestOfWhoHasMost() throws Exception {
        List<Socket> open = new ArrayList<>();
        try (var few = connect("127.0.0.2")) {
            answered(few);
            for (int i = 1; i < CONNECTIONS; i++) {
                open.add(connect());
                answered(open.get(i - 1));
            }
            open.get(0).getOutputStream().write(SECOND.replace("second", "slow").getBytes(ISO_8859_1));
            answered(open.get(1));
            try (var another = connect("127.0.0.3")) {
                answered(another);
            }
            assertEquals("", said(open.get(2)));
            for (Socket stays : open.subList(3, open.size())) {
                answered(stays);
            }
            answered(open.get(1));
            answered(few);
            assertTrue(new String(open.get(0).getInputStream().readNBytes(12), ISO_8859_1).endsWith("200"));
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    private static void answered(Socket socket) throws IOException {
        socket.getOutputStream().write(SECOND.getBytes(ISO_8859_1));
        var answer = new StringBuilder();
        for (int c = 0; c >= 0 && !answer.toString().endsWith("\r\n\r\nsecond"); answer.append((char) c)) {
            c = socket.getInputStream().read();
        }
        assertTrue(answer.toString().startsWith("HTTP/1.1 200"), answer.toString());
    }

    @Test
    void connectionsBeyondTheBoundAreToldSoAndClosed() throws Exception {
        List<Socket> open = new ArrayList<>();
        try {
            HELD.clear();
            for (int i = 0; i < CONNECTIONS; i++) {
                open.add(connect());
                open.get(i)
                        .getOutputStream()
                        .write(SECOND.replace("second", "held").getBytes(ISO_8859_1));
            }
            await(() -> HELD.size() == CONNECTIONS);
            try (var another = connect()) {
                String answer = said(another);
                problem(answer, 503);
                assertTrue(answer.toLowerCase().contains("retry-after: 1"), answer);
            }
            try (var another = connect()) {
                another.getOutputStream().write(SECOND.getBytes(ISO_8859_1));
                problem(said(another), 503);
            }
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
        // The connections do not stay counted.
        await(() -> send(CLOSING).startsWith("HTTP/1.1 200"));
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            assertTrue(System.nanoTime() < until, "not in time");
            Thread.sleep(20);
        }
    }

    @Test
    void http2IsOff() throws Exception {
        String upgraded = send(
                "GET /api/second HTTP/1.1\r\n" + HOST
                        + "Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n");
        assertTrue(upgraded.startsWith("HTTP/1.1 200"), upgraded);
    }

    @Test
    void nothingButToContinueCanBeExpected() throws Exception {
        problem(send("GET / HTTP/1.1\r\n" + HOST + "Connection: close\r\nExpect: x\r\n\r\n"), 417);
        problem(
                send("POST /api/body HTTP/1.1\r\n" + HOST + "Content-Length: 2\r\nExpect: 200-ok\r\n\r\n" + SECOND),
                417);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "BREW", "get"})
    void thePageCanBeReadAndNothingElse(String method) throws Exception {
        String answer = send(method + " / HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
        problem(answer, 405);
        assertTrue(answer.contains("GET, HEAD"), answer);
        assertTrue(
                send("GET / HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n").endsWith("page"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CONNECT localhost:80 | 405",
                "OPTIONS * | 405",
                "GET /nope.js | 404",
                "GET /nope | 404",
                "GET /q/health | 404",
                "GET /api/../q/health | 404",
                "PROPFIND /nope | 404",
                "OPTIONS /nope | 404"
            })
    void whatIsNotThereIsAProblem(String given) throws Exception {
        String[] parts = given.split(" \\| ");
        problem(send(parts[0] + " HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n"), Integer.parseInt(parts[1]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8094/live", "localhost:8094/live", "/live", "ws:live"})
    void theFeedsAddressIsThatOfAWebSocket(String url) {
        String said = assertThrows(IllegalStateException.class, () -> PageHeaders.of(URI.create(url)))
                .getMessage();
        assertTrue(said.startsWith("sandglass.live.url is " + url), said);
    }

    @Test
    void aBrowserIsToldThatThePageNeedsNobodyElse() throws Exception {
        String end = HOST + "Connection: close\r\n\r\n";
        for (String request : List.of(
                "GET / HTTP/1.1\r\n" + end,
                "GET /nope.js HTTP/1.1\r\n" + end,
                "GET /nope HTTP/1.1\r\n" + end,
                "GET /api/second HTTP/1.1\r\n" + end,
                // Answered before there is a route: no HTTP, no path, an expectation.
                "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\n" + end,
                "GET / HTTP/1.1\r\nExpect: tea\r\n" + end)) {
            String answer = send(request);
            assertTrue(answer.contains("connect-src 'self' wss://feed.example:8443;"), answer);
            for (String expected : List.of(
                    "default-src 'none'",
                    "base-uri 'none'",
                    "form-action 'none'",
                    "frame-ancestors 'none'",
                    "object-src 'none'",
                    "Referrer-Policy: no-referrer",
                    "Permissions-Policy: ",
                    "X-Content-Type-Options: nosniff",
                    "Strict-Transport-Security: max-age=31536000; includeSubDomains")) {
                assertTrue(answer.contains(expected), expected + ": " + answer);
            }
            assertTrue(!answer.contains("unsafe") && !answer.contains("ws:"), answer);
        }
    }

    @Test
    void whereThereIsNoTlsNothingIsSaidOfIt() {
        assertTrue(!PageHeaders.of(URI.create("ws://localhost:8094/live")).containsKey("Strict-Transport-Security"));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "::ffff:10.1.2.3, 0:0:0:0:0:ffff:a01:203",
        "2001:db8:0:7:1:2:3:4, 20:01:0d:b8:00:00:00:07",
        "2001:db8:0:7::, 20:01:0d:b8:00:00:00:07",
        "2001:db8:0:8::, 20:01:0d:b8:00:00:00:08",
    })
    void whoHasOneAddressOfIpv6HasAllOfItsNetwork(String address, String counted) {
        assertEquals(counted, Wire.from(SocketAddress.inetSocketAddress(1, address)));
    }
}
