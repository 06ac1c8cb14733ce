package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The events that the sidecars deliver, and the fate of those they cannot. */
@Tag("FR-012")
class SubscriptionsTest {
    private static final Pattern SOURCE =
            Pattern.compile("dapr-subscription-source(?:\\?topic=|\\s+parameters:\\s+\\{?topic: )([a-z-]+)");
    private static final YAMLMapper YAML = new YAMLMapper();

    @Test
    void whatNoneCanReadIsKeptByOneServiceAsADeadLetterOfItsTopic() throws Exception {
        List<JsonNode> all = subscriptions();
        List<JsonNode> ordinary =
                all.stream().filter(it -> it.has("deadLetterTopic")).toList();
        assertFalse(ordinary.isEmpty());
        for (JsonNode subscription : ordinary) {
            List<JsonNode> readers = all.stream()
                    .filter(it -> it.path("topic").equals(subscription.path("deadLetterTopic")))
                    .toList();
            assertEquals(1, readers.size(), subscription::toString);
            JsonNode reader = readers.get(0);
            assertEquals(
                    "/dead-letters/" + subscription.path("topic").asText(),
                    reader.at("/routes/default").asText());
            assertEquals("true", reader.at("/metadata/rawPayload").asText());
            // Each replica's own group would bring it to each, and what came while there was none to nobody.
            assertEquals("pubsub", reader.path("pubsubname").asText());
        }
    }

    @Test
    void whatRoutesHearIsSubscribedToInBulkAndNothingElse() throws IOException {
        Set<String> heard = new TreeSet<>();
        for (String service : List.of("task", "recurrence", "reminder", "audit", "sync")) {
            Path main = DocumentsTest.ROOT.resolve("routes-" + service + "/src/main");
            List<Path> routes = new ArrayList<>(DocumentsTest.files(main, ".java"));
            routes.addAll(DocumentsTest.files(main, ".camel.yaml"));
            for (Path file : routes) {
                SOURCE.matcher(Files.readString(file))
                        .results()
                        .forEach(topic -> heard.add(service + "-" + topic.group(1) + " /events/" + topic.group(1)));
            }
        }
        Set<String> subscribed = new TreeSet<>();
        for (Path file : DocumentsTest.files(Path.of("../dapr/subscriptions"), ".yaml")) {
            JsonNode subscription = YAML.readTree(file.toFile());
            String path = subscription.at("/spec/routes/default").asText();
            if (path.startsWith("/events/")) {
                String name = subscription.at("/metadata/name").asText();
                subscribed.add(name + " " + path);
                assertEquals(
                        name,
                        subscription.at("/scopes/0").asText() + "-"
                                + subscription.at("/spec/topic").asText());
                assertEquals(1, subscription.path("scopes").size(), name);
                assertTrue(subscription.at("/spec/bulkSubscribe/enabled").asBoolean(), name);
            }
        }
        assertEquals(heard, subscribed);
    }

    private static List<JsonNode> subscriptions() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../dapr/subscriptions"))) {
            return files.map(SubscriptionsTest::specification).toList();
        }
    }

    private static JsonNode specification(Path file) {
        try {
            return YAML.readTree(file.toFile()).path("spec");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
