package dev.sandglass.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The priority of a task, lowest first: the order of {@code sort=priority}. */
public enum Priority {
    @JsonProperty("low")
    LOW,
    @JsonProperty("medium")
    MEDIUM,
    @JsonProperty("high")
    HIGH,
    @JsonProperty("urgent")
    URGENT
}
