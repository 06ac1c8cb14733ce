package dev.sandglass.audit.domain;

import com.fasterxml.jackson.databind.JsonNode;

/** The place of an entry: its list, and its number there, from 1. */
public record Place(String list, long seq) {
    public static Place of(String list, JsonNode change) {
        return new Place(list, change.path("seq").asLong());
    }

    /** The key of the entry in Dapr State. */
    public String key() {
        return "entry/" + list + "/" + seq;
    }
}
