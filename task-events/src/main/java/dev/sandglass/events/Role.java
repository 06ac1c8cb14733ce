package dev.sandglass.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a member of a list may do: a viewer reads, an editor writes, the owner also shares and deletes. */
public enum Role {
    @JsonProperty("viewer")
    VIEWER,
    @JsonProperty("editor")
    EDITOR,
    @JsonProperty("owner")
    OWNER;

    public boolean writes() {
        return this != VIEWER;
    }
}
