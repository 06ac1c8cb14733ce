package dev.sandglass.sync.domain;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a socket that asked for the past of a list.
 *
 * @param past the changes where {@code what} says so, else null
 */
public record Answer(Replay replay, What what, @Nullable Past past) {
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

    public static Answer of(Replay replay, What what) {
        return new Answer(replay, what, null);
    }

    public static Answer of(Replay replay, @Nullable Past past) {
        return new Answer(replay, past == null ? What.LOOK_AGAIN : What.CHANGES, past);
    }
}
