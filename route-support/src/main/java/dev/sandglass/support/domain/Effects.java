package dev.sandglass.support.domain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The work of a service on the changes of lists that it follows.
 *
 * @param <A> the type of its report on the work
 */
public interface Effects<A> {
    /**
     * Keys that it will need, where the changes alone tell them: documents about one task each. Those of a task that is new are not read,
     * and are absent: where another list has brought the task before, a write of them is refused, and decided again on what is there.
     */
    default Set<String> keys(List<JsonNode> changes) {
        return Set.of();
    }

    /** Reports on a list with changes in events that the ledger does not have; null for no report. */
    default @Nullable A unknown(String list, long after) {
        return null;
    }

    /**
     * @param next the next changes of each list, in order, without a hole; never empty unless {@code repeated} is not
     * @param repeated changes that came again and were done before
     * @return the writes for one transaction with the lists' cursors; or a {@linkplain Accepted#first first part}, which does not move the
     *     cursors
     */
    Accepted<A> of(
            Documents documents, SortedMap<String, List<JsonNode>> next, SortedMap<String, List<JsonNode>> repeated);
}
