package dev.sandglass.support.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The selection of a route's events.
 *
 * @param file the file of the route
 * @param types types of CloudEvents; none: all
 * @param list the only list; null: all lists
 * @param filter a JSONPath that must find something in an event's data; null: any data
 */
public record EventSelector(
        String file,
        String topic,
        List<String> types,
        @Nullable String list,
        @Nullable String filter) {

    /** @param event a CloudEvent with JSON data */
    public boolean selects(JsonNode event) {
        return (types.isEmpty() || types.contains(event.path("type").asText()))
                && (list == null || list.equals(event.path("data").path("list").asText()))
                && (filter == null || finds(filter, event.path("data").toString()));
    }

    private static boolean finds(String path, String data) {
        try {
            Object found = JsonPath.read(data, path);
            return found != null && !(found instanceof List<?> many && many.isEmpty());
        } catch (InvalidPathException e) {
            // It was held against the grammar before: it does not fit these data.
            return false;
        }
    }
}
