package dev.sandglass.sync.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import java.util.HashMap;
import java.util.Map;

/**
 * What a client can say: which changes it has seen.
 *
 * @param lists each with the number of the last change seen, 0 for none
 */
public record Resume(Map<String, Long> lists) {

    /** @throws IllegalArgumentException with a sentence for the client, when that is not what it says */
    public static Resume read(String text) {
        JsonNode json;
        try {
            json = Json.read(text, JsonNode.class);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("A message is a JSON object", e);
        }
        if (json == null
                || !"resume".equals(json.path("type").asText())
                || !json.path("lists").isObject()) {
            throw new IllegalArgumentException(
                    "The only message taken is {\"type\":\"resume\",\"lists\":{\"<list>\":<seq>}}");
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
