package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths for sidecars are closed to all others, and do not exist at all on the public origin. */
@ExtendWith(Stack.class)
@Tag("FR-010")
@Tag("FR-013")
@Tag(Stack.BESIDE_ANOTHER)
class CallbacksIT {
    private static final List<String> INTERNAL = List.of(
            "/internal/heads",
            "/internal/awaiting",
            "/internal/awaiting/x.1",
            "/internal/occurrences/x.1",
            "/internal/tasks",
            "/internal/recipients",
            "/internal/channels",
            "/internal/channels/code",
            "/internal/wake",
            "/internal/users/lists",
            "/internal/users/muted",
            "/internal/users/alice/tasks",
            "/internal/lists/x/changes/0",
            "/internal/history",
            "/internal/entries",
            "/internal/verify",
            "/internal/reminders",
            "/internal/snooze",
            "/internal/fired",
            "/internal/fired-for",
            "/internal/dead-letters",
            "/internal/dead-letters/resend",
            "/internal/dead-letters/dismiss",
            "/dead-letters/task-events",
            "/events/task-events",
            "/dapr/subscribe",
            "/dapr/config",
            "/job/due",
            "/hooks/events/task-events",
            "/task-events",
            "/task-updates",
            "/reminders",
            "/anything");

    private static final List<String> ESCAPED = List.of(
            "/%69nternal/heads",
            "//internal/heads",
            "/./internal/heads",
            "/api/../internal/heads",
            "/api/..%2finternal/heads",
            "/api/%2e%2e/internal/heads",
            "/api/.%2e/internal/heads",
            "/style.css/../internal/heads",
            "/q/../internal/heads",
            "/q/health/..%2f..%2finternal/heads");

    @ParameterizedTest
    @ValueSource(strings = {"task", "recurrence", "reminder", "audit", "sync"})
    void withoutTheAppTokenNothingIsTaken(String service) throws Exception {
        Api origin = Api.ofService(service);
        for (String path : INTERNAL) {
            for (String method : List.of("GET", "POST", "PUT", "DELETE")) {
                for (Map<String, String> headers : List.of(
                        Map.<String, String>of(),
                        Map.of("dapr-api-token", "guessed"),
                        Map.of("Authorization", "Bearer guessed"))) {
                    int status = origin.send(method, path, null, headers).status();
                    assertEquals(403, status, () -> method + " " + path + " of " + service + " with " + headers);
                }
            }
        }
        for (String path : ESCAPED) {
            int status = origin.get(path).status();
            assertTrue(List.of(400, 401, 403, 404).contains(status), () -> path + " of " + service + ": " + status);
        }
    }

    @Test
    void thePublicOriginHasNothingOfIt() throws Exception {
        Person alice = Person.like("alice");
        for (String path : INTERNAL) {
            alice.api().get(path).with(404);
            alice.api().post(path, Map.of()).with(404);
        }
        for (String path : ESCAPED) {
            alice.api().get(path).with(404);
        }
        for (String path :
                List.of("/q/health", "/q/metrics", "/q/health/live", "/%71/health", "/application.properties")) {
            alice.api().get(path).with(404);
        }
    }

    @Test
    @Tag("FR-015")
    void healthAndMetricsAreOnTheServicesOwnPorts() throws Exception {
        for (String service : List.of("task", "recurrence", "reminder", "audit", "sync")) {
            Api origin = Api.ofService(service);
            assertEquals(200, origin.get("/q/health").status(), service);
            assertEquals(200, origin.get("/q/metrics").status(), service);
        }
    }

    @Test
    void whatIsForOperatorsIsRefusedToOthersBeforeItIsLookedFor() throws Exception {
        Person alice = Person.like("alice");
        alice.api().get("/api/ops/dead-letters").with(403);
        alice.api().post("/api/ops/whatever", Map.of()).with(403);
        new Api(Stack.PAGE, "").get("/api/ops/dead-letters").with(401);
    }
}
