package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request.
 *
 * @param body null where there is nothing to show
 * @param made the kind and the id of what was made, {@code tasks/<id>}; null where nothing was
 * @param version of the task that is shown, where it is one; without a body: the client has it as it is
 */
public record Answer(
        @Nullable JsonNode body,
        @Nullable String made,
        @Nullable Integer version) {

    public static Answer ok(Object body) {
        return new Answer(body instanceof JsonNode tree ? tree : Json.tree(body), null, null);
    }

    public static Answer task(Task task) {
        return new Answer(Json.tree(task), null, task.version());
    }

    /** A task that the client has as it is. */
    static Answer known(int version) {
        return new Answer(null, null, version);
    }

    public static Answer done() {
        return new Answer(null, null, null);
    }
}
