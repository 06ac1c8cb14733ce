package dev.sandglass.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a task is still to be done. */
public enum Status {
    @JsonProperty("open")
    OPEN,
    @JsonProperty("completed")
    COMPLETED
}
