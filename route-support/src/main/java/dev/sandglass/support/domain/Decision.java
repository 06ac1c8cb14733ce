package dev.sandglass.support.domain;

import dev.sandglass.support.Stored;
import java.util.Map;
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

    /** Documents that need not be read, as remembered: wrong ones cost a try and nothing else. */
    default Map<String, Stored> known() {
        return Map.of();
    }

    /**
     * Decides, as {@link #verdict} does, which others call: a refusal and a lack of documents may be thrown here, from deep inside.
     *
     * @return what to write, which may be nothing, and the answer
     */
    Accepted<R> on(Documents documents);

    /** Decides: accepted, rejected, or in need of more documents. */
    default Verdict<R> verdict(Documents documents) {
        try {
            return on(documents);
        } catch (Documents.Unseen unseen) {
            return new NeedsMore<>(unseen.keys());
        } catch (Rejection why) {
            return new Rejected<>(why);
        }
    }
}
