package dev.sandglass.sync.domain;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a socket that asked for the past of a list.
 *
 * @param past the changes where {@code what} says so, else null
 */
public record ReplayAnswer(
        Replay replay, What what, @Nullable Past past) {
    /** How it went. */
    public enum What {
        /** Here are changes. */
        CHANGES,
        /** They are in memory by now, or others were fetched. */
        LOOK_AGAIN,
        /** The ledger does not keep them. */
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
