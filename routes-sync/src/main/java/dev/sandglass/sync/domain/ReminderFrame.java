package dev.sandglass.sync.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Event;
import java.util.List;

/**
 * A due reminder as the live feed sends it.
 *
 * @param id of the planned firing
 * @param list the list; its members get the reminder
 * @param text the whole frame, JSON
 */
public record ReminderFrame(String id, String list, String text) {

    /**
     * @param events {@code reminder.due}, with {@code {"id","list","task","at","late",…}}
     * @throws IllegalArgumentException when one of them is another event
     */
    public static List<ReminderFrame> among(List<Event> events) {
        return events.stream().map(event -> read(event.data())).toList();
    }

    static ReminderFrame read(JsonNode due) {
        if (!due.path("id").isTextual()
                || !due.path("list").isTextual()
                || !due.path("task").isObject()) {
            throw new IllegalArgumentException("not a due reminder");
        }
        return new ReminderFrame(
                due.path("id").asText(),
                due.path("list").asText(),
                Json.object()
                        .put("type", "reminder")
                        .put("id", due.path("id").asText())
                        .<ObjectNode>set("task", due.path("task"))
                        .put("at", due.path("at").asText())
                        .put("late", due.path("late").asBoolean())
                        .toString());
    }

    /** @param answer {@code {"reminders":[frame…]}}, as the live feed sends them */
    public static List<ReminderFrame> answered(String answer) {
        return all(Json.read(answer, JsonNode.class));
    }

    /** The same, read already. */
    public static List<ReminderFrame> all(JsonNode answer) {
        return answer.path("reminders").valueStream().map(ReminderFrame::of).toList();
    }

    private static ReminderFrame of(JsonNode frame) {
        return new ReminderFrame(
                frame.path("id").asText(), frame.path("task").path("list").asText(), frame.toString());
    }
}
