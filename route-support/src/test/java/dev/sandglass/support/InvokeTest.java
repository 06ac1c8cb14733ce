package dev.sandglass.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.sandglass.events.Json;
import io.quarkus.runtime.ShutdownEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Calling another service while a replica of it leaves: its sidecar still answers, and says that nobody is there. */
@Tag("FR-012")
@Tag("US-6")
class InvokeTest {
    private static final Answer GONE = new Answer(
            500,
            "{\"errorCode\":\"ERR_DIRECT_INVOKE\",\"message\":\"failed to invoke, id: audit, err: error invoking app channel: connection refused\"}");

    /** As Quarkus has it once it was told to stop. */
    private static final Answer STOPPING = new Answer(503, "");

    private static final Answer AWAY = new Answer(503, "{\"status\":503,\"title\":\"Away for a moment\"}");

    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile Answer last = GONE;
    private HttpServer sidecar;
    private SidecarDapr dapr;

    private record Answer(int status, String body) {}

    @BeforeEach
    void start() throws IOException {
        sidecar = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        sidecar.createContext("/v1.0/invoke/audit/method/", call -> {
            calls.incrementAndGet();
            Answer next = answers.poll();
            Answer answer = next == null ? last : next;
            byte[] body = answer.body().getBytes(UTF_8);
            call.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            call.getResponseBody().write(body);
            call.close();
        });
        sidecar.createContext("/v1.0/invoke/slow/method/", call -> {
            boolean first = calls.incrementAndGet() == 1;
            try {
                Thread.sleep(first ? 2_500 : 0);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            byte[] body = (first ? "{\"of\":1}" : "{\"of\":2}").getBytes(UTF_8);
            call.sendResponseHeaders(200, body.length);
            call.getResponseBody().write(body);
            call.close();
        });
        sidecar.createContext("/v1.0/shutdown", call -> {
            calls.incrementAndGet();
            call.sendResponseHeaders(204, -1);
            call.close();
        });
        sidecar.setExecutor(threads);
        sidecar.start();
        System.setProperty(
                "dapr.http.port", Integer.toString(sidecar.getAddress().getPort()));
        dapr = new SidecarDapr(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(3), 1, "-");
    }

    @AfterEach
    void end() throws Exception {
        dapr.stop(new ShutdownEvent());
        sidecar.stop(0);
        threads.shutdownNow();
        System.clearProperty("dapr.http.port");
    }

    /** It talks to the sidecar of this test. */
    private Dapr there() {
        return new SidecarDapr(
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(3),
                sidecar.getAddress().getPort(),
                "-");
    }

    @Test
    void aJobsNameIsAPartOfThePathAndNoMore() {
        List<String> paths = new CopyOnWriteArrayList<>();
        sidecar.createContext("/v1.0/", call -> {
            paths.add(call.getRequestURI().getRawPath());
            call.sendResponseHeaders(204, -1);
            call.close();
        });
        Dapr there = there();
        there.schedule("due-1803456000", "2027-01-31T08:00:00Z", Json.object());
        there.schedule("a/../../shutdown?b c", "2027-01-31T08:00:00Z", Json.object());
        assertEquals(List.of("/v1.0/jobs/due-1803456000", "/v1.0/jobs/a%2F..%2F..%2Fshutdown%3Fb%20c"), paths);
    }

    /** It decodes the path of what it is to invoke once: seen of daprd 1.18.2. */
    @Test
    void theSidecarDecodesAForeignPathToWhatIsWritten() {
        List<String> uris = new CopyOnWriteArrayList<>();
        sidecar.createContext("/v1.0/invoke/https/method/", call -> {
            uris.add(call.getRequestURI().toString());
            call.sendResponseHeaders(204, -1);
            call.close();
        });
        Dapr there = there();
        assertEquals(
                204,
                there.post(
                        URI.create("https://x.example:9/a%2Fb/%25%23%3F%20c?d=%2F/../e"),
                        "",
                        Map.of(),
                        Duration.ofSeconds(5)));
        assertEquals(List.of("/v1.0/invoke/https/method/x.example:9/a%252Fb/%2525%2523%253F%2520c?d=%2F/../e"), uris);
        there.post(URI.create("HTTPS://x.example/A"), "", Map.of(), Duration.ofSeconds(5));
        assertEquals("/v1.0/invoke/https/method/x.example/A", uris.remove(1));
        for (String elsewhere : List.of("https://x/a/../b", "https://x/a%2F..%2Fb", "https://x//b", "https://x/a/")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> there.post(URI.create(elsewhere), "", Map.of(), Duration.ofSeconds(5)));
        }
        assertEquals(1, uris.size());
    }

    @Test
    void aReplicaThatLeavesIsPassedOver() {
        answers.add(STOPPING);
        answers.add(GONE);
        last = new Answer(200, "{\"entries\":7}");
        assertEquals(7, entries("POST"));
        assertEquals(3, calls.get());
    }

