package dev.sandglass.support.yaml;

import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.util.List;

/** The schema of Camel's YAML, the one Kaoto and Karavan go by. */
final class Schema {
    private static final JsonSchema CAMELS = JsonSchemaFactory.getInstance(
                    VersionFlag.V4,
                    factory -> factory.metaSchema(JsonMetaSchema.builder(JsonMetaSchema.getV4())
                            .keyword(new NonValidationKeyword("deprecated"))
                            .build()))
            .getSchema(
                    SchemaLocation.of("classpath:schema/camelYamlDsl.json"),
                    SchemaValidatorsConfig.builder().preloadJsonSchema(false).build());

    private Schema() {}

    /** The faults of a file by this schema. */
    static List<String> wrong(YamlText text) {
        return CAMELS.validate(text.json()).stream().map(String::valueOf).toList();
    }
}
