package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request.
 *
 * @param status HTTP status, 200 to 299
 * @param location where what was made can be found
 * @param etag quoted, as HTTP has it
 */
public record Answer(
        int status,
        @Nullable JsonNode body,
        @Nullable String location,
        @Nullable String etag) {

    public static Answer ok(Object body) {
        return new Answer(200, Json.tree(body), null, null);
    }

    public static Answer created(String location, Object body) {
        return new Answer(201, Json.tree(body), location, null);
    }

    public static Answer task(Task task) {
        return new Answer(200, Json.tree(task), null, etag(task));
    }

    public static Answer done() {
        return new Answer(204, null, null, null);
    }

    public static String etag(Task task) {
        return "\"" + task.version() + "\"";
    }
}
