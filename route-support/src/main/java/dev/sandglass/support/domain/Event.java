package dev.sandglass.support.domain;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A CloudEvent with JSON data, as it came.
 *
 * @param envelope all of it (CloudEvents 1.0, JSON format), unknown attributes included
 */
public record Event(JsonNode envelope) {

    /** @throws IllegalArgumentException when it has no id, no type or no JSON object or array as data */
    public Event {
        if (!is(envelope)) {
            throw new IllegalArgumentException("not a CloudEvent with JSON data");
        }
    }

    /** Tells if it has the attributes and data that an event needs here. */
    public static boolean is(JsonNode envelope) {
        return envelope.path("id").isTextual()
                && envelope.path("type").isTextual()
                && envelope.path("data").isContainerNode();
    }

    public String type() {
        return envelope.path("type").asText();
    }

    public JsonNode data() {
        return envelope.get("data");
    }
}
