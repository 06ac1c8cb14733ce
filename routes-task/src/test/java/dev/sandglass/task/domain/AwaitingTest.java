package dev.sandglass.task.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.task.CountingDapr;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Recurrence was away while people completed many large tasks, and asks. */
class AwaitingTest {
    private static final int TASKS = 150;

    private final CountingDapr dapr = new CountingDapr();
    private final World world = new World(dapr);

    @Test
    void manyAreAnsweredABitAtATimeAndNoneIsLeftOut() {
        String list = world.list("home");
        for (int i = 0; i < TASKS; i++) {
            JsonNode task = world.create(Json.object()
                    .put("list", list)
                    .put("title", "water plants")
                    .put("description", "😀".repeat(16_000))
                    .put("due", "2040-01-01T09:00:00")
                    .put("recurrence", "daily"));
            world.complete(World.ALICE, task.path("id").asText());
        }
        Instant now = Instant.now().plusSeconds(10);
        Set<String> answered = new HashSet<>();
        for (int second = 0; second < TASKS && answered.size() < TASKS; second++) {
            dapr.read();
            JsonNode answer = world.ledger
                    .decide(ForServices.awaiting(now.plusSeconds(second)))
                    .answer();
            long read = dapr.read();
            assertTrue(read < 4_000_000, () -> read + " characters were read");
            answer.path("changes")
                    .forEach(change -> answered.add(change.at("/task/id").asText()));
        }
        assertEquals(TASKS, answered.size());
    }
}
