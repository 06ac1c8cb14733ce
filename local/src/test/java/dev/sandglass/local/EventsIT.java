package dev.sandglass.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The events on Kafka, read without Dapr and without our code, fit the published schemas, and their hashes hold. */
@Order(3)
@Tag("US-1")
@Tag("FR-004")
@ExtendWith(Stack.class)
class EventsIT {
    private static final List<String> TOPICS = List.of("task-events", "task-updates", "reminders");
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String NAMES = "https://sandglass.dev/schemas/";
    private static final Path FILES = Path.of(System.getProperty("basedir", "."))
            .toAbsolutePath()
            .normalize()
            .resolveSibling("task-events/src/main/resources/schemas");
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(
            VersionFlag.V202012,
            builder -> builder.schemaMappers(names -> names.mapPrefix(NAMES, FILES.toUri() + "/")));
    private static final SchemaValidatorsConfig STRICT =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    @Test
    void everyEventIsAsItsSchemaSaysAndTheChainHolds() throws Exception {
        Api alice = Api.as("events-alice");
        String list = alice.post("/api/lists", Map.of("name", "Events \u2713"))
                .with(201)
                .path("id")
                .asText();
        oneOfEachKind(alice, list);
        long last = alice.get("/api/lists/" + list).with(200).path("seq").asLong();
        alice.delete("/api/lists/" + list).with(204);
        long seq = last + 1;

        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        Stack.await("the events on Kafka", SOON, () -> {
            records.clear();
            records.addAll(Topic.records(TOPICS));
            // A repeat after a failure is allowed; what is missing is not.
            return numbers(records, "task-events", list).size() == seq
                    && numbers(records, "task-updates", list).size() == seq
                    && types(records, "reminders", list).containsAll(Set.of("reminder.due", "reminder.delivered"));
        });

        for (ConsumerRecord<String, String> record : records) {
            JsonNode event = Api.JSON.readTree(record.value());
            assertHolds("cloud-event.v1.json", event);
            assertHolds(event.path("dataschema").asText().substring(NAMES.length()), event.path("data"));
            assertEquals(event.at("/data/list").asText(), record.key(), record::value);
        }
        assertEquals(
                Set.of(
                        "list.created",
                        "list.shared",
                        "list.unshared",
                        "list.updated",
                        "list.deleted",
                        "task.created",
                        "task.updated",
                        "task.completed",
                        "task.reopened",
                        "task.deleted"),
                types(records, "task-events", list));
        assertEquals(types(records, "task-events", list), types(records, "task-updates", list));
        chainHolds(records, list, seq);
    }

    private static void oneOfEachKind(Api alice, String list) throws Exception {
        alice.put("/api/lists/" + list + "/members/events-bob", Map.of("role", "viewer"))
                .with(204);
        alice.delete("/api/lists/" + list + "/members/events-bob").with(204);
        alice.patch("/api/lists/" + list, Map.of("name", "Events")).with(200);
        LocalDateTime due = LocalDateTime.ofInstant(Instant.now().truncatedTo(ChronoUnit.SECONDS), ZoneOffset.UTC);
        String task = alice.post(
                        "/api/tasks",
                        Map.of(
                                "list",
                                list,
                                "title",
                                "za\u017c\u00f3\u0142\u0107 \ud83d\ude00 \"\\\"",
                                "tags",
                                List.of("home", "d\u00e9j\u00e0"),
                                "due",
                                due.plusHours(1).format(DateTimeFormatter.ISO_LOCAL_DATE_TIME),
                                "timeZone",
                                "UTC",
                                "recurrence",
                                "FREQ=DAILY;COUNT=5",
                                "reminders",
                                List.of(due.plusSeconds(3)
                                        .toInstant(ZoneOffset.UTC)
                                        .toString())))
                .with(201)
                .path("id")
                .asText();
        alice.patch("/api/tasks/" + task, Map.of("priority", "urgent")).with(200);
        Stack.await(
                "the reminder",
                SOON,
                () -> alice.get("/api/reminders?task=" + task)
                        .with(200)
                        .at("/reminders/0/status")
                        .asText()
                        .equals("delivered"));
        alice.post("/api/tasks/" + task + "/complete", null).with(200);
        Stack.await(
                "the next occurrence",
                SOON,
                () -> alice.get("/api/tasks?status=open&list=" + list)
                                .with(200)
                                .path("total")
                                .asInt()
                        == 1);
        alice.post("/api/tasks/" + task + "/reopen", null).with(200);
        alice.delete("/api/tasks/" + task).with(204);
    }

    private static void chainHolds(List<ConsumerRecord<String, String>> records, String list, long seq)
            throws Exception {
        Map<Long, JsonNode> changes = new TreeMap<>();
        for (ConsumerRecord<String, String> record : records) {
            if (record.topic().equals("task-events") && record.key().equals(list)) {
                JsonNode change = Api.JSON.readTree(record.value()).path("data");
                changes.put(change.path("seq").asLong(), change);
            }
        }
        assertEquals(LongStream.rangeClosed(1, seq).boxed().collect(Collectors.toSet()), changes.keySet());
        String prev = "";
        for (JsonNode change : changes.values()) {
            assertEquals(prev, change.path("prev").asText(), change::toString);
            ObjectNode content = change.deepCopy();
            content.remove(List.of("prev", "hash"));
            byte[] canonical = new JsonCanonicalizer(content.toString()).getEncodedUTF8();
            assertEquals(
                    sha256((prev + sha256(canonical)).getBytes(UTF_8)),
                    change.path("hash").asText());
            prev = change.path("hash").asText();
        }
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static void assertHolds(String schema, JsonNode value) {
        assertEquals(
                Set.of(),
                SCHEMAS.getSchema(SchemaLocation.of(NAMES + schema), STRICT).validate(value),
                () -> schema + " of " + value);
    }

    private static Set<Long> numbers(List<ConsumerRecord<String, String>> records, String topic, String list)
            throws Exception {
        Set<Long> numbers = new TreeSet<>();
        for (ConsumerRecord<String, String> record : records) {
            if (record.topic().equals(topic) && list.equals(record.key())) {
                numbers.add(Api.JSON.readTree(record.value()).at("/data/seq").asLong());
            }
        }
        return numbers;
    }

    private static Set<String> types(List<ConsumerRecord<String, String>> records, String topic, String list)
            throws Exception {
        Set<String> types = new TreeSet<>();
        for (ConsumerRecord<String, String> record : records) {
            if (record.topic().equals(topic) && list.equals(record.key())) {
                types.add(Api.JSON.readTree(record.value()).path("type").asText());
            }
        }
        return types;
    }
}
