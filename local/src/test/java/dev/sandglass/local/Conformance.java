package dev.sandglass.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Holds an answer of the API against {@code openapi.yaml}: its status, its media type, its body. */
final class Conformance {
    private static final String HOME = "https://sandglass.dev/";
    private static final String DOCUMENT = HOME + "openapi.json";
    private static final Path SCHEMA_FILES = DocumentsTest.ROOT.resolve("task-events/src/main/resources/schemas");
    private static final JsonNode ROOT = root();
    private static final JsonNode PATHS = ROOT.path("paths");
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(
            VersionFlag.V202012,
            factory -> factory.schemaLoaders(loaders -> loaders.schemas(Map.of(DOCUMENT, ROOT.toString())))
                    .schemaMappers(names -> names.mapPrefix(
                            HOME + "schemas/", SCHEMA_FILES.toUri().toString())));

    private Conformance() {}

    private static JsonNode root() {
        try {
            return new YAMLMapper()
                    .readTree(DocumentsTest.ROOT
                            .resolve("routes-task/src/main/resources/openapi.yaml")
                            .toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @param address of the call, with its query
     * @throws AssertionError where the document has the call and not this answer
     */
    static void hold(String method, String address, Api.Answer answer) {
        String path = address.replaceFirst("\\?.*", "");
        operation(method.toLowerCase(Locale.ROOT), path).ifPresent(pointer -> {
            String call = method + " " + path + " answered " + answer.status();
            String response = pointer + "/responses/" + answer.status();
            JsonNode described = ROOT.at(response);
            if (described.has("$ref")) {
                response = described.path("$ref").asText().substring(1);
                described = ROOT.at(response);
            }
            if (described.isMissingNode()) {
                throw new AssertionError(call + ", which openapi.yaml does not have: " + answer.body());
            }
            String type = answer.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
            if (described.path("content").isEmpty()
                    ? !type.isEmpty()
                    : !described.path("content").has(type)) {
                throw new AssertionError(call + " as '" + type + "', which openapi.yaml does not have");
            }
            if (!type.isEmpty()) {
                String schema = response + "/content/" + type.replace("/", "~1") + "/schema";
                Set<ValidationMessage> faults = SCHEMAS.getSchema(
                                SchemaLocation.of(DOCUMENT + "#" + schema),
                                SchemaValidatorsConfig.builder().build())
                        .validate(answer.body());
                if (!faults.isEmpty()) {
                    throw new AssertionError(call + ", not as openapi.yaml has it: " + faults + "\n" + answer.body());
                }
            }
        });
    }

    /** A pointer to what is called, where the document has that; a path that is there as it stands goes before one with a {}. */
    private static Optional<String> operation(String method, String path) {
        return PATHS.propertyStream()
                .filter(described -> path.matches(described.getKey().replaceAll("\\{[^}]*}", "[^/]+")))
                .filter(described -> described.getValue().has(method))
                .map(Map.Entry::getKey)
                .min(Comparator.comparing((String described) -> described.contains("{")))
                .map(described -> "/paths/" + described.replace("~", "~0").replace("/", "~1") + "/" + method);
    }
}
