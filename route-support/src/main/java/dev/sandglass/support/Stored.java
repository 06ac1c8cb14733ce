package dev.sandglass.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A document of the state store. A stored object says in its field {@code v} by which schema it was written.
 *
 * @param json the value, or null where there is none
 * @param etag of the value, to be given back with a write that must not overtake another; null where there is none
 */
public record Stored(
        String key, @Nullable String json, @Nullable String etag) {
    /**
     * The schema this program writes. Raised with anything that a program before it would misread, or lose when it writes: a new field of a
     * task or of a list's head is kept (docs/decisions/0038).
     */
    private static final int SCHEMA = 1;

    /** How an object of this schema begins: nearly all, so that they need not be looked into twice. */
    private static final String THIS_SCHEMA = "{\"v\":" + SCHEMA + ",";

    public boolean absent() {
        return json == null;
    }

    /**
     * @throws IllegalStateException when a newer program wrote it
     * @throws IllegalArgumentException when the value is not that of a {@code type}
     * @throws NullPointerException when absent
     */
    public <T> T as(Class<T> type) {
        String value = Objects.requireNonNull(json, key);
        if (value.startsWith("{") && !value.startsWith(THIS_SCHEMA)) {
            int schema = Json.read(value, JsonNode.class).path("v").asInt(SCHEMA);
            if (schema > SCHEMA) {
                throw new IllegalStateException(
                        key + " was written by a newer version of this service (schema " + schema + ", this one knows "
                                + SCHEMA + "): it takes that version, or a backup from before it");
            }
        }
        return Json.read(value, type);
    }

    /**
     * The same; empty where it cannot be read.
     *
     * @param unreadable the key is put there then, with the reason
     */
    public <T> Optional<T> as(Class<T> type, Map<String, String> unreadable) {
        try {
            return Optional.of(as(type));
        } catch (IllegalArgumentException | IllegalStateException e) {
            unreadable.put(key, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    public JsonNode tree() {
        return as(JsonNode.class);
    }
}
