package dev.sandglass.support.domain;

import java.util.Optional;

/**
 * A question of a user that may read much. It writes nothing, keeps what it found between two runs, and can be answered with that.
 *
 * @param <R> the type of its answer
 */
public interface UserQuestion<R> extends Decision<R> {
    /** The name of the user who asks. */
    String user();

    /** The answer with what was found so far, which says how to go on; empty where that is nothing. */
    Optional<R> soFar();
}
