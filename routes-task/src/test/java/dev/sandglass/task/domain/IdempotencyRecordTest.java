package dev.sandglass.task.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sandglass.events.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("FR-012")
class IdempotencyRecordTest {
    /** During an upgrade replicas of the version before write such records, and read those of this one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"v\":1,\"request\":\"r\",\"status\":201,\"body\":{\"id\":\"l.1\"},\"location\":\"/api/tasks/l.1\",\"etag\":\"\\\"1\\\"\"}",
                "{\"v\":1,\"request\":\"r\",\"status\":201,\"body\":{\"id\":\"l\"},\"location\":\"/api/lists/l\"}",
                "{\"v\":1,\"request\":\"r\",\"status\":200,\"body\":{\"id\":\"l.1\"},\"etag\":\"\\\"7\\\"\"}",
                "{\"v\":1,\"request\":\"r\",\"status\":200,\"body\":{\"reply\":\"Done.\"}}",
                "{\"v\":1,\"request\":\"r\",\"status\":204}"
            })
    void anAnswerIsKeptAsItEverWas(String kept) {
        Answer answer = Json.read(kept, IdempotencyRecord.class).answer();
        assertEquals(kept, Json.text(IdempotencyRecord.of("r", answer)));
    }
}
