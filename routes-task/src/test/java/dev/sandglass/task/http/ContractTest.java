package dev.sandglass.task.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-012")
class ContractTest {
    private static final JsonNode DOCUMENT = Json.read(Contract.text(), JsonNode.class);
    private final Contract contract = new Contract();

    @Test
    void everyCallOfTheContractIsDescribed() {
        assertEquals(
                new TreeSet<>(List.of(
                        "POST /api/tasks",
                        "GET /api/tasks",
                        "GET /api/tasks/{id}",
                        "PATCH /api/tasks/{id}",
                        "DELETE /api/tasks/{id}",
                        "POST /api/tasks/{id}/complete",
                        "POST /api/tasks/{id}/reopen",
                        "GET /api/tasks/{id}/history",
                        "GET /api/lists",
                        "POST /api/lists",
                        "GET /api/lists/{id}",
                        "PATCH /api/lists/{id}",
                        "DELETE /api/lists/{id}",
                        "PUT /api/lists/{id}/members/{user}",
                        "DELETE /api/lists/{id}/members/{user}",
                        "GET /api/lists/{id}/changes",
                        "GET /api/audit",
                        "GET /api/audit/verify",
                        "GET /api/reminders",
                        "POST /api/chat",
                        "GET /api/me",
                        "PATCH /api/me",
                        "POST /api/live/ticket",
                        "GET /api/ops/dead-letters",
                        "POST /api/ops/dead-letters/resend",
                        "DELETE /api/ops/dead-letters/{id}",
                        "POST /api/ops/dead-letters/{id}/resend",
                        "POST /api/dev/token",
                        "GET /api/openapi.json")),
                contract.operations().stream()
                        .map(operation -> operation.method() + " " + operation.path())
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void onlySigningInAndTheDescriptionNeedNoToken() {
        assertEquals(
                List.of("devToken", "openapi"),
                contract.operations().stream()
                        .filter(Operation::open)
                        .map(Operation::id)
                        .sorted()
                        .toList());
    }

    @Test
    void everyPostPatchAndDeleteTakesAnIdempotencyKey() {
        contract.operations().stream()
                .filter(operation -> List.of("POST", "PATCH", "DELETE").contains(operation.method()))
                .forEach(operation -> assertTrue(operation.find("header", "Idempotency-Key") != null, operation.id()));
    }

    @Test
    void noBodyTakesUnknownFields() {
        contract.operations().stream()
                .filter(operation -> operation.body() != null)
                .forEach(operation -> assertFalse(
                        operation.body().validate(Json.object().put("nope", 1)).stream()
                                .filter(message -> message.getType().equals("additionalProperties"))
                                .toList()
                                .isEmpty(),
                        operation.id()));
    }

    @Test
    void examplesAreWhatTheyShow() {
        Map<String, String> bodies = Map.of("NewTask", "createTask", "TaskPatch", "changeTask");
        bodies.forEach((schema, operation) -> DOCUMENT.at("/components/schemas/" + schema + "/examples")
                .forEach(example -> assertEquals(
                        List.of(),
                        List.copyOf(contract.operation(operation).body().validate(example)))));
    }
}
