package dev.sandglass.audit.domain;

import com.fasterxml.jackson.databind.JsonNode;

/** An entry in the ledger, as events name it too: its list, and its number there, from 1. */
public record EntryId(String list, long seq) {
    public static EntryId of(String list, JsonNode change) {
        return new EntryId(list, change.path("seq").asLong());
    }

    /** The key of the entry in Dapr State. */
    public String key() {
        return "entry/" + list + "/" + seq;
    }
}
