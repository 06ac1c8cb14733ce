package dev.sandglass.sync.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import java.util.HashMap;
import java.util.Map;

/** A message of a client. */
public sealed interface Message {

    /** The client asks for an answer, to see that the connection lives. */
    record Ping() implements Message {}

    /**
     * The changes that the client has seen.
     *
     * @param lists each with the number of the last change seen, 0 for none
     */
    record Resume(Map<String, Long> lists) implements Message {}

    /** @throws IllegalArgumentException with a sentence for the client, when it is another message */
    static Message read(String text) {
        JsonNode json;
        try {
            json = Json.read(text, JsonNode.class);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("A message is a JSON object", e);
        }
        String type = json == null ? "" : json.path("type").asText();
        if (type.equals("ping")) {
            return new Ping();
        }
        if (!type.equals("resume") || !json.path("lists").isObject()) {
            throw new IllegalArgumentException(
                    "A message is {\"type\":\"resume\",\"lists\":{\"<list>\":<seq>}} or {\"type\":\"ping\"}");
        }
        Map<String, Long> lists = new HashMap<>();
        json.path("lists").properties().forEach(entry -> {
            JsonNode seq = entry.getValue();
            if (!seq.isIntegralNumber() || !seq.canConvertToLong() || seq.asLong() < 0) {
                throw new IllegalArgumentException("The number of a list is a whole number from 0");
            }
            lists.put(entry.getKey(), seq.asLong());
        });
        return new Resume(Map.copyOf(lists));
    }
}
