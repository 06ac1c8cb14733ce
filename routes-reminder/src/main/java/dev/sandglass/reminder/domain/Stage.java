package dev.sandglass.reminder.domain;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The stage of a reminder. */
public enum Stage {
    @JsonProperty("scheduled")
    SCHEDULED,
    /** Claimed, on its way to the channels. */
    @JsonProperty("firing")
    FIRING,
    @JsonProperty("delivered")
    DELIVERED,
    @JsonProperty("failed")
    FAILED,
    @JsonProperty("cancelled")
    CANCELLED
}
