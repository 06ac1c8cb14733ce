package dev.sandglass.recurrence.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.CloudEvent;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Event;
import java.time.Instant;
import java.util.List;

/**
 * A completion that another occurrence follows.
 *
 * @param change as the ledger has it
 */
public record Completion(JsonNode change) {

    /** The completions of recurring tasks among these events. */
    public static List<Completion> among(List<Event> events) {
        return events.stream()
                .filter(event -> event.data().hasNonNull("rule"))
                .map(event -> new Completion(event.data()))
                .toList();
    }

    /** @param answer {@code {"changes":[…]}} of <em>task</em>: completions whose next occurrence has not come */
    public static List<Completion> awaited(String answer) {
        return Json.read(answer, JsonNode.class)
                .path("changes")
                .valueStream()
                .map(Completion::new)
                .toList();
    }

    /** The id of the next occurrence. */
    public String successor() {
        return change.at("/rule/successor").asText();
    }

    public String text() {
        return change.toString();
    }

    /** The event as it was published. */
    public CloudEvent event() {
        return new CloudEvent(
                change.path("list").asText() + "/" + change.path("seq").asText(),
                "sandglass/task",
                change.path("event").asText(),
                change.at("/task/id").asText(),
                Instant.parse(change.path("at").asText()),
                "task-event",
                change);
    }
}
