package dev.sandglass.task.routes.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import dev.sandglass.support.Problem;
import dev.sandglass.support.domain.Rejection.Fault;
import dev.sandglass.task.domain.Grant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One call of the API, as {@code openapi.yaml} describes it.
 *
 * @param path of the description: {@code /api/tasks/{id}}
 * @param profile in which alone it exists; null: in all
 * @param open whether it is answered without a token
 * @param scope of a personal token that it needs; null: it is for none
 * @param ofLists whether it is for a personal token that is for some lists alone: it shows and changes only what is in these
 * @param parameters of the path, the query and the headers
 * @param takes the media types of its body, in lower case
 * @param body what its body must be; null: it takes none
 * @param largest bytes that its body may have
 * @param file whether its body is a file, which the route reads itself
 * @param gives the media types of its answers
 * @param answered names of the fields of its answer: those not taken from a client are the server's
 */
public record Operation(
        String id,
        String method,
        String path,
        @Nullable String profile,
        boolean open,
        @Nullable String scope,
        boolean ofLists,
        List<Parameter> parameters,
        Set<String> takes,
        @Nullable JsonSchema body,
        int largest,
        boolean file,
        Set<String> gives,
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

    /** @throws Problem 403 where a personal token is not good for this */
    public void refuseUnlessFor(@Nullable Grant grant) {
        if (grant == null) {
            return;
        }
        if (scope == null) {
            throw new Problem(403, "A personal token is not for this; sign in");
        }
        if (!grant.scopes().contains(scope)) {
            throw new Problem(403, "This token may not " + scope);
        }
        if (grant.lists() != null && !ofLists) {
            throw new Problem(403, "This token is for some lists alone, and this is about more than these");
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
