package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The operators' view of a request, where there are traces, and logs as JSON. */
@Order(104)
@Tag("FR-015")
@ExtendWith(OtherStack.class)
class TracesIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String CLIENT_SPAN = "b7ad6b7169203331";
    /** Found nowhere by chance. */
    private static final String USER = "zygmunt-" + UUID.randomUUID().toString().substring(0, 8);

    private static Api user;

    @BeforeAll
    static void signIn() throws Exception {
        user = Api.as(USER, OtherStack.PAGE);
    }

    @AfterAll
    static void stop() throws Exception {
        OtherStack.stop();
    }

    @Test
    void oneTraceGoesFromTheRequestThroughAllServicesAndTopics() throws Exception {
        // The live feed begins with the newest: sync hears only of what comes once Kafka has given it its partitions.
        String earlier = newTrace();
        Stack.await("that sync hears of changes", SOON, () -> {
            user.send("POST", "/api/tasks", Map.of("title", "is it heard?"), traced(earlier))
                    .with(201);
            return names(earlier).contains("sync POST /events/task-updates");
        });
        String id = user.post(
                        "/api/tasks",
                        Map.of("title", "Pay rent", "due", "2027-01-31T09:00:00", "recurrence", "monthly"))
                .with(201)
                .path("id")
                .asText();
        String trace = newTrace();
        user.send("POST", "/api/tasks/" + id + "/complete", null, traced(trace)).with(200);

        Set<String> wanted = Set.of(
                "task POST /api/tasks/{id}/complete",
                "task POST /internal/occurrences/:id",
                "recurrence POST /events/task-events",
                "reminder POST /events/task-events",
                "audit POST /events/task-events",
                "sync POST /events/task-updates");
        try {
            Stack.await("spans of " + wanted, SOON, () -> names(trace).containsAll(wanted));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; there are " + names(trace), e);
        }
        Stack.await(
                "that every one of them goes back to the client's",
                SOON,
                () -> OtherStack.traces().of(trace).stream().allMatch(span -> goesBack(span, trace)));
    }

    @Test
    void linesOfALogNameTheTraceAndTheUserByAPseudonym() throws Exception {
        OtherStack.run("stop", "audit").mustSucceed();
        String trace = newTrace();
        user.send("GET", "/api/audit", null, traced(trace)).with(503);
        OtherStack.run("start", "audit").mustSucceed();

        Path log = OtherStack.DATA.resolve("logs/task.log");
        JsonNode line = null;
        for (String text : Files.readAllLines(log)) {
            if (text.startsWith("{")) {
                JsonNode json = Api.JSON.readTree(text);
                if (json.at("/mdc/traceId").asText().equals(trace)) {
                    line = json;
                }
            }
        }
        assertTrue(line != null, "no line of the trace in " + log);
        String pseudonym = line.at("/mdc/user").asText();
        assertTrue(pseudonym.matches("[0-9a-f]{16}"), line::toString);

        Stack.await(
                "the same in the trace",
                SOON,
                () -> OtherStack.traces().of(trace).stream()
                        .anyMatch(span -> pseudonym.equals(span.attributes().get("enduser.pseudo.id"))));
        assertFalse(Files.readString(log).contains(USER), "the name is in the log");
        assertEquals(
                List.of(),
                OtherStack.traces().raw().stream()
                        .filter(sent -> sent.contains(USER))
                        .toList(),
                "the name is in a trace");
    }

    private static String newTrace() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    private static Map<String, String> traced(String trace) {
        return Map.of("traceparent", "00-" + trace + "-" + CLIENT_SPAN + "-01");
    }

    private static Set<String> names(String trace) {
        return OtherStack.traces().of(trace).stream()
                .map(span -> span.service() + " " + span.name())
                .collect(Collectors.toSet());
    }

    /** Tells if all its parents are there, up to the request. */
    private static boolean goesBack(Collector.Span span, String trace) {
        Map<String, Collector.Span> all = OtherStack.traces().of(trace).stream()
                .collect(Collectors.toMap(Collector.Span::id, Function.identity(), (one, other) -> one));
        Collector.Span at = span;
        while (at != null && !at.parent().equals(CLIENT_SPAN)) {
            at = all.get(at.parent());
        }
        return at != null;
    }
}
