package dev.sandglass.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.util.Set;

/** Holds answers of services to each other against {@code internal.yaml}. */
public final class InternalAnswers {
    private static final String HOME = "https://sandglass.dev/";
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(
            VersionFlag.V202012, builder -> builder.schemaMappers(names -> names.mapPrefix(HOME, "classpath:")));
    private static final SchemaValidatorsConfig STRICT =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    private InternalAnswers() {}

    /** @param answer with status 200 */
    public static void assertHolds(String verb, String path, JsonNode answer) {
        String schema =
                "/paths/%s/%s/responses/200/content/application~1json/schema".formatted(path.replace("/", "~1"), verb);
        assertEquals(
                Set.of(),
                SCHEMAS.getSchema(SchemaLocation.of(HOME + "internal.yaml#" + schema), STRICT)
                        .validate(answer),
                () -> verb + " " + path + " answered " + answer);
    }
}
