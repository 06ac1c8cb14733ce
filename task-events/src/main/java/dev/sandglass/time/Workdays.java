package dev.sandglass.time;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The rule for a date that falls on a day off. */
public enum Workdays {
    @JsonProperty("as-is")
    AS_IS,
    /** It moves to the working day before. */
    @JsonProperty("before")
    BEFORE,
    /** It moves to the working day after. */
    @JsonProperty("after")
    AFTER,
    /** It is left out. */
    @JsonProperty("skip")
    SKIP
}
