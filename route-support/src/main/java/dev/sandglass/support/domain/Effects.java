package dev.sandglass.support.domain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a service does with the changes of lists that it follows.
 *
 * @param <A> what it tells of what was done
 */
public interface Effects<A> {
    /** Keys it will look at, where they can be told from the changes alone. */
    default Set<String> keys(List<JsonNode> changes) {
        return Set.of();
    }

    /** Told of a list with changes that were heard of and that the ledger does not have; null where that is nothing. */
    default @Nullable A unknown(String list, long after) {
        return null;
    }

    /**
     * @param next the next changes of each list, in order, without a hole; never empty unless {@code repeated} is not
     * @param repeated changes heard of that were done before
     * @return what is to be written in one transaction with the lists' cursors; or a {@linkplain Accepted#first first part}, which leaves
     *     the cursors where they are
     */
    Accepted<A> of(
            Documents documents, SortedMap<String, List<JsonNode>> next, SortedMap<String, List<JsonNode>> repeated);
}
