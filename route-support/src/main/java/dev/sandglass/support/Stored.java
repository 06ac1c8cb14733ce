package dev.sandglass.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the state store holds under a key.
 *
 * @param json the value, or null where there is none
 * @param etag of the value, to be given back with a write that must not overtake another; null where there is none
 */
public record Stored(
        String key, @Nullable String json, @Nullable String etag) {

    public boolean absent() {
        return json == null;
    }

    /** @throws IllegalArgumentException when the value is not that of a {@code type}, @throws NullPointerException when absent */
    public <T> T as(Class<T> type) {
        return Json.read(Objects.requireNonNull(json, key), type);
    }

    public JsonNode tree() {
        return as(JsonNode.class);
    }
}
