package dev.sandglass.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How much a task matters, least first: the order in which {@code sort=priority} lists them. */
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
