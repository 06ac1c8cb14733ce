package dev.sandglass.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.runtime.ShutdownEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A language model is asked through the sidecar, which says when there is none. */
@Tag("FR-009")
class ConverseTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private HttpServer sidecar;
    private SidecarDapr dapr;
    private volatile String asked = "";
    private volatile int status = 200;
    private volatile String answer = "{\"outputs\":[]}";
    private volatile int late;

    @BeforeEach
    void start() throws IOException {
        sidecar = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        sidecar.createContext("/v1.0-alpha2/conversation/small/converse", call -> {
            asked = call.getRequestMethod() + " " + call.getRequestHeaders().getFirst("dapr-api-token") + " "
                    + new String(call.getRequestBody().readAllBytes(), UTF_8);
            try {
                Thread.sleep(late);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            byte[] body = answer.getBytes(UTF_8);
            call.sendResponseHeaders(status, body.length);
            call.getResponseBody().write(body);
            call.close();
        });
        sidecar.start();
        dapr = new SidecarDapr(SECOND, SECOND, SECOND, sidecar.getAddress().getPort(), "t0ken");
    }

    @AfterEach
    void end() throws Exception {
        dapr.stop(new ShutdownEvent());
        sidecar.stop(0);
    }

    @Test
    void whatIsAskedAndAnsweredIsJsonOfTheConversationApi() {
        assertEquals(
                "{\"outputs\":[]}",
                dapr.converse("small", "{\"inputs\":[]}", SECOND).toString());
        assertEquals("POST t0ken {\"inputs\":[]}", asked);
    }

    @Test
    void aModelThatFailsOrIsLateOrIsNotThereIsAway() {
        status = 500;
        assertThrows(Unavailable.class, () -> dapr.converse("small", "{}", SECOND));
        status = 200;
        answer = "<html>";
        assertThrows(Unavailable.class, () -> dapr.converse("small", "{}", SECOND));
        assertThrows(Unavailable.class, () -> dapr.converse("another", "{}", SECOND));
        late = 3_000;
        long begun = System.nanoTime();
        assertThrows(Unavailable.class, () -> dapr.converse("small", "{}", Duration.ofMillis(300)));
        assertTrue(System.nanoTime() - begun < 2_000_000_000L);
    }
}
