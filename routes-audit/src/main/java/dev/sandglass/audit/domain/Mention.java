package dev.sandglass.audit.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.ChangeType;
import java.util.Comparator;

/**
 * Where a task's history finds one of its changes: {@code history/<task>/<n>}.
 *
 * @param v version of this shape
 * @param version the task's version after the change
 * @param moved whether the task came from another list, by a deletion there of the same version
 */
public record Mention(int v, String list, long seq, int version, boolean moved) {
    /** By the task's version, which counts on when it moves to another list. */
    public static final Comparator<Mention> OLDEST_FIRST = Comparator.comparingInt(Mention::version)
            .thenComparing(Mention::moved)
            .thenComparing(Mention::list)
            .thenComparingLong(Mention::seq);

    /** Of a change of a task, as it came. */
    public static Mention of(String list, JsonNode change) {
        int version = change.path("task").path("version").asInt();
        boolean moved = version > 1
                && ChangeType.TASK_CREATED
                        .toString()
                        .equals(change.path("event").asText());
        return new Mention(1, list, change.path("seq").asLong(), version, moved);
    }
}
