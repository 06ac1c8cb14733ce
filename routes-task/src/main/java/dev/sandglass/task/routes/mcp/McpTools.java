package dev.sandglass.task.routes.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import dev.sandglass.events.Json;
import dev.sandglass.support.Problem;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Fault;
import dev.sandglass.task.domain.Grant;
import dev.sandglass.task.domain.Request;
import dev.sandglass.task.domain.mcp.Tool;
import dev.sandglass.task.domain.mcp.ToolBatch;
import dev.sandglass.task.routes.http.Contract;
import dev.sandglass.task.routes.http.Operation;
import dev.sandglass.task.routes.http.Requests;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tools, as the file beside the route of each describes them: {@code routes/tool-add-tasks.yaml}. Its schemas are of JSON Schema; they
 * may refer to parts of the contract ({@code #/…}) and of {@code routes/tools.yaml}, and what stands beside a reference goes over it.
 */
@Singleton
class McpTools {
    /** In the order in which a model reads them. */
    private static final List<String> NAMES = List.of(
            "add_tasks",
            "find_tasks",
            "get_task",
            "update_tasks",
            "complete_tasks",
            "reopen_tasks",
            "skip_task",
            "delete_tasks",
            "find_lists",
            "add_list",
            "share_list",
            "task_history",
            "undo");

    private static final String PARTS = "routes/tools.yaml";
    /** Keywords that are for our own validator: a pattern tells a model nothing, and some clients take no formats of others. */
    private static final Set<String> OURS = Set.of("pattern", "format", "x-error");
    /** Keywords that are left out of the schemas of answers: a model sees the values. */
    private static final Set<String> OURS_IN_ANSWERS =
            Set.of("pattern", "format", "x-error", "description", "examples");

    private final Contract contract;
    private final JsonNode parts = Contract.read(PARTS);
    private final List<Tool> tools = new ArrayList<>();
    private final Map<String, JsonSchema> inputs = new HashMap<>();

    McpTools(Contract contract) {
        this.contract = contract;
        NAMES.forEach(this::add);
    }

    private void add(String name) {
        JsonNode file = Contract.read("routes/tool-" + name.replace('_', '-') + ".yaml");
        JsonNode input = whole(file.path("input"));
        ObjectNode shown = Json.object()
                .put("name", name)
                .put("title", file.path("title").asText())
                .put("description", file.path("description").asText().strip());
        shown.set("inputSchema", shown(input, OURS));
        shown.set("outputSchema", shown(whole(file.path("output")), OURS_IN_ANSWERS));
        shown.set("annotations", file.path("annotations"));
        inputs.put(name, contract.schema(input));
        tools.add(new Tool(
                name,
                shown,
                file.path("operation").asText(),
                file.path("entries").textValue(),
                file.path("done").textValue(),
                file.at("/annotations/readOnlyHint").asBoolean()));
    }

    List<Tool> all() {
        return List.copyOf(tools);
    }

    boolean mayCall(@Nullable Grant grant, Tool tool) {
        try {
            contract.operation(tool.operation()).refuseUnlessFor(grant);
            return true;
        } catch (Problem refused) {
            return false;
        }
    }

    /**
     * A call of a tool, its arguments held against its schema.
     *
     * @param header the client's {@code Idempotency-Key}; the argument goes before it
     * @throws Problem 403 where a personal token is not good for that
     * @throws Rejection INVALID where the arguments are wrong as a whole
     */
    ToolBatch call(Tool tool, Request asked, @Nullable String header, JsonNode given) {
        Operation operation = contract.operation(tool.operation());
        operation.refuseUnlessFor(asked.grant());
        JsonSchema input = Objects.requireNonNull(inputs.get(tool.name()));
        JsonNode properties = input.getSchemaNode().path("properties");
        JsonNode fields = properties.path(String.valueOf(tool.entries())).at("/items/properties");
        Set<String> servers =
                operation.answered().stream().filter(name -> !fields.has(name)).collect(Collectors.toSet());
        List<Fault> faults = Requests.faults(input, given, servers);
        ObjectNode arguments = given.deepCopy();
        properties.properties().stream()
                .filter(one -> one.getValue().has("default") && !arguments.has(one.getKey()))
                .forEach(one -> arguments.set(one.getKey(), one.getValue().get("default")));
        String key = arguments.path(ToolBatch.KEY).asText("");
        return new ToolBatch(tool, asked, key.isEmpty() ? header : key, arguments, faults);
    }

    /** A schema with what it refers to in its place. */
    private JsonNode whole(JsonNode schema) {
        return Contract.whole(schema, reference -> whole(referred(reference)));
    }

    private JsonNode referred(String reference) {
        JsonNode part = reference.startsWith("#") ? contract.part(reference.substring(1)) : parts.path(reference);
        if (part.isMissingNode()) {
            throw new IllegalArgumentException("neither openapi.yaml nor " + PARTS + " has " + reference);
        }
        return part;
    }

    private static JsonNode shown(JsonNode schema, Set<String> hidden) {
        if (schema.isArray()) {
            ArrayNode shown = Json.array();
            schema.forEach(element -> shown.add(shown(element, hidden)));
            return shown;
        }
        if (!schema.isObject()) {
            return schema;
        }
        ObjectNode shown = Json.object();
        schema.properties().stream()
                .filter(field -> !hidden.contains(field.getKey()))
                .forEach(field -> shown.set(
                        field.getKey(),
                        field.getKey().equals("properties")
                                ? named(field.getValue(), hidden)
                                : shown(field.getValue(), hidden)));
        return shown;
    }

    /** Shows the schemas below {@code properties}. The keys are names, not words of JSON Schema: a task has a description. */
    private static ObjectNode named(JsonNode schemas, Set<String> hidden) {
        ObjectNode shown = Json.object();
        schemas.properties().forEach(field -> shown.set(field.getKey(), shown(field.getValue(), hidden)));
        return shown;
    }
}
