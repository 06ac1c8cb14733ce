package dev.sandglass.task.routes.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import dev.sandglass.support.domain.Rejection.Fault;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One call of the API, as {@code openapi.yaml} describes it.
 *
 * @param path of the description: {@code /api/tasks/{id}}
 * @param profile in which alone it exists; null: in all
 * @param open whether it is answered without a token
 * @param parameters of the path, the query and the headers
 * @param takes the media types of its body, in lower case
 * @param body what its body must be; null: it takes none
 * @param answered names of the fields of its answer: those not taken from a client are the server's
 */
public record Operation(
        String id,
        String method,
        String path,
        @Nullable String profile,
        boolean open,
        List<Parameter> parameters,
        Set<String> takes,
        @Nullable JsonSchema body,
        Set<String> answered) {

    /**
     * @param in path, query or header
     * @param type of its schema: string, integer, boolean or array
     */
    record Parameter(String name, String in, boolean required, String type, JsonSchema schema) {
        List<Fault> faults(JsonNode value) {
            return Faults.of(schema.validate(value), "/" + name, Set.of());
        }
    }

    @Nullable
    Parameter find(String in, String name) {
        return parameters.stream()
                .filter(it -> it.in().equals(in) && it.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
