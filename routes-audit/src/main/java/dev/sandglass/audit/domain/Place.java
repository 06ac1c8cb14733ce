package dev.sandglass.audit.domain;

import com.fasterxml.jackson.databind.JsonNode;

/** Of an entry: its list, and its number there, from 1. */
public record Place(String list, long seq) {
    public static Place of(String list, JsonNode change) {
        return new Place(list, change.path("seq").asLong());
    }

    /** Where the entry lies. */
    public String key() {
        return "entry/" + list + "/" + seq;
    }
}
