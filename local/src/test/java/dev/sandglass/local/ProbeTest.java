package dev.sandglass.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The answers of parts, and their results. The sidecar's words come from daprd 1.18. */
class ProbeTest {
    private static final String READY = "/q/health/ready";
    private static final String OUTBOUND = "/v1.0/healthz/outbound";
    private static final String ITSELF = "/v1.0/invoke/task/method/q/health/started";
    private static final String HEALTHZ = "/v1.0/healthz";
    private static final String METADATA = "/v1.0/metadata";

    private final Map<String, String> bodies = new HashMap<>();
    private final Map<String, Integer> statuses = new HashMap<>();
    private HttpServer server;
    private int port;
    private boolean kafka = true;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", call -> {
            String path = call.getRequestURI().getPath();
            byte[] body = bodies.getOrDefault(path, "").getBytes(UTF_8);
            call.sendResponseHeaders(statuses.getOrDefault(path, 204), body.length == 0 ? -1 : body.length);
            call.getResponseBody().write(body);
            call.close();
        });
        server.start();
        port = server.getAddress().getPort();
        is(ITSELF, 200, "{\"status\":\"UP\",\"checks\":[]}");
        is(METADATA, 200, metadata("state", "pubsub", "pubsub-hooks"));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aServiceSaysWhatItWaitsFor() {
        Probe probe = Probe.ready(port);
        is(READY, 503, """
                {"status":"DOWN","checks":[{"name":"sidecar","status":"DOWN","data":{"waitsFor":"the state store"}},
                {"name":"context","status":"UP"}]}""");
        assertEquals("waits for the state store", probe.answer().lacks());
        is(READY, 503, "{\"status\":\"DOWN\",\"checks\":[{\"name\":\"camel-routes\",\"status\":\"DOWN\"}]}");
        assertEquals("waits for camel-routes", probe.answer().lacks());
        is(READY, 503, "not JSON");
        assertEquals("does not answer yet", probe.answer().lacks());
        is(READY, 200, "{}");
        assertTrue(probe.answer().yes());
        stop();
        assertEquals("does not answer yet", probe.answer().lacks());
    }

    @Test
    void aSidecarThatDoesNotFindItselfIsStartedAgainSoon() throws Exception {
        is(ITSELF, 500, refused("no host found with the given ID"));
        Probe.Answer answer = sidecar().up();
        assertEquals("it does not find its own name, task", answer.lacks());
        assertNotNull(answer.borne());
        is(ITSELF, 500, refused("failed to look up address: unable to open database file"));
        assertNotNull(sidecar().up().borne());
        is(ITSELF, 500, refused("dial tcp 127.0.0.1:8090: connect: connection refused"));
        assertTrue(sidecar().up().yes());
    }

    @Test
    void oneThatIsStillStartingIsLeftAlone() throws Exception {
        is(OUTBOUND, 500, "{}");
        assertNull(sidecar().up().borne());
        is(HEALTHZ, 500, "{}");
        assertEquals("waits for its service", sidecar().whole().lacks());
        assertNull(sidecar().whole().borne());
    }

    @Test
    void oneThatLacksAComponentIsNotWholeUnlessTheBrokerIsAway() throws Exception {
        is(METADATA, 200, metadata("state", "pubsub"));
        SidecarProbe probe = sidecar();
        assertEquals("its component pubsub-hooks did not start", probe.whole().lacks());
        assertNotNull(probe.whole().borne());
        kafka = false;
        assertTrue(probe.whole().yes());
        kafka = true;
        assertTrue(!probe.whole().yes());
        is(METADATA, 200, metadata("state", "pubsub", "pubsub-hooks"));
        assertTrue(probe.whole().yes());
    }

    /** A question that is asked once in a life of the sidecar is asked again in the next life. */
    @Test
    void anotherLifeIsLookedAtAnew() throws Exception {
        SidecarProbe probe = sidecar();
        assertTrue(probe.up().yes());
        is(ITSELF, 500, refused("no host found with the given ID"));
        assertTrue(probe.up().yes());
        is(OUTBOUND, 500, "{}");
        assertTrue(!probe.up().yes());
        is(OUTBOUND, 204, "");
        assertTrue(!probe.up().yes());
    }

    private SidecarProbe sidecar() {
        return new SidecarProbe(port, "task", "token", () -> Probe.Answer.of(kafka));
    }

    private void is(String path, int status, String body) {
        statuses.put(path, status);
        bodies.put(path, body);
    }

    private static String refused(String why) {
        return "{\"errorCode\":\"ERR_DIRECT_INVOKE\",\"message\":\"failed to invoke, id: task, err: " + why + "\"}";
    }

    private static String metadata(String... components) {
        StringBuilder names = new StringBuilder();
        for (String component : components) {
            names.append(names.isEmpty() ? "" : ",")
                    .append("{\"name\":\"")
                    .append(component)
                    .append("\"}");
        }
        return "{\"components\":[" + names
                + "],\"subscriptions\":[{\"pubsubname\":\"pubsub\",\"topic\":\"task-events\"},"
                + "{\"pubsubname\":\"pubsub-hooks\",\"topic\":\"reminders\"}]}";
    }
}
