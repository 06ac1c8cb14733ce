package dev.sandglass.audit.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.ChangeType;
import java.util.Comparator;

/**
 * One change in a task's history, by list and number: {@code history/<task>/<n>}.
 *
 * @param v version of this shape
 * @param version the task's version after the change
 * @param moved true if the task came from another list, where its deletion has the same version
 */
public record Mention(int v, String list, long seq, int version, boolean moved) {
    /** Sorts by the task's version, which goes on when the task moves to another list. */
    public static final Comparator<Mention> OLDEST_FIRST = Comparator.comparingInt(Mention::version)
            .thenComparing(Mention::moved)
            .thenComparing(Mention::list)
            .thenComparingLong(Mention::seq);

    public EntryId id() {
        return new EntryId(list, seq);
    }

    /** The mention of a task's change, as it came. */
    public static Mention of(String list, JsonNode change) {
        int version = change.path("task").path("version").asInt();
        boolean moved = version > 1
                && ChangeType.TASK_CREATED
                        .toString()
                        .equals(change.path("event").asText());
        return new Mention(1, list, change.path("seq").asLong(), version, moved);
    }
}
