package dev.sandglass.events;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@code internal.yaml} has the calls between services; that these are the ones they answer, module {@code local} tests. */
class InternalYamlTest {
    @Test
    void refersToSchemasThatAreThere() throws IOException {
        assertEquals(
                Set.of("cloud-event.v1.json", "list.v1.json", "task-event.v1.json", "task.v1.json"),
                Schemas.referredTo(new YAMLMapper()
                        .readTree(Path.of("src/main/resources/internal.yaml").toFile())));
    }
}
