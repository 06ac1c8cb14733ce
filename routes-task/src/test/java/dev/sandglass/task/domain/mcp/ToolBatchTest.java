package dev.sandglass.task.domain.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.task.domain.Answer;
import dev.sandglass.task.domain.Request;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-012")
class ToolBatchTest {
    private static final Tool TOOL = new Tool("complete_tasks", Json.object(), "completeTask", "ids", "tasks", false);

    private static ToolBatch batch() {
        return new ToolBatch(
                TOOL,
                new Request("alice", Set.of(), null, null, Instant.EPOCH),
                "k",
                Json.read("{\"ids\":[\"l.1\",\"l.2\",\"l.3\"]}", JsonNode.class),
                List.of());
    }

    @Test
    void onceAPartIsAwayTheOthersAreNotTried() {
        ToolBatch batch = batch();
        assertEquals("l.1", batch.next().request().id());
        batch.done(Answer.ok(Json.object().put("id", "l.1")));
        assertEquals("l.2", batch.next().request().id());
        batch.failed(Json.object()
                .put("status", 503)
                .put("detail", "The store is away")
                .put("outcome", "unknown"));
        assertFalse(batch.isOpen());
        JsonNode result = batch.result();
        assertFalse(result.path("isError").asBoolean());
        JsonNode failed = result.at("/structuredContent/failed");
        assertEquals("unknown", failed.at("/0/problem/outcome").asText());
        assertEquals("l.3", failed.at("/1/id").asText());
        assertEquals(
                "Not tried, after what entry 1 met",
                failed.at("/1/problem/detail").asText());
        assertFalse(failed.at("/1/problem").has("outcome"), "it surely was not done");
        String words = result.at("/content/0/text").asText();
        assertTrue(words.contains("look, or call again with the same idempotency_key"), words);
    }

    @Test
    void eachEntryHasAKeyOfItsOwn() {
        ToolBatch batch = batch();
        String first = batch.next().request().once().key();
        batch.failed(Json.object().put("status", 404).put("detail", "x"));
        assertTrue(batch.isOpen());
        assertFalse(first.equals(batch.next().request().once().key()));
        assertEquals(first, batch().next().request().once().key());
    }
}
