package dev.sandglass.support.yaml;

import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.lang.ref.SoftReference;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** The schema of Camel's YAML, the one Kaoto and Karavan go by. It is large, and let go when memory is needed. */
final class Schema {
    private static SoftReference<JsonSchema> read = new SoftReference<>(null);

    private Schema() {}

    /** The one thing that is wrong deepest in the file; none where all is right. */
    static List<Refusal> refusals(String file, YamlText text) {
        return schema().validate(text.json()).stream()
                .max(Comparator.<ValidationMessage>comparingInt(
                                message -> message.getInstanceLocation().getNameCount())
                        .thenComparing(message -> !"oneOf".equals(message.getType())))
                .map(message -> new Refusal(
                        file, text.line(message.getInstanceLocation().toString()), message.getMessage()))
                .map(List::of)
                .orElse(List.of());
    }

    private static synchronized JsonSchema schema() {
        JsonSchema known = read.get();
        if (known == null) {
            JsonMetaSchema dialect = JsonMetaSchema.builder(JsonMetaSchema.getV4())
                    .keyword(new NonValidationKeyword("deprecated"))
                    .build();
            known = JsonSchemaFactory.getInstance(VersionFlag.V4, factory -> factory.metaSchema(dialect))
                    .getSchema(
                            SchemaLocation.of("classpath:schema/camelYamlDsl.json"),
                            SchemaValidatorsConfig.builder()
                                    .pathType(PathType.JSON_POINTER)
                                    .preloadJsonSchema(false)
                                    .build());
            read = new SoftReference<>(known);
        }
        return Objects.requireNonNull(known);
    }
}
