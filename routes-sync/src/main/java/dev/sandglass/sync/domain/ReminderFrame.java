package dev.sandglass.sync.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;

/**
 * A due reminder as the live feed sends it.
 *
 * @param id of the planned firing
 * @param list whose members it goes to
 * @param text the whole frame, JSON
 */
public record ReminderFrame(String id, String list, String text) {

    /**
     * @param data of the event {@code reminder.due}: {@code {"id","list","task","at","late",…}}
     * @throws IllegalArgumentException when it is not that
     */
    public static ReminderFrame read(String data) {
        JsonNode due = Json.read(data, JsonNode.class);
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

    /** @param frame as the live feed sends it */
    public static ReminderFrame of(JsonNode frame) {
        return new ReminderFrame(
                frame.path("id").asText(), frame.path("task").path("list").asText(), frame.toString());
    }
}
