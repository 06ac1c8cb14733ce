package dev.sandglass.support.domain;

import dev.sandglass.support.Stored;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    /**
     * A question of which a part is no answer.
     *
     * @param known documents that were read for it already
     */
    static <R> UserQuestion<R> by(String user, Decision<R> whole, Map<String, Stored> known) {
        return new UserQuestion<>() {
            @Override
            public String user() {
                return user;
            }

            @Override
            public Optional<R> soFar() {
                return Optional.empty();
            }

            @Override
            public Set<String> keys() {
                return whole.keys();
            }

            @Override
            public Map<String, Stored> known() {
                return known;
            }

            @Override
            public Accepted<R> on(Documents documents) {
                return whole.on(documents);
            }
        };
    }
}
