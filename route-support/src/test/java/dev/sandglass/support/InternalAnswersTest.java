package dev.sandglass.support;

import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import org.junit.jupiter.api.Test;

class InternalAnswersTest {
    @Test
    void whatTheDocumentHasIsTaken() {
        hold("/internal/tickets", "{\"room\":true,\"limit\":9}");
        hold("/internal/tasks", "{\"tasks\":[],\"told\":[]}");
    }

    @Test
    void whatItDoesNotHaveIsRefused() {
        assertThrows(AssertionError.class, () -> hold("/internal/tickets", "{\"room\":true}"));
        assertThrows(AssertionError.class, () -> hold("/internal/tickets", "{\"room\":true,\"limit\":9,\"x\":1}"));
        // By the schema of tasks, which is a file of its own.
        assertThrows(AssertionError.class, () -> hold("/internal/tasks", "{\"tasks\":[{}],\"told\":[]}"));
        assertThrows(RuntimeException.class, () -> hold("/internal/nope", "{}"));
    }

    private static void hold(String path, String answer) {
        InternalAnswers.assertHolds("post", path, Json.read(answer, JsonNode.class));
    }
}
