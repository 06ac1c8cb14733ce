package dev.sandglass.sync.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import java.util.Collection;
import java.util.Map;

/**
 * The lists that users have muted: reminders of them do not reach their sockets.
 *
 * @param byUser {@code {"<user>":["<list>",…]}}
 */
public record Muted(JsonNode byUser) {
    /** The question to <em>task</em>. */
    public static String question(Collection<String> users) {
        return Json.text(Map.of("users", users));
    }

    /** @param answer {@code {"muted":{"<user>":["<list>",…]}}} */
    public static Muted read(String answer) {
        return new Muted(Json.read(answer, JsonNode.class).path("muted"));
    }

    public static Muted nothing() {
        return new Muted(Json.object());
    }

    public boolean has(String user, String list) {
        return byUser.path(user).valueStream().anyMatch(muted -> muted.asText().equals(list));
    }
}
