package dev.sandglass.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The status of a task: open or done. */
public enum Status {
    @JsonProperty("open")
    OPEN,
    @JsonProperty("completed")
    COMPLETED
}
