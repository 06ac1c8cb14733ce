package dev.sandglass.task.routes.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toUnmodifiableMap;
import static java.util.stream.Collectors.toUnmodifiableSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.Keyword;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.regex.RegularExpression;
import dev.sandglass.events.Json;
import dev.sandglass.task.domain.Grant;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code openapi.yaml}, read and compiled once, with the schemas of the events where it refers to them: whoever reads it has it whole. */
@Singleton
@Named("contract")
public class Contract {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");
    private static final Set<String> OF_A_FILE = Set.of("$ref", "$schema", "$id", "$defs");
    /** The type of a body whose content says what it is. */
    private static final String FILE = "application/octet-stream";

    private static final String HERE = "https://sandglass.dev/openapi.json";

    private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .formatAssertionsEnabled(true)
            .locale(Locale.ENGLISH)
            .errorMessageKeyword("x-error")
            .regularExpressionFactory(Contract::expression)
            .build();

    private final JsonNode document;
    private final Buffer json;
    private final JsonSchemaFactory schemas;
    private final List<Operation> operations;
    private final Map<String, Operation> byId;

    /** @throws UncheckedIOException where {@code openapi.yaml} is not on the class path */
    public Contract() {
        document = read("openapi.yaml");
        document.at("/components/schemas").properties().stream()
                .filter(schema -> schema.getValue().path("$ref").asText().startsWith("schemas/"))
                .forEach(schema -> schema.setValue(whole(schema.getValue(), URI.create(""))));
        // Outside the heap: of what is in it, each connection would have a copy on its way out.
        json = Buffer.buffer(
                Unpooled.directBuffer().writeBytes(document.toString().getBytes(UTF_8)));
        JsonMetaSchema dialect = JsonMetaSchema.builder(JsonMetaSchema.getV202012())
                .formats(Formats.all())
                .keywords(document.propertyStream()
                        .map(Map.Entry::getKey)
                        .<Keyword>map(NonValidationKeyword::new)
                        .toList())
                .build();
        schemas = JsonSchemaFactory.getInstance(
                VersionFlag.V202012,
                factory -> factory.metaSchema(dialect)
                        .defaultMetaSchemaIri(dialect.getIri())
                        .schemaLoaders(loaders -> loaders.schemas(Map.of(HERE, document.toString()))));
        operations = document.path("paths").properties().stream()
                .flatMap(path -> path.getValue().properties().stream()
                        .filter(method -> METHODS.contains(method.getKey()))
                        .map(method -> operation(path.getKey(), path.getValue(), method.getKey(), method.getValue())))
                .toList();
        byId = operations.stream().collect(toUnmodifiableMap(Operation::id, Function.identity()));
    }

    /** @param name of a file in YAML on the class path */
    public static JsonNode read(String name) {
        try (var file = Contract.class.getResourceAsStream("/" + name)) {
            return new YAMLMapper().readTree(Objects.requireNonNull(file, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode whole(JsonNode part, URI at) {
        return whole(part, reference -> {
            URI there = at.resolve(reference);
            String pointer = Objects.requireNonNullElse(there.getFragment(), "");
            return whole(read(there.getPath()).at(pointer), there);
        });
    }

    /**
     * A part of a schema with what it refers to in its place; what stands beside a reference goes over it.
     *
     * @param referred the whole part that a reference leads to
     */
    public static JsonNode whole(JsonNode part, Function<String, JsonNode> referred) {
        if (part.isArray()) {
            ArrayNode whole = Json.array();
            part.forEach(element -> whole.add(whole(element, referred)));
            return whole;
        }
        if (!part.isObject()) {
            return part;
        }
        ObjectNode own = Json.object();
        part.propertyStream()
                .filter(field -> !OF_A_FILE.contains(field.getKey()))
                .forEach(field -> own.set(field.getKey(), whole(field.getValue(), referred)));
        return part.has("$ref")
                ? over((ObjectNode) referred.apply(part.path("$ref").asText()), own)
                : own;
    }

    private static JsonNode over(JsonNode base, JsonNode more) {
        if (!(base instanceof ObjectNode below) || !more.isObject()) {
            return more;
        }
        ObjectNode both = below.deepCopy();
        more.properties().forEach(field -> both.set(field.getKey(), over(both.path(field.getKey()), field.getValue())));
        return both;
    }

    /** @return the document as JSON, as clients read it: one for all, however many of them do not take their answer */
    public Buffer json() {
        return json;
    }

    public List<Operation> operations() {
        return operations;
    }

    /** @throws IllegalArgumentException where there is no such operation, a mistake of the caller's */
    public Operation operation(String id) {
        return Optional.ofNullable(byId.get(id))
                .orElseThrow(() -> new IllegalArgumentException("openapi.yaml has no operation " + id));
    }

    /** A part of the document: a schema, with references to others yet. */
    public JsonNode part(String pointer) {
        return document.at(pointer);
    }

    /** @param whole a schema without references */
    public JsonSchema schema(JsonNode whole) {
        return schemas.getSchema(whole, CONFIG);
    }

    private Operation operation(String path, JsonNode shared, String method, JsonNode operation) {
        JsonNode content = operation.at("/requestBody/content");
        Iterator<JsonNode> bodies = content.elements();
        return new Operation(
                operation.path("operationId").asText(),
                method.toUpperCase(Locale.ROOT),
                path,
                operation.path("x-profile").textValue(),
                operation.has("security") && operation.path("security").isEmpty(),
                scope(method, operation),
                operation.path("x-of-lists").asBoolean(),
                Stream.of(shared, operation)
                        .flatMap(it -> it.path("parameters").valueStream())
                        .map(this::parameter)
                        .toList(),
                content.propertyStream().map(Map.Entry::getKey).collect(toUnmodifiableSet()),
                bodies.hasNext()
                        ? schemas.getSchema(
                                SchemaLocation.of(
                                        HERE + bodies.next().at("/schema/$ref").asText()),
                                CONFIG)
                        : null,
                resolved(content.path(FILE).path("schema")).path("maxLength").asInt(Intake.MOST),
                content.has(FILE),
                Stream.of("/200", "/201")
                        .flatMap(status ->
                                operation.at("/responses" + status + "/content").propertyStream())
                        .map(Map.Entry::getKey)
                        .collect(toUnmodifiableSet()),
                Stream.of("/200", "/201")
                        .map(status -> operation.at("/responses" + status + "/content/application~1json/schema"))
                        .flatMap(schema -> resolved(schema).path("properties").propertyStream())
                        .map(Map.Entry::getKey)
                        .collect(toUnmodifiableSet()));
    }

    /** Reading is a GET, and what says so. */
    private @Nullable String scope(String method, JsonNode operation) {
        JsonNode security = operation.has("security") ? operation.path("security") : document.path("security");
        if (security.valueStream().noneMatch(one -> one.has("personal"))) {
            return null;
        }
        return operation.path("x-scope").asText(method.equals("get") ? Grant.READ : Grant.WRITE);
    }

    private Operation.Parameter parameter(JsonNode given) {
        JsonNode parameter = resolved(given);
        return new Operation.Parameter(
                parameter.path("name").asText(),
                parameter.path("in").asText(),
                parameter.path("required").asBoolean(),
                parameter.at("/schema/type").asText("string"),
                schema(parameter.path("schema")));
    }

    /** The end of the text is $ in JSON Schema (ECMA-262); to Java that is also before a last line break. */
    private static RegularExpression expression(String regex) {
        Pattern pattern = Pattern.compile(regex.replaceFirst("\\$$", "\\\\z"));
        return text -> pattern.matcher(text).find();
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }
}
