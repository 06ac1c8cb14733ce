package dev.sandglass.sync.domain;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a socket that asked for the past of a list.
 *
 * @param past the changes for {@link What#CHANGES}, else null
 */
public record ReplayAnswer(
        Replay replay, What what, @Nullable Past past) {
    /** The kind of an answer. */
    public enum What {
        /** Here are changes. */
        CHANGES,
        /** The changes are in memory by now, or other changes were fetched. */
        LOOK_AGAIN,
        /** The ledger no longer keeps the changes. */
        TOO_OLD,
        /** The ledger could not be asked. */
        ASK_LATER
    }

    public static ReplayAnswer of(Replay replay, What what) {
        return new ReplayAnswer(replay, what, null);
    }

    public static ReplayAnswer of(Replay replay, @Nullable Past past) {
        return new ReplayAnswer(replay, past == null ? What.LOOK_AGAIN : What.CHANGES, past);
    }
}
