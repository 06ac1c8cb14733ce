package dev.sandglass.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The schemas of this module, by their names. */
final class Schemas {
    static final Path FOLDER = Path.of("src/main/resources/schemas");

    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(
            VersionFlag.V202012,
            builder -> builder.schemaMappers(names -> names.mapPrefix(CloudEvent.SCHEMAS, "classpath:schemas/")));
    private static final SchemaValidatorsConfig STRICT =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    private static final Map<String, JsonSchema> READ = new ConcurrentHashMap<>();

    private Schemas() {}

    static List<String> names() {
        try (var files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode text(String name) {
        try {
            return Json.read(Files.readString(FOLDER.resolve(name)), JsonNode.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The faults of a value, by the schema of this name. */
    static Set<ValidationMessage> mistakes(String name, JsonNode value) {
        return READ.computeIfAbsent(
                        name, any -> FACTORY.getSchema(SchemaLocation.of(CloudEvent.SCHEMAS + name), STRICT))
                .validate(value);
    }

    static void assertHolds(String name, JsonNode value) {
        assertEquals(Set.of(), mistakes(name, value), () -> name + " of " + value);
    }

    /** An event as it is sent: its envelope, and its data by the schema it names itself. */
    static void assertHolds(CloudEvent event) {
        JsonNode sent = Json.read(Json.text(event), JsonNode.class);
        assertHolds("cloud-event.v1.json", sent);
        assertHolds(sent.path("dataschema").asText().substring(CloudEvent.SCHEMAS.length()), sent.path("data"));
    }

    /** The schemas of this module that a document beside them refers to; whatever it refers to is there. */
    static Set<String> referredTo(JsonNode document) {
        Set<String> files = new TreeSet<>();
        for (String pointer : ArbitraryChanges.pointers(document)) {
            if (pointer.endsWith("/$ref")) {
                String[] reference = document.at(pointer).asText().split("#", 2);
                String file = reference[0].replaceFirst("^schemas/", "");
                assertFalse(
                        (file.isEmpty() ? document : text(file))
                                .at(reference.length == 1 ? "" : reference[1])
                                .isMissingNode(),
                        () -> document.at(pointer).asText());
                if (!file.isEmpty()) {
                    files.add(file);
                }
            }
        }
        return files;
    }

    static JsonSchema metaSchema() {
        return FACTORY.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
    }
}
