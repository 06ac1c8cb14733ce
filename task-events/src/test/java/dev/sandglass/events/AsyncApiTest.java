package dev.sandglass.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The AsyncAPI document names every topic, every type of event and every schema, and nothing that is not there. */
@Tag("FR-004")
class AsyncApiTest {
    private static final Path DOCUMENT = Path.of("src/main/resources/asyncapi.yaml");
    private JsonNode document;

    @BeforeEach
    void read() throws IOException {
        document = new YAMLMapper().readTree(Files.readString(DOCUMENT));
    }

    @Test
    void hasTheThreeTopics() {
        Set<String> topics = new TreeSet<>();
        document.path("channels")
                .forEach(channel -> topics.add(channel.path("address").asText()));
        assertEquals(Set.of(Topics.TASK_EVENTS, Topics.TASK_UPDATES, Topics.REMINDERS), topics);
    }

    @Test
    void hasEveryTypeOfChange() {
        assertEquals(
                Arrays.stream(ChangeType.values()).map(ChangeType::toString).collect(Collectors.toSet()),
                names(document.at("/channels/task-events/messages")));
        for (ChangeType type : ChangeType.values()) {
            assertEquals(
                    type.toString(),
                    document.at("/components/messages/" + type + "/name").asText());
        }
    }

    @Test
    void whatItRefersToIsThere() {
        Set<String> files = Schemas.referredTo(document);
        // The schemas of tasks and lists are parts of those of events.
        files.addAll(Set.of("task.v1.json", "list.v1.json"));
        assertEquals(Schemas.names(), files.stream().toList());
    }

    @Test
    void everyMessageHasTitleAndPayload() {
        for (JsonNode message : document.at("/components/messages")) {
            assertFalse(message.path("title").asText().isEmpty(), message::toString);
            assertFalse(message.at("/payload/$ref").asText().isEmpty(), message::toString);
        }
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
