package dev.sandglass.task.routes.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Loopback;
import dev.sandglass.task.domain.Request;
import dev.sandglass.task.routes.identity.TestIdentity;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Over a socket, byte by byte: what a proper client would never send. A route behind the gate answers 299 and what it was given. */
@Tag("FR-012")
class GateTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final int AT_ONCE = 3;
    private static final TestIdentity WHO = new TestIdentity();
    private static final String SIGNED_IN = "Authorization: " + WHO.signedIn() + "\r\n";
    private static final String JSON = SIGNED_IN + "Content-Type: application/json\r\n";
    /** Answers that are not given yet. */
    private static final BlockingQueue<HttpServerResponse> HELD = new LinkedBlockingQueue<>();

    private static int port;

    @BeforeAll
    static void start() throws Exception {
        var router = Router.router(VERTX);
        new Gate(
                        new Contract(),
                        admission(),
                        intake(),
                        WHO.tokens,
                        WHO.cursors,
                        Optional.of("local"),
                        Optional.of(List.of("https://friend.example")))
                .guard(router);
        router.route("/api/broken").order(-60).handler(call -> call.fail(new IllegalStateException("broken")));
        router.route("/api/*").order(500).handler(BodyHandler.create());
        router.route("/api/tasks*")
                .order(501)
                .handler(call -> call.response()
                        .setStatusCode(299)
                        .putHeader("X-Body", String.valueOf(call.body().length()))
                        .putHeader("X-Headers", String.join(",", new TreeSet<>(names(call))))
                        .end(call.request().method() + " " + call.normalizedPath()));
        router.route("/api/lists").order(502).handler(call -> HELD.add(call.response()));
        router.route("/hooks/in/shop")
                .order(503)
                .handler(call -> call.response().setStatusCode(299).end());
        port = Loopback.listen(VERTX.createHttpServer(), router);
    }

    @AfterAll
    static void stop() {
        VERTX.close();
    }

    private static List<String> names(RoutingContext call) {
        return call.request().headers().names().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
    }

    private static Admission admission() {
        return new Admission(new SimpleMeterRegistry(), AT_ONCE, AT_ONCE, 0);
    }

    private static final SimpleMeterRegistry BODIES = new SimpleMeterRegistry();

    private static Intake intake() {
        return new Intake(BODIES);
    }

    private record Answer(int status, String head, String body) {
        JsonNode problem() {
            assertTrue(head.contains("application/problem+json"), head);
            JsonNode problem = Json.read(body, JsonNode.class);
            assertEquals(status, problem.path("status").asInt());
            return problem;
        }

        String pointer() {
            return problem().at("/errors/0/pointer").asText();
        }
    }

    private static Answer send(String start, String headers, String body) throws Exception {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(5_000);
            var out = socket.getOutputStream();
            out.write((start + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n" + body)
                    .getBytes(ISO_8859_1));
            out.flush();
            var answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            var parts = answer.split("\r\n\r\n", 2);
            return new Answer(Integer.parseInt(answer.substring(9, 12)), parts[0], parts.length > 1 ? parts[1] : "");
        }
    }

    private static Answer post(String path, String headers, String body) throws Exception {
        return send("POST " + path, headers + "Content-Length: " + body.getBytes(ISO_8859_1).length + "\r\n", body);
    }

    @ParameterizedTest
    @CsvSource({
        "GET /api/tasks, 299",
        "GET /api/tasks/a.B_c~d-9, 299",
        "GET /api/tasks?q=a%20b&limit=500&priority=low%2Chigh&tag=x&overdue=true&sort=-due%2Ctitle&due_after=2027-01-31, 299",
        "GET /api, 404",
        "GET /api/, 404",
        "GET /api/nope, 404",
        "GET /api/tasks/, 404",
        "GET /api//tasks, 404",
        "GET /api/tasks/x/../y, 404",
        "GET /api/lists/x/members/.., 404",
        "DELETE /api/lists/x/members/%2E%2E, 404",
        "GET /api/tasks/a%2Fb, 404",
        "GET /api/tasks/%C3%A9, 404",
        "GET /api/tasks/%00, 404",
        "GET /api/tasks/a%0A, 404",
        "GET /api/tasks/%zz, 400",
        "GET /api/tasks?q=%zz, 400",
        "GET /api/tasks?q=%, 400",
        "PUT /api/tasks, 405",
        "GET /api/dev/token, 405",
        "BREW /api/tasks, 405",
        "GET /api/tasks?nope=1, 422",
        "GET /api/tasks?limit=0, 422",
        "GET /api/tasks?limit=501, 422",
        "GET /api/tasks?limit=1e1, 422",
        "GET /api/tasks?limit=0500, 422",
        "GET /api/tasks?limit=+5, 422",
        "GET /api/tasks?limit=%2B5, 422",
        "GET /api/tasks?limit=%205, 422",
        "GET /api/tasks?limit=5%20, 422",
        "GET /api/tasks?limit=5.0, 422",
        "GET /api/tasks?limit=%D9%A5, 422",
        "GET /api/tasks?limit=99999999999999999999, 422",
        "GET /api/tasks?limit=1&limit=2, 422",
        "GET /api/tasks?status=done, 422",
        "GET /api/tasks?status=, 422",
        "GET /api/tasks?overdue=yes, 422",
        "GET /api/tasks?sort=size, 422",
        "GET /api/tasks?sort=due%2Cdue, 422",
        "GET /api/tasks?due_after=2027-02-31, 422",
        "GET /api/tasks?cursor=%21, 422",
        "GET /api/tasks?q=%00, 422",
        "GET /api/audit/verify, 422",
        "DELETE /api/lists/x/members/%20b, 422",
        "DELETE /api/lists/x/members/a%00b, 422",
        "GET /api/tasks/x?q=1, 422",
    })
    void pathsMethodsAndParameters(String start, int status) throws Exception {
        var answer = send(start, SIGNED_IN, "");
        assertEquals(status, answer.status());
        if (status != 299) {
            answer.problem();
        }
    }

    @Test
    void aNameInAPathIsNotTakenForAParameter() throws Exception {
        Answer answer = send("POST /api/tasks/search", JSON + "Content-Length: 2\r\n", "{}");
        assertEquals(299, answer.status(), answer.body());
        assertEquals(405, send("GET /api/tasks/search", SIGNED_IN, "").status());
    }

    @Test
    void anIdHas100CharactersAtMost() throws Exception {
        assertEquals(
                299, send("GET /api/tasks/" + "a".repeat(100), SIGNED_IN, "").status());
        assertEquals(
                404, send("GET /api/tasks/" + "a".repeat(101), SIGNED_IN, "").status());
    }

    @Test
    void theParameterThatIsWrongIsNamed() throws Exception {
        assertEquals("/limit", send("GET /api/tasks?limit=x", SIGNED_IN, "").pointer());
        assertEquals("/nope", send("GET /api/tasks?nope", SIGNED_IN, "").pointer());
        assertEquals(
                "/user", send("DELETE /api/lists/x/members/a%0A", SIGNED_IN, "").pointer());
        assertEquals(
                "/Idempotency-Key",
                post("/api/tasks", JSON + "Idempotency-Key: \u00e9\r\n", "{}").pointer());
    }

    @Test
    void whatCanBeCalledIsSaid() throws Exception {
        assertTrue(send("PUT /api/tasks", SIGNED_IN, "").head().contains("GET, HEAD, OPTIONS, POST"));
        var options = send("OPTIONS /api/tasks", "Origin: https://foe.example\r\n", "");
        assertEquals(204, options.status());
        assertTrue(!options.head().toLowerCase().contains("access-control"));
    }

    @Test
    void headIsGetWithoutTheBody() throws Exception {
        var answer = send("HEAD /api/tasks", SIGNED_IN, "");
        assertEquals(299, answer.status());
        assertEquals("", answer.body());
        assertEquals(405, send("HEAD /api/live/ticket", SIGNED_IN, "").status());
    }

    @Test
    void onlyOriginsThatAreSetAreAllowed() throws Exception {
        assertTrue(!send("GET /api/tasks", SIGNED_IN + "Origin: https://foe.example\r\n", "")
                .head()
                .toLowerCase()
                .contains("access-control"));
        assertTrue(send("GET /api/tasks", SIGNED_IN + "Origin: https://friend.example\r\n", "")
                .head()
                .toLowerCase()
                .contains("access-control-allow-origin: https://friend.example"));
        assertEquals(
                204,
                send(
                                "OPTIONS /api/tasks",
                                "Origin: https://friend.example\r\nAccess-Control-Request-Method: PATCH\r\n",
                                "")
                        .status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /mcp", "GET /.well-known/oauth-protected-resource"})
    void aPageOfTheseIsLetReadWhereATokenIsToBeHad(String call) throws Exception {
        assertTrue(!send(call, "Origin: https://foe.example\r\n", "")
                .head()
                .toLowerCase()
                .contains("access-control"));
        String head =
                send(call, "Origin: https://friend.example\r\n", "").head().toLowerCase();
        assertTrue(head.contains("access-control-allow-origin: https://friend.example"), head);
        assertTrue(head.matches("(?s).*access-control-expose-headers: [^\r]*www-authenticate.*"), head);
    }

    @Test
    void withoutATokenNothingElseIsSaid() throws Exception {
        var answer = post("/api/tasks?nope=1", "Content-Type: text/plain\r\n", "x");
        assertEquals(401, answer.problem().path("status").asInt());
        assertTrue(answer.head().toLowerCase().contains("www-authenticate: bearer"));
        assertEquals(404, send("GET /api/openapi.json", "", "").status(), "passed, there is no route here");
    }

    @ParameterizedTest
    @CsvSource({
        "GET /api/ops/dead-letters, 404",
        "GET /api/ops/anything, 404",
        "GET /api/ops, 404",
        "PUT /api/ops/dead-letters, 405",
        "OPTIONS /api/ops/dead-letters, 204",
        "GET /api/ops/dead-letters?limit=0, 422",
        "GET /api/%6Fps/dead-letters?nope=1, 422",
    })
    @Tag("FR-010")
    void whoIsNoOperatorLearnsNothingOfOperatorsPaths(String start, int operators) throws Exception {
        assertEquals(401, send(start, "", "").status());
        assertEquals(401, send(start, "Authorization: Bearer x\r\n", "").status());
        Answer others = send(start, "Authorization: " + WHO.signedIn() + "\r\n", "");
        assertEquals(403, others.problem().path("status").asInt());
        assertTrue(!others.head().toLowerCase().contains("allow"), others.head());
        assertEquals(
                operators,
                send(start, "Authorization: " + WHO.signedIn("operator") + "\r\n", "")
                        .status());
    }

    @Test
    @Tag("FR-010")
    void whatAnOperatorSendsIsReadWholeAfterwards() throws Exception {
        String operator = "Authorization: " + WHO.signedIn("operator") + "\r\n";
        String path = "/api/ops/dead-letters/resend";
        assertEquals(
                415,
                post(path, operator + "Content-Type: text/plain\r\n", "x".repeat(900_000))
                        .status());
        assertEquals(
                404,
                post(path, operator + "Content-Type: application/json\r\n", "{}")
                        .status(),
                "passed");
        assertEquals(
                403,
                post(path, "Authorization: " + WHO.signedIn() + "\r\n", "x".repeat(900_000))
                        .status());
    }

    @Test
    void outsideTheLocalProfileThereIsNoTokenForAnyone() throws Exception {
        var router = Router.router(VERTX);
        new Gate(new Contract(), admission(), intake(), WHO.tokens, WHO.cursors, Optional.empty(), Optional.empty())
                .guard(router);
        var server = VERTX.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        int usual = port;
        port = server.actualPort();
        assertEquals(404, post("/api/dev/token", JSON, "{\"user\":\"alice\"}").status());
        assertEquals(404, send("GET /api/dev/token", "", "").status());
        port = usual;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json | 299",
                "*/* | 299",
                "application/* | 299",
                "text/html, application/json;q=0.1 | 299",
                "application/problem+json | 299",
                "text/html | 406",
                "application/json;q=0 | 406",
            })
    void answersAreJson(String accept, int status) throws Exception {
        assertEquals(
                status,
                send("GET /api/tasks", SIGNED_IN + "Accept: " + accept + "\r\n", "")
                        .status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST /api/tasks | application/json | 299",
                "POST /api/tasks | Application/JSON; charset=utf-8 | 299",
                "POST /api/tasks | application/merge-patch+json | 415",
                "POST /api/tasks | text/plain | 415",
                "POST /api/tasks | application/x-www-form-urlencoded | 415",
                "POST /api/tasks | multipart/form-data; boundary=x | 415",
                "PATCH /api/tasks/x | application/merge-patch+json | 299",
                "PATCH /api/tasks/x | application/json | 299",
                "PATCH /api/tasks/x | application/json-patch+json | 415",
                "POST /api/tasks/x/complete | application/json | 299",
                "POST /api/tasks/x/complete | text/plain | 415",
            })
    void bodiesAreJson(String start, String type, int status) throws Exception {
        var answer = send(start, SIGNED_IN + "Content-Type: " + type + "\r\nContent-Length: 2\r\n", "{}");
        assertEquals(status, answer.status());
        if (status == 415) {
            answer.problem();
        }
    }

    @Test
    void aBodyWithoutATypeIsNotTaken() throws Exception {
        assertEquals(415, post("/api/tasks", SIGNED_IN, "{}").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"})
    void theTypeOfAnEmptyBodyIsIgnored(String type) throws Exception {
        assertEquals(
                299,
                post("/api/tasks/x/complete", SIGNED_IN + "Content-Type: " + type + "\r\n", "")
                        .status());
        assertEquals(
                299,
                send("DELETE /api/tasks/x", SIGNED_IN + "Content-Type: " + type + "\r\n", "")
                        .status());
    }

    @Test
    void aBodyWhereNoneIsTaken() throws Exception {
        assertEquals(400, post("/api/tasks/x/complete", JSON, "{\"a\":1}").status());
        assertEquals(400, post("/api/tasks/x/complete", JSON, "{").status());
        assertEquals(299, post("/api/tasks/x/complete", JSON, "{}").status());
    }

    @Test
    void aBodyIsUtf8() throws Exception {
        assertEquals(
                400,
                post("/api/tasks", JSON, "{\"title\":\"\u00e9\"}")
                        .problem()
                        .path("status")
                        .asInt());
    }

    @Test
    void oneMegabyteAndNoMore() throws Exception {
        var most = "x".repeat(1_000_000);
        assertTrue(post("/api/tasks", JSON, most).head().contains("X-Body: 1000000"));
        assertEquals(
                413,
                post("/api/tasks", JSON, most + "x").problem().path("status").asInt());
        assertEquals(
                413,
                post("/api/tasks", JSON, most.repeat(5))
                        .problem()
                        .path("status")
                        .asInt());
    }

    @Test
    void neitherInChunks() throws Exception {
        var chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
        var headers = JSON + "Transfer-Encoding: chunked\r\n";
        assertTrue(send("POST /api/tasks", headers, chunk.repeat(2) + "0\r\n\r\n")
                .head()
                .contains("X-Body: 131072"));
        var answer = send("POST /api/tasks", headers, chunk.repeat(40) + "0\r\n\r\n");
        assertEquals(413, answer.problem().path("status").asInt());
        assertEquals(
                415,
                send(
                                "POST /api/tasks",
                                SIGNED_IN + "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n",
                                chunk + "0\r\n\r\n")
                        .status());
        assertEquals(
                299,
                send("POST /api/tasks/x/complete", SIGNED_IN + "Transfer-Encoding: chunked\r\n", "0\r\n\r\n")
                        .status());
    }

    @Test
    void theKeyCanBePrinted() throws Exception {
        assertEquals(
                299,
                post("/api/tasks", JSON + "Idempotency-Key: " + "k".repeat(200) + "\r\n", "{}")
                        .status());
        assertEquals(
                422,
                post("/api/tasks", JSON + "Idempotency-Key: " + "k".repeat(201) + "\r\n", "{}")
                        .status());
        assertEquals(
                422, post("/api/tasks", JSON + "Idempotency-Key:\r\n", "{}").status());
        assertEquals(
                422,
                post("/api/tasks", JSON + "Idempotency-Key: a\r\nIdempotency-Key: b\r\n", "{}")
                        .status());
    }

    @Test
    void aMistakeOfOursShowsNothingOfIt() throws Exception {
        var answer = send("GET /api/broken", SIGNED_IN, "");
        assertEquals(500, answer.problem().path("status").asInt());
        assertTrue(!answer.body().contains("broken"));
    }

    @Test
    void whatIsTooMuchAtOnceIsRefusedAtOnce() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<Answer>> taken = new ArrayList<>();
            List<HttpServerResponse> waiting = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                taken.add(clients.submit(() -> send("GET /api/lists", SIGNED_IN, "")));
                waiting.add(Objects.requireNonNull(HELD.poll(5, TimeUnit.SECONDS)));
            }
            var refused = send("GET /api/tasks", SIGNED_IN, "");
            assertEquals(429, refused.problem().path("status").asInt());
            assertTrue(refused.head().toLowerCase().contains("retry-after: 1"), refused.head());
            // Nor is a body looked at that is none: what that costs is the caller's.
            assertEquals(429, post("/api/tasks", JSON, "\u00ff").status());

            waiting.forEach(HttpServerResponse::end);
            for (var answer : taken) {
                assertEquals(200, answer.get(5, TimeUnit.SECONDS).status());
            }
            assertEquals(299, send("GET /api/tasks", SIGNED_IN, "").status());
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void aStrangersBodyTakesNoMemoryAndIsNotWaitedFor() throws Exception {
        List<Socket> strangers = new ArrayList<>();
        try {
            for (int i = 0; i < 64; i++) {
                var socket = begin("Authorization: Bearer wrong\r\n", 1_000_000);
                strangers.add(socket);
                assertEquals("HTTP/1.1 401", line(socket));
            }
            assertEquals(299, post("/api/tasks", JSON, "x".repeat(1_000_000)).status());
        } finally {
            close(strangers);
        }
    }

    @Test
    void whatIsOnlyAnnouncedTakesNoMemory() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 64; i++) {
                slow.add(begin(SIGNED_IN, 1_000_000));
            }
            assertEquals(299, post("/api/tasks", JSON, "x".repeat(1_000_000)).status());
        } finally {
            close(slow);
        }
    }

    @Test
    void oneUserFillsTheirShareOfMemoryAndNotThatOfOthers() throws Exception {
        List<Socket> slow = new ArrayList<>();
        String mallory = "Authorization: " + WHO.as("mallory") + "\r\nContent-Type: application/json\r\n";
        try {
            // Smaller than those of which one is read at a time, and together nearly all that one caller may have.
            byte[] most = "x".repeat(61_999).getBytes(ISO_8859_1);
            for (int i = 0; i < 80; i++) {
                var socket = begin(mallory, 62_000);
                slow.add(socket);
                socket.getOutputStream().write(most);
            }
            for (int tries = 0;
                    tries < 500
                            && BODIES.get("sandglass.task.bodies.bytes").gauge().value() < 80 * 61_999;
                    tries++) {
                Thread.sleep(10);
            }
            assertEquals(429, post("/api/tasks", mallory, "x".repeat(60_000)).status());
            assertEquals(299, post("/api/tasks", JSON, "x".repeat(1_000_000)).status());
        } finally {
            close(slow);
        }
        // The room they gave up is free again.
        for (int tries = 0; tries < 100; tries++) {
            if (post("/api/tasks", mallory, "x".repeat(900_000)).status() == 299) {
                return;
            }
            Thread.sleep(20);
        }
        fail("the share stays taken");
    }

    @Test
    void aBodyIsCountedUntilItsRouteEndsWhoeverHangsUp() throws Exception {
        var bodies = BODIES.get("sandglass.task.bodies.bytes").gauge();
        try (Socket gone = begin("/api/lists", JSON, 60_000)) {
            gone.getOutputStream().write("x".repeat(60_000).getBytes(ISO_8859_1));
            HttpServerResponse route = Objects.requireNonNull(HELD.poll(5, TimeUnit.SECONDS));
            gone.close();
            Thread.sleep(200);
            assertEquals(60_000, bodies.value());
            route.end();
        }
        assertEquals(0, bodies.value());
    }

    @Test
    void ofACallersLargeBodiesOneIsReadAtATime() throws Exception {
        String mallory = "Authorization: " + WHO.as("mallory") + "\r\nContent-Type: application/json\r\n";
        try (Socket first = begin(mallory, 100_000)) {
            first.getOutputStream().write("x".repeat(90_000).getBytes(ISO_8859_1));
            Thread.sleep(200);
            try (Socket second = begin(mallory, 100_000)) {
                second.getOutputStream().write("x".repeat(100_000).getBytes(ISO_8859_1));
                second.setSoTimeout(500);
                assertThrows(SocketTimeoutException.class, () -> line(second));
                assertEquals(
                        299, post("/api/tasks", mallory, "x".repeat(60_000)).status(), "a small one");
                assertEquals(299, post("/api/tasks", JSON, "x".repeat(100_000)).status(), "another's");
                first.getOutputStream().write("x".repeat(10_000).getBytes(ISO_8859_1));
                assertEquals("HTTP/1.1 299", line(first));
                second.setSoTimeout(5_000);
                assertEquals("HTTP/1.1 299", line(second));
            }
        }
    }

    @Test
    void callersWithoutATokenHaveRoomOfTheirOwn() throws Exception {
        var router = Router.router(VERTX);
        new Gate(
                        new Contract(),
                        admission(),
                        new Intake(new SimpleMeterRegistry(), 4_000_000),
                        WHO.tokens,
                        WHO.cursors,
                        Optional.of("local"),
                        Optional.empty())
                .guard(router);
        for (String path : List.of("/api/tasks", "/hooks/in/shop")) {
            router.route(path)
                    .handler(call -> call.response().setStatusCode(299).end());
        }
        int usual = port;
        port = Loopback.listen(VERTX.createHttpServer(), router);
        List<Socket> strangers = new ArrayList<>();
        try {
            for (int i = 0; i < 65; i++) {
                var socket = begin("/hooks/in/shop", "", 62_000);
                strangers.add(socket);
                socket.getOutputStream().write("x".repeat(61_999).getBytes(ISO_8859_1));
            }
            assertEquals("HTTP/1.1 429", line(strangers.get(64)));
            assertEquals(299, post("/api/tasks", JSON, "x".repeat(1_000_000)).status());
        } finally {
            port = usual;
            close(strangers);
        }
    }

    @Test
    void aHookThatIsNotThereIsNotWaitedFor() throws Exception {
        try (Socket stranger = begin("/hooks/in/nobody", "", 60_000)) {
            assertEquals("HTTP/1.1 404", line(stranger));
        }
        assertEquals(299, post("/hooks/in/shop", "", "x").status());
    }

    @Test
    void whoSendsNoMoreHoldsNoTurn() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 64; i++) {
                var socket = begin("Authorization: " + WHO.as("silent-" + i) + "\r\n", 100_000);
                silent.add(socket);
                socket.getOutputStream().write("x".repeat(66_000).getBytes(ISO_8859_1));
            }
            Thread.sleep(500);
            try (Socket calm = begin(JSON, 100_000)) {
                calm.setSoTimeout(10_000);
                calm.getOutputStream().write("x".repeat(100_000).getBytes(ISO_8859_1));
                assertEquals("HTTP/1.1 299", line(calm));
            }
            // Nor has who goes on after all lost anything.
            silent.get(7).getOutputStream().write("x".repeat(34_000).getBytes(ISO_8859_1));
            assertEquals("HTTP/1.1 415", line(silent.get(7)));
        } finally {
            close(silent);
        }
    }

    private static Socket begin(String headers, int length) throws IOException {
        return begin("/api/tasks", headers, length);
    }

    private static Socket begin(String path, String headers, int length) throws IOException {
        var socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(5_000);
        socket.getOutputStream()
                .write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "Content-Length: " + length
                                + "\r\n\r\n")
                        .getBytes(ISO_8859_1));
        return socket;
    }

    private static String line(Socket socket) throws IOException {
        return new String(socket.getInputStream().readNBytes(12), ISO_8859_1);
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
    }

    @Test
    void whoIsToContinueIsToldSoOnceTheTokenIsGood() throws Exception {
        String wait = "Expect: 100-continue\r\nContent-Length: 2\r\n";
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write(("POST /api/tasks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + JSON + wait
                                    + "\r\n")
                            .getBytes(ISO_8859_1));
            assertEquals("HTTP/1.1 100", line(socket));
            socket.getOutputStream().write("{}".getBytes(ISO_8859_1));
            String rest = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            assertTrue(rest.contains("HTTP/1.1 299"), rest);
        }
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write(("POST /api/tasks HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n" + wait
                                    + "\r\n")
                            .getBytes(ISO_8859_1));
            String all = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            assertTrue(all.startsWith("HTTP/1.1 401") && all.toLowerCase().contains("connection: close"), all);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "application/json; charset=utf-8 | 299",
                "application/json;charset=UTF-8 | 299",
                "application/json; charset=\"Utf-8\" | 299",
                "application/json; version=1; charset=utf-8 | 299",
                "application/json; | 299",
                "application/json; x=\"charset=x\" | 299",
                "application/json; charset=x | 415",
                "application/json; charset=utf-7 | 415",
                "application/json; CHARSET=utf-16 | 415",
                "application/json; charset=\"utf-16\" | 415",
                "application/json; charset=windows-1252 | 415",
                "application/json; charset=us-ascii | 415",
                "application/json; charset=iso-8859-1 | 415",
                "application/json; charset=utf-8; charset=utf-16 | 415",
                "application/json; x=y; charset=utf-16 | 415",
                "application/json; charset= | 415",
                "application/json; charset | 415",
                "application/json; charset=\"utf-8 | 415",
                "application/json; charset='utf-8' | 415",
                "application/json, application/json; charset=x | 415",
            })
    void jsonIsUtf8(String type, int status) throws Exception {
        assertEquals(
                status,
                post("/api/tasks", SIGNED_IN + "Content-Type: " + type + "\r\n", "{}")
                        .status());
        assertEquals(
                299,
                post("/api/tasks/x/complete", SIGNED_IN + "Content-Type: " + type + "\r\n", "")
                        .status(),
                "of an empty body");
    }

    @Test
    void twoTypesAreNone() throws Exception {
        String twice = "Content-Type: application/json\r\nContent-Type: application/json; charset=utf-16\r\n";
        assertEquals(415, post("/api/tasks", SIGNED_IN + twice, "{}").status());
    }

    @Test
    void bodiesInOtherEncodingsAreNotTaken() throws Exception {
        for (String charset : List.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE")) {
            String body = new String("{\"title\":\"a\"}".getBytes(charset), ISO_8859_1);
            assertEquals(415, post("/api/tasks", JSON, body).status(), charset);
        }
        String marked = new String("\ufeff{}".getBytes(UTF_8), ISO_8859_1);
        assertTrue(post("/api/tasks", JSON, marked).head().contains("X-Body: 2"), "the mark of UTF-8 means nothing");
    }

    @Test
    void whatElseAClientSendsIsNotThere() throws Exception {
        String odd =
                "id: a||b\r\nuser: zz\r\nCamelHttpPath: /x\r\nCamelCharsetName: utf-16\r\nX-Y: 1\r\nCookie: a=b\r\n";
        var answer = post("/api/tasks", JSON + odd + "If-Match: \"1\"\r\nIdempotency-Key: k\r\n", "{}");
        assertTrue(
                answer.head()
                        .contains(
                                "X-Headers: authorization,connection,content-length,content-type,host,idempotency-key,if-match"),
                answer.head());
    }

    @Test
    void aCursorIsOneThatWasGivenToThisUserForThisCall() throws Exception {
        Request olga = new Request("olga", Set.of(), null, null, Instant.now());
        String cursor = WHO.cursors
                .seal(Json.object().put("next", "abc"), olga, "findTasks")
                .body()
                .path("next")
                .asText();
        assertEquals(299, send("GET /api/tasks?cursor=" + cursor, SIGNED_IN, "").status());
        for (String other : List.of(
                "abc",
                "abc.",
                ".abc",
                "b" + cursor,
                cursor + "b",
                cursor.replace("abc", "abd"),
                cursor.substring(0, cursor.length() - 1))) {
            assertEquals(
                    "/cursor",
                    send("GET /api/tasks?cursor=" + other, SIGNED_IN, "").pointer(),
                    other);
        }
        assertEquals(422, send("GET /api/audit?cursor=" + cursor, SIGNED_IN, "").status());
        String bob = "Authorization: " + WHO.as("bob") + "\r\n";
        assertEquals(422, send("GET /api/tasks?cursor=" + cursor, bob, "").status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {"\"3\" | 299", "* | 299", "\"3\", \"4\" | 299", "'' | 400", ", | 400", "  , , | 400"})
    void anEmptyListOfTagsNamesNone(String tags, int status) throws Exception {
        String given = tags.equals("''") ? "" : tags;
        assertEquals(
                status,
                send("DELETE /api/tasks/x", SIGNED_IN + "If-Match: " + given + "\r\n", "")
                        .status());
    }

    @Test
    void aSemicolonIsPartOfAValue() throws Exception {
        assertEquals(299, send("GET /api/tasks?q=a;nope=1", SIGNED_IN, "").status());
        assertEquals("/limit", send("GET /api/tasks?limit=1;q=a", SIGNED_IN, "").pointer());
        assertEquals(
                "/nope;limit",
                send("GET /api/tasks?nope;limit=1", SIGNED_IN, "").pointer());
    }

    @ParameterizedTest
    @CsvSource({
        "q=%ff, 400",
        "q=a%C5, 400",
        "q=%C5a%82, 400",
        "q=%c0%ae, 400",
        "q=%ed%a0%80, 400",
        "%ff=a, 400",
        "q=%C5%82%f0%9f%98%80, 299",
        "q=%00, 422"
    })
    void anAddressIsUtf8(String query, int status) throws Exception {
        assertEquals(status, send("GET /api/tasks?" + query, SIGNED_IN, "").status());
    }

    @Test
    void issuersNameUsersAsTheyLike() throws Exception {
        for (String user :
                List.of("auth0%7C123", "a%7C%7Cb", "a%2Fb", "jane@example.com", "Jane%20Doe", "j%C3%B3zef")) {
            assertEquals(
                    404,
                    send("DELETE /api/lists/x/members/" + user, SIGNED_IN, "").status(),
                    "passed, there is no route here: " + user);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a.b.c", "a.b.c.d.e", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJvbGdhIn0."})
    void whatIsNoTokenIs401(String token) throws Exception {
        assertEquals(
                401,
                send("GET /api/tasks", "Authorization: Bearer " + token + "\r\n", "")
                        .status());
    }

    @Test
    void twoTokensAreNone() throws Exception {
        assertEquals(401, send("GET /api/tasks", SIGNED_IN + SIGNED_IN, "").status());
    }
}
