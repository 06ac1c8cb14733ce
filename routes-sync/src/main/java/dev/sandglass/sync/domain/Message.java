package dev.sandglass.sync.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** A message of a client. */
public sealed interface Message {
    /** Lists in a {@code resume}: the thousand that a user can have now, and as many that were the user's when they were last here. */
    int MOST_LISTS = 2_000;

    Pattern ID = Pattern.compile("[A-Za-z0-9._~-]{1,100}");

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
        JsonNode json = Json.orNone(text);
        if (json.isMissingNode()) {
            throw new IllegalArgumentException("A message is a JSON object");
        }
        String type = json.path("type").asText();
        if (type.equals("ping")) {
            return new Ping();
        }
        if (!type.equals("resume") || !json.path("lists").isObject()) {
            throw new IllegalArgumentException(
                    "A message is {\"type\":\"resume\",\"lists\":{\"<list>\":<seq>}} or {\"type\":\"ping\"}");
        }
        if (json.path("lists").size() > MOST_LISTS) {
            throw new IllegalArgumentException("A resume names at most " + MOST_LISTS + " lists");
        }
        Map<String, Long> lists = new HashMap<>();
        json.path("lists").properties().forEach(entry -> {
            JsonNode seq = entry.getValue();
            if (!ID.matcher(entry.getKey()).matches()) {
                throw new IllegalArgumentException("The id of a list has 1 to 100 characters of A-Z a-z 0-9 . _ ~ -");
            }
            if (!seq.isIntegralNumber() || !seq.canConvertToLong() || seq.asLong() < 0) {
                throw new IllegalArgumentException("The number of a list is a whole number from 0");
            }
            lists.put(entry.getKey(), seq.asLong());
        });
        return new Resume(Map.copyOf(lists));
    }
}
