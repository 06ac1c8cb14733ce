package dev.sandglass.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the next occurrence is counted from: the rule's own dates, or the day on which this one was completed. */
public enum RecurFrom {
    @JsonProperty("schedule")
    SCHEDULE,
    @JsonProperty("completion")
    COMPLETION
}
