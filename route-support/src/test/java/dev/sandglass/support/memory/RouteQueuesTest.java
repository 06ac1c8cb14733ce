package dev.sandglass.support.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.Json;
import dev.sandglass.support.domain.EventSelector;
import dev.sandglass.support.domain.QueueEvents;
import dev.sandglass.support.domain.RouteQueue.Registry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-012")
class RouteQueuesTest {
    private final RouteQueues queues = new RouteQueues(8, new SimpleMeterRegistry());

    @Test
    void whatComesIsPartedByNumberAndSizeAndOnlyForRoutesOfItsTopic() {
        assertTrue(queues.isStale());
        queues.read(new Registry(1, new TreeMap<>(Map.of("a", on("task-events"), "b", on("reminders")))));
        assertFalse(queues.isStale());
        assertEquals(List.of(100, 100, 50), parts("task-events", 250, 10));
        assertEquals(List.of(2, 2, 1), parts("task-events", 5, 400_000));
        assertEquals(List.of(1, 1), parts("task-events", 2, 2_000_000));
        assertEquals(List.of(), parts("task-updates", 5, 10));
        assertEquals(List.of(), queues.parts("task-events", List.of("no JSON", Json.object())));
    }

    private List<Integer> parts(String topic, int events, int characters) {
        List<Object> came = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            came.add(Json.object().set("data", Json.object().put("x", "x".repeat(characters))));
        }
        List<QueueEvents> parts = queues.parts(topic, came);
        assertTrue(parts.stream().allMatch(part -> part.routes().keySet().equals(Set.of("a"))));
        return parts.stream().map(part -> part.events().size()).toList();
    }

    private static EventSelector on(String topic) {
        return new EventSelector("file", topic, List.of(), null, null);
    }
}
