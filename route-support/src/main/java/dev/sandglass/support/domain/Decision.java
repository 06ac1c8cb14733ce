package dev.sandglass.support.domain;

import java.util.Set;

/**
 * A decision about writes, made on the documents of the store. It is a function: it may run several times, on newer documents each
 * time, and only the last run counts.
 *
 * @param <R> the type of its answer
 */
@FunctionalInterface
public interface Decision<R> {
    /** Keys that it always needs: their documents are read together before it runs. */
    default Set<String> keys() {
        return Set.of();
    }

    /** @return the writes, which may be none, and the answer */
    Accepted<R> on(Documents documents);
}
