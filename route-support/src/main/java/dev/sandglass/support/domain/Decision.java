package dev.sandglass.support.domain;

import dev.sandglass.support.Stored;
import java.util.Map;
import java.util.Set;

/**
 * What is to be written, decided on what the store holds. A decision is a function: it may be made several times, on newer documents
 * each time, and only the last one counts.
 *
 * @param <R> what it answers
 */
@FunctionalInterface
public interface Decision<R> {
    /** Keys it looks at in any case: they are read together before it is made. */
    default Set<String> keys() {
        return Set.of();
    }

    /** Documents that need not be read, as remembered: wrong ones cost a try and nothing else. */
    default Map<String, Stored> known() {
        return Map.of();
    }

    /** @return what to write, which may be nothing, and the answer */
    Accepted<R> on(Documents documents);
}
