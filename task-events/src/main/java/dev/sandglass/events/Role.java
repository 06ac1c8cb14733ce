package dev.sandglass.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The rights of a list's member: a viewer reads, an editor also writes, the owner also shares and deletes. */
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
