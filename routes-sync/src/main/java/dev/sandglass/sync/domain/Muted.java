package dev.sandglass.sync.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;

/**
 * The lists that users have muted: reminders of them do not reach their sockets.
 *
 * @param byUser {@code {"<user>":["<list>",…]}}
 */
public record Muted(JsonNode byUser) {
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