    /** Others find it for seconds before its port opens, and half of the calls meet it. */
    @Test
    void aReplicaThatStartsCostsNobodyAnAnswer() {
        last = new Answer(200, "{\"entries\":7}");
        // A first call loads classes, which on a busy machine takes as long as the others have.
        assertEquals(7, entries("QUERY"));
        calls.set(0);
        for (int i = 0; i < 10; i++) {
            answers.add(GONE);
        }
        assertEquals(7, entries("QUERY"));
        assertEquals(11, calls.get());
    }

    @Test
    void anEmptyAnswerToAQuestionIsNone() {
        for (String verb : List.of("QUERY", "GET")) {
            calls.set(0);
            answers.add(new Answer(200, ""));
            last = new Answer(200, "{\"entries\":7}");
            assertEquals(7, entries(verb));
            assertEquals(2, calls.get());
        }
    }

    /** Nobody knows if it was done, so it is not done again. */
    @Test
    void anEmptyAnswerToACallOfOursIsNone() {
        last = new Answer(200, "");
        assertThrows(Unavailable.class, () -> entries("POST"));
        assertEquals(1, calls.get());
        assertTrue(dapr.invoke("audit", "POST", "theirs", "{}", null).isNull(), "others may have nothing to say");
    }

    private int entries(String verb) {
        return dapr.invoke("audit", verb, "internal/entries", "{}", null)
                .path("entries")
                .asInt();
    }

    /** Who waits until a service is back would wait without end where it fails at one call. */
    @Test
    void aServiceThatFailsAtACallIsNotAway() {
        last = new Answer(500, "{\"status\":500,\"title\":\"Internal Server Error\",\"detail\":\"It is logged\"}");
        assertEquals(CallFailed.class, failure().getClass());
        assertEquals(1, calls.get());
        last = AWAY;
        assertEquals(Unavailable.class, failure().getClass());
        for (Answer another : List.of(
                GONE,
                STOPPING,
                new Answer(500, ""),
                new Answer(500, "<html>"),
                new Answer(502, ""),
                new Answer(504, ""))) {
            last = another;
            assertNotNull(Unavailable.in(failure()), another.toString());
        }
    }

    private Unavailable failure() {
        return assertThrows(
                Unavailable.class, () -> dapr.invoke("audit", "GET", "internal/entries", null, Duration.ofMillis(200)));
    }

    @Test
    void whatTheServiceSaysItselfHolds() {
        last = AWAY;
        assertThrows(Unavailable.class, () -> dapr.invoke("audit", "GET", "internal/entries", null, null));
        last = new Answer(404, "{\"status\":404,\"title\":\"There is no such task\"}");
        assertThrows(Refused.class, () -> dapr.invoke("audit", "GET", "internal/entries", null, null));
        last = new Answer(403, "{\"errorCode\":\"ERR_DIRECT_INVOKE\",\"message\":\"access control policy\"}");
        assertThrows(Unavailable.class, () -> dapr.invoke("audit", "GET", "internal/entries", null, null));
        assertEquals(3, calls.get());
    }

    /** The first met a replica that is gone, and its caller's sidecar still tries it. */
    @Test
    void whatOnlyReadsIsAskedOnceMoreAfterASecondAndTheFirstAnswerHolds() {
        assertEquals(
                2,
                dapr.invoke("slow", "QUERY", "internal/history", "{}", null)
                        .path("of")
                        .asInt());
        assertEquals(2, calls.get());
    }

    /** A replica that leaves has lost its sidecar under the call. */
    @Test
    void whatOnlyReadsIsAskedOnceMoreWhereAReplicaLackedAPart() {
        answers.add(AWAY);
        last = new Answer(200, "{\"entries\":7}");
        assertEquals(7, entries("QUERY"));
        last = AWAY;
        assertThrows(Unavailable.class, () -> dapr.invoke("audit", "QUERY", "internal/entries", "{}", null));
        assertEquals(4, calls.get());
    }

    @Test
    void whatMayWriteIsNot() {
        assertEquals(
                1,
                dapr.invoke("slow", "POST", "internal/history", "{}", null)
                        .path("of")
                        .asInt());
        assertEquals(1, calls.get());
    }

    @Test
    void aSidecarIsAskedToLeaveWhereItGoesWithItsService() throws Exception {
        Duration second = Duration.ofSeconds(1);
        SidecarDapr pod =
                new SidecarDapr(second, second, second, sidecar.getAddress().getPort(), "-");
        new SidecarWait(pod, null, "task", false).leave(new ShutdownEvent());
        assertEquals(0, calls.get());
        new SidecarWait(pod, null, "task", true).leave(new ShutdownEvent());
        assertEquals(1, calls.get());
        pod.stop(new ShutdownEvent());
    }

    @Test
    void whoStaysAwayIsAwayOnceTheTimeIsOver() {
        long begun = System.nanoTime();
        assertThrows(
                Unavailable.class, () -> dapr.invoke("audit", "GET", "internal/entries", null, Duration.ofMillis(600)));
        assertTrue(System.nanoTime() - begun < 2_900_000_000L, "it is no longer than asked");
        assertTrue(calls.get() > 1, calls + " calls");
    }
}
