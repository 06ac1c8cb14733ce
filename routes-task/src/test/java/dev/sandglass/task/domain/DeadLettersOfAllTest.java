package dev.sandglass.task.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.routes.Answers;
import dev.sandglass.task.routes.Replica;
import dev.sandglass.task.routes.identity.TestIdentity;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** An operator's order to send again is carried out once for a key, and answered as the first time. */
@Tag("FR-012")
class DeadLettersOfAllTest {
    private static final Request BY_OLGA = new Request("olga", Set.of("operator"), null, null, Instant.EPOCH);

    private final Replica replica = new Replica(new MemoryDapr(1));
    private final CamelContext context = replica.camel;
    /** The services that were asked. */
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** Knows everybody who asks. */
    public static final class Known {
        public void identify() {}

        public void operator() {}
    }

    @BeforeEach
    void start() throws Exception {
        context.getRegistry().bind("identity", new Known());
        context.getRegistry().bind("answers", new Answers());
        context.getRegistry().bind("cursors", new TestIdentity().cursors);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                routeTemplate("dapr-invoke-action")
                        .templateParameter("app")
                        .templateParameter("method")
                        .templateParameter("limit", "0")
                        .from("kamelet:source")
                        .process(exchange -> {
                            asked.add(exchange.getMessage().getHeader("service", String.class));
                            exchange.getMessage().setBody("{\"sent\":0,\"failed\":" + asked.size() + "}");
                        });
            }
        });
        replica.start("resend-dead-letters-of-all", "resend-one-dead-letter", "ask-service");
    }

    @AfterEach
    void stop() {
        replica.stop();
    }

    private int failed(String route, String path, @Nullable String key) {
        Exchange exchange = context.createProducerTemplate().send(route, sent -> {
            Once once = key == null ? null : Once.of("olga", path, key, "");
            sent.setProperty(
                    "request", new Request("olga", Set.of("operator"), once, null, Instant.now()).about("audit.12"));
            sent.setProperty("query", Map.of());
        });
        assertNull(exchange.getException());
        return Json.read(exchange.getMessage().getBody(String.class), JsonNode.class)
                .path("failed")
                .asInt();
    }

    @Test
    void oneLetter() {
        assertEquals(1, failed("direct:resendDeadLetter", "/audit.12", "a key"));
        assertEquals(1, failed("direct:resendDeadLetter", "/audit.12", "a key"));
        assertEquals(List.of("audit"), asked);
        assertEquals(2, failed("direct:resendDeadLetter", "/audit.12", "another"));
        assertEquals(3, failed("direct:resendDeadLetter", "/audit.12", null));
    }

    @Test
    void allLetters() {
        int first = failed("direct:resendDeadLetters", "/resend", "a key");
        assertEquals(first, failed("direct:resendDeadLetters", "/resend", "a key"));
        assertEquals(5, asked.size());
    }

    @Test
    void aCursorGoesWithItsQuery() {
        Map<String, String> query = Map.of("service", "audit", "source", "task-events", "limit", "1");
        JsonNode letters =
                Json.read("{\"letters\":[{\"n\":9,\"at\":\"2027-01-31T08:00:00Z\"}],\"next\":9}", JsonNode.class);
        List<DeadLettersOfAll.Said> said = List.of(new DeadLettersOfAll.Said("audit", letters));
        for (Answer answer : List.of(
                DeadLettersOfAll.page(query, said),
                new TestLedger(new MemoryDapr(1)).write(DeadLettersOfAll.resent(BY_OLGA, query, said)))) {
            String cursor = Objects.requireNonNull(answer.body()).path("next").asText();
            assertTrue(cursor.matches("[A-Za-z0-9._~-]{1,1000}"), cursor);
            assertEquals(
                    1,
                    DeadLettersOfAll.questions(with(cursor, "service", "audit", "source", "task-events", "limit", "9"))
                            .size());
            for (Map<String, String> wrong : List.of(
                    with(cursor),
                    with(cursor, "service", "audit"),
                    with(cursor, "service", "audit", "source", "reminders"),
                    with(cursor, "service", "sync", "source", "task-events"))) {
                for (Executable asked : List.<Executable>of(
                        () -> DeadLettersOfAll.questions(wrong), () -> DeadLettersOfAll.orders(wrong))) {
                    Rejection refused = assertThrows(Rejection.class, asked, wrong::toString);
                    assertEquals(
                            "/cursor", refused.more().at("/errors/0/pointer").asText());
                }
            }
        }
    }

    private static Map<String, String> with(String cursor, String... query) {
        Map<String, String> all = new HashMap<>(Map.of("cursor", cursor));
        for (int i = 0; i < query.length; i += 2) {
            all.put(query[i], query[i + 1]);
        }
        return all;
    }
}
