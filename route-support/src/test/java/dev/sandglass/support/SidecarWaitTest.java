package dev.sandglass.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.sandglass.support.camel.MemoryComponent;
import dev.sandglass.support.routes.Flows;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Event;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.impl.DefaultCamelContext;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A service that starts before what it needs: what its readiness says, and when it opens. */
@Tag("FR-012")
class SidecarWaitTest {
    private volatile boolean up = true;
    private volatile boolean found = true;
    private volatile boolean store = true;
    private volatile Set<String> brokers = Set.of();
    private final Map<String, String> secrets = new ConcurrentHashMap<>(Map.of("token-key", "a2V5"));
    private volatile String learnt = "";

    private final MemoryDapr dapr = new MemoryDapr(1) {
        @Override
        public boolean ready() {
            return up;
        }

        @Override
        public boolean finds(String app) {
            return found && app.equals("audit");
        }

        @Override
        public Set<String> awaitedBrokers() {
            return brokers;
        }

        @Override
        public synchronized String secret(String name) {
            String value = secrets.get(name);
            if (value == null) {
                throw new Unavailable("the secret store", null);
            }
            return value;
        }

        @Override
        public Stored read(String key) {
            if (!store) {
                throw new Unavailable("the state store", null);
            }
            return super.read(key);
        }
    };

    private final Secrets known = new Secrets();
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private SidecarWait wait;

    @BeforeEach
    void readSecrets() throws Exception {
        Flows.prepare(camel, dapr, "audit");
        camel.getRegistry().bind("secrets", known);
        camel.addComponent("memory", new MemoryComponent());
        Flows.load(camel, "read-secrets");
        camel.start();
    }

    @AfterEach
    void stop() {
        wait.stop(new ShutdownEvent());
        camel.stop();
    }

    @Test
    void whereAllIsThereItIsReadyBeforeThePortOpens() {
        begin();
        assertEquals(Status.UP, wait.call().getStatus());
        assertEquals("a2V5", learnt);
        assertFalse(dapr.read(Dapr.WITNESS).absent(), "what reads are held to is there once they begin");
    }

    @Test
    void itSaysWhatIsMissingAndGetsReadyByItself() throws Exception {
        up = false;
        found = false;
        secrets.clear();
        store = false;
        begin();
        says("the Dapr sidecar");
        up = true;
        says("the Dapr sidecar to be found by the name audit");
        found = true;
        says("the secret token-key of the secret store");
        secrets.put("token-key", "a2V5");
        says("the state store");
        store = true;
        says("");
        assertEquals("a2V5", learnt);
    }

    @Test
    void withoutTheSidecarOrItsNameItIsNotReadyAnyMore() throws Exception {
        begin();
        up = false;
        says("the Dapr sidecar");
        found = false;
        up = true;
        says("the Dapr sidecar to be found by the name audit");
        found = true;
        says("");
    }

    @Test
    void withoutABrokerItWorksAndSaysSo() throws Exception {
        brokers = Set.of("pubsub");
        begin();
        assertEquals(Status.UP, wait.call().getStatus());
        assertTrue(said().startsWith("the broker of pubsub"), said());
        brokers = Set.of();
        says("");
    }

    @Test
    void aStateStoreThatWasEmptiedGetsItsWitnessAgainAndUntilThenTheCheckSaysSo() throws Exception {
        begin();
        store = false;
        dapr.tamper(Dapr.WITNESS, null);
        says("the state store", Status.UP);
        store = true;
        says("");
        assertFalse(dapr.read(Dapr.WITNESS).absent());
    }

    @Test
    void aSecretThatIsWrongEndsTheStart() {
        secrets.put("token-key", " , ");
        assertThrows(IllegalStateException.class, this::begin);
    }

    /** The answers of daprd 1.18, seen with and without a working name resolution. */
    @Test
    void aNameThatLeadsNowhereIsToldFromAServiceThatDoesNotAnswer() throws Exception {
        begin();
        String[] answer = {""};
        HttpServer sidecar = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        sidecar.createContext("/v1.0/", call -> {
            byte[] body = answer[0].getBytes(UTF_8);
            call.sendResponseHeaders(500, body.length);
            call.getResponseBody().write(body);
            call.close();
        });
        sidecar.start();
        Duration second = Duration.ofSeconds(1);
        SidecarDapr real =
                new SidecarDapr(second, second, second, sidecar.getAddress().getPort(), "-");
        try {
            for (String lost : new String[] {
                "no host found with the given ID",
                "failed to look up address: unable to open database file",
                "name resolver not initialized"
            }) {
                answer[0] = refused(lost);
                assertFalse(real.finds("audit"), lost);
            }
            answer[0] = refused("dial tcp 127.0.0.1:8093: connect: connection refused");
            assertTrue(real.finds("audit"));
            answer[0] = refused("app is not in a healthy state");
            assertTrue(real.finds("audit"));
            answer[0] = "{\"status\":\"UP\",\"checks\":[]}";
            assertTrue(real.finds("audit"));
            answer[0] = "{\"components\":[{\"name\":\"state\"},{\"name\":\"pubsub\"}],\"subscriptions\":"
                    + "[{\"pubsubname\":\"pubsub\"},{\"pubsubname\":\"pubsub-hooks\"}]}";
            assertEquals(Set.of("pubsub-hooks"), real.awaitedBrokers());
        } finally {
            sidecar.stop(0);
            real.stop(new ShutdownEvent());
        }
        assertFalse(real.finds("audit"));
    }

    @Test
    void aSidecarThatWasToldToLeaveIsWaitedFor() throws Exception {
        begin();
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer sidecar = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        sidecar.createContext("/v1.0/", call -> {
            asked.add(call.getRequestMethod() + " " + call.getRequestURI().getPath());
            call.sendResponseHeaders(asked.size() < 3 ? 204 : 500, -1);
            call.close();
        });
        sidecar.start();
        Duration second = Duration.ofSeconds(1);
        SidecarDapr real =
                new SidecarDapr(second, second, second, sidecar.getAddress().getPort(), "-");
        try {
            real.leave();
        } finally {
            sidecar.stop(0);
            real.stop(new ShutdownEvent());
        }
        String health = "GET /v1.0/healthz/outbound";
        assertEquals(List.of("POST /v1.0/shutdown", health, health), asked);
    }

    private static String refused(String why) {
        return "{\"errorCode\":\"ERR_DIRECT_INVOKE\",\"message\":\"failed to invoke, id: audit, err: " + why + "\"}";
    }

    @SuppressWarnings("unchecked")
    private void begin() {
        Event<SidecarUp> event = (Event<SidecarUp>) Proxy.newProxyInstance(
                Event.class.getClassLoader(), new Class<?>[] {Event.class}, (proxy, method, given) -> {
                    learnt = known.all("token-key").get(0);
                    return null;
                });
        wait = new SidecarWait(dapr, event, "audit", false);
        wait.begin(new StartupEvent());
    }

    private String said() {
        HealthCheckResponse said = wait.call();
        return said.getData().map(data -> data.get("waitsFor").toString()).orElse("");
    }

    private void says(String what) throws InterruptedException {
        says(what, what.isEmpty() ? Status.UP : Status.DOWN);
    }

    private void says(String what, Status status) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!said().equals(what)) {
            assertTrue(System.nanoTime() < until, "it says: " + said());
            Thread.sleep(20);
        }
        assertEquals(status, wait.call().getStatus());
    }
}
