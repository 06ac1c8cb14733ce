package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Messages nobody can handle, really on Kafka: kept with their reason, in one place, and in nobody's way. */
@ExtendWith(Stack.class)
@Tag("FR-012")
@Tag(Stack.BESIDE_ANOTHER)
class DeadLettersIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String PATH = "/api/ops/dead-letters";
    private static final List<String> SERVICES = List.of("task", "recurrence", "reminder", "audit", "sync");
    /** The services that take each topic. */
    private static final Map<String, List<String>> TAKERS = Map.of(
            "task-events", List.of("audit", "recurrence", "reminder"),
            "task-updates", List.of("sync"),
            "reminders", List.of("sync"));

    private static final Map<String, String> WANTED = Map.of(
            "task-events", "task.completed",
            "task-updates", "task.completed",
            "reminders", "reminder.due");

    /** Is in every message of this test, and in no other. */
    private final String mark = UUID.randomUUID().toString();

    private Api operator;

    @BeforeEach
    void signIn() throws Exception {
        operator = Api.as("olga", Stack.PAGE, "operator");
    }

    @AfterEach
    void dismissOurs() throws Exception {
        for (JsonNode letter : ours()) {
            operator.delete(PATH + "/" + letter.path("id").asText()).with(204);
        }
    }

    @Test
    void aPoisonMessageOnAnyTopicIsSeenWithItsReasonIsCountedAndHoldsUpNobody() throws Exception {
        Person alice = Person.like("alice");
        String list = alice.list("editor");
        Set<String> expected = new HashSet<>();
        TAKERS.forEach((topic, services) -> {
            // First an event that Dapr cannot read, then one that the service cannot: both become letters.
            publish(topic, list, junk());
            publish(topic, list, event(topic));
            services.forEach(service -> {
                expected.add(service + " " + topic + " null");
                expected.add(service + " " + topic + " " + mark);
            });
        });
        String rent = alice.task(list, "rent", "due", "2030-01-31T09:00:00", "recurrence", "monthly")
                .path("id")
                .asText();
        alice.api().post("/api/tasks/" + rent + "/complete", null).with(200);

        Stack.await("the dead letters", SOON, () -> {
            Set<String> found = new HashSet<>();
            ours().forEach(letter -> found.add(letter.path("service").asText() + " "
                    + letter.path("source").asText() + " "
                    + letter.path("eventId").asText()));
            return found.equals(expected);
        });
        for (JsonNode letter : ours()) {
            assertFalse(letter.path("why").asText().isBlank());
            assertTrue(Instant.parse(letter.path("at").asText())
                    .isAfter(Instant.now().minusSeconds(120)));
            if (letter.path("eventId").isNull()) {
                assertEquals(junk(), letter.path("event").asText(), "as it came");
            }
        }
        // Five subscriptions of integrators' could not read it either: that is not five letters more.
        Stack.await(
                "the copies",
                SOON,
                () -> ours().stream()
                                .filter(letter -> letter.path("tries").asInt() == 1 + SERVICES.size())
                                .map(letter -> letter.path("service").asText() + " "
                                        + letter.path("source").asText())
                                .collect(Collectors.toSet())
                                .equals(Set.of("audit task-events", "sync reminders"))
                        && ours().size() == expected.size());

        Stack.await(
                "the next occurrence",
                SOON,
                () -> alice.api()
                                .get("/api/tasks?status=open&list=" + list)
                                .with(200)
                                .path("total")
                                .asInt()
                        == 1);
        Stack.await("every change in the audit", SOON, () -> alice.verified(list));

        JsonNode counts = operator.get(PATH).with(200).path("counts");
        for (String service : SERVICES) {
            Stack.await("the metric of " + service, SOON, () -> metrics(service).equals(counts(counts.path(service))));
        }
        assertTrue(counts.path("sync").path("reminders").asInt() >= 2, counts::toString);
    }

    @Test
    void whatFailsAgainStaysAndWhatIsTakenIsGone() throws Exception {
        Person alice = Person.like("alice");
        String list = alice.list("editor");
        alice.task(list, mark);
        publish("reminders", list, event("reminders"));
        // As Dapr would leave an event it gave up: a true change that was not brought to sync.
        JsonNode change = alice.changes(list, 1).get(0);
        assertEquals(mark, change.path("task").path("title").asText());
        publish(
                "sync-task-updates-dead-letters",
                list,
                Api.JSON.writeValueAsString(Map.of(
                        "specversion", "1.0", "id", mark, "source", "test", "type", "task.created", "data", change)));
        Stack.await("the dead letters", SOON, () -> ours().size() == 2);
        JsonNode bad = of("reminders");
        JsonNode good = of("task-updates");

        JsonNode again = operator.post(PATH + "/" + id(bad) + "/resend", null).with(200);
        assertEquals(0, again.path("sent").asInt());
        assertEquals(1, again.path("failed").asInt());
        assertEquals(2, of("reminders").path("tries").asInt());
        assertEquals(id(bad), id(of("reminders")), "it is the same letter");

        assertEquals(
                1,
                operator.post(PATH + "/" + id(good) + "/resend", null)
                        .with(200)
                        .path("sent")
                        .asInt());
        assertEquals(1, ours().size());
        operator.post(PATH + "/" + id(good) + "/resend", null).with(404);

        JsonNode all = operator.post(PATH + "/resend?service=sync&source=reminders", null)
                .with(200);
        assertTrue(all.path("failed").asInt() >= 1, all::toString);
        assertEquals(3, of("reminders").path("tries").asInt());
        assertEquals(
                0,
                operator.post(PATH + "/resend?service=task", null)
                        .with(200)
                        .path("failed")
                        .asInt());

        operator.delete(PATH + "/" + id(bad)).with(204);
        operator.delete(PATH + "/" + id(bad)).with(204);
        assertEquals(List.of(), ours());
    }

    /** The broker is set to less than it usually takes, and back. */
    @Test
    void anEventTooLargeForTheBrokerIsSeenItsListGoesOnAndItGoesOutOnceTheBrokerTakesIt() throws Exception {
        Person alice = Person.like("alice");
        String list = alice.list("editor");
        largest("task-events", 20_000);
        try {
            alice.task(list, mark, "description", "x".repeat(16_000));
            alice.task(list, "small");
            Stack.await("the dead letter", SOON, () -> ours().size() == 1);
            JsonNode letter = ours().get(0);
            assertEquals(
                    "task task-events",
                    letter.path("service").asText() + " "
                            + letter.path("source").asText());
            assertTrue(letter.path("why").asText().contains("too large"), letter::toString);
            Stack.await(
                    "the list's other changes on Kafka",
                    SOON,
                    () -> Topic.numbers("task-events", list).equals(Set.of(1L, 3L)));
            Stack.await("the audit, which reads what it missed from the ledger", SOON, () -> alice.verified(list));
            assertEquals(
                    1,
                    operator.post(PATH + "/" + id(letter) + "/resend", null)
                            .with(200)
                            .path("failed")
                            .asInt());
        } finally {
            largest("task-events", 1_048_588);
        }
        Stack.await(
                "it is taken",
                SOON,
                () -> operator.post(PATH + "/resend?service=task", null)
                                        .with(200)
                                        .path("failed")
                                        .asInt()
                                == 0
                        && ours().isEmpty());
        assertEquals(Set.of(1L, 2L, 3L), Topic.numbers("task-events", list));
    }

    private static void largest(String topic, int bytes) throws Exception {
        try (Admin kafka = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + (19092 + Stack.OFFSET)))) {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            AlterConfigOp set = new AlterConfigOp(
                    new ConfigEntry("max.message.bytes", Integer.toString(bytes)), AlterConfigOp.OpType.SET);
            kafka.incrementalAlterConfigs(Map.of(resource, List.of(set))).all().get();
        }
    }

    @Test
    void theCommandShowsThemSendsThemAgainAndDropsThem() throws Exception {
        publish("task-updates", mark, event("task-updates"));
        Stack.await("the dead letter", SOON, () -> ours().size() == 1);
        String id = id(ours().get(0));
        String shown = Stack.run("dead-letters").mustSucceed().out();
        assertTrue(shown.contains(id) && shown.contains("not a change frame") && shown.contains(mark), shown);
        assertEquals(1, Stack.run("dead-letters", "resend", id).code());
        assertEquals(1, Stack.run("dead-letters", "resend", "all").code());
        Stack.run("dead-letters", "dismiss", id).mustSucceed();
        assertFalse(Stack.run("dead-letters").mustSucceed().out().contains(mark));
        assertTrue(Stack.run("dead-letters", "resend", id).err().contains("no such dead letter"));
        assertEquals(1, Stack.run("dead-letters", "burn").code());
    }

    @Test
    void pagesShowEachOnceNewestFirst() throws Exception {
        for (int i = 0; i < 4; i++) {
            publish("task-events", mark + i, junk() + i);
            publish("reminders", mark + i, junk() + i);
        }
        Stack.await("the dead letters", SOON, () -> ours().size() == 16);
        List<String> ids = new ArrayList<>();
        String cursor = "";
        JsonNode page;
        do {
            page = operator.get(PATH + "?limit=3" + cursor).with(200);
            page.path("deadLetters").forEach(letter -> ids.add(id(letter)));
            cursor = "&cursor=" + page.path("next").asText();
        } while (page.hasNonNull("next"));
        assertEquals(ids.size(), new HashSet<>(ids).size(), "none twice");
        assertTrue(ids.containsAll(ours().stream().map(DeadLettersIT::id).toList()));
        Map<String, Integer> last = new HashMap<>();
        for (String id : ids) {
            int n = Integer.parseInt(id.split("\\.")[1]);
            assertTrue(last.merge(id.split("\\.")[0], n, (before, now) -> now < before ? now : -1) >= 0, ids::toString);
        }
    }

    @Test
    void aServiceThatIsAwayIsNamedAndTheOthersAreThere() throws Exception {
        publish("reminders", mark, junk());
        Stack.await("the dead letter", SOON, () -> ours().size() == 1);
        Stack.stop("audit");
        try {
            JsonNode seen = operator.get(PATH).with(200);
            assertEquals("[\"audit\"]", seen.path("away").toString());
            assertTrue(seen.path("deadLetters").toString().contains(mark));
            assertEquals(
                    "[\"audit\"]",
                    operator.post(PATH + "/resend?source=none", null)
                            .with(200)
                            .path("away")
                            .toString());
            operator.delete(PATH + "/audit.1").with(503);
        } finally {
            Stack.start("audit");
        }
        // Its sidecar finds that out a moment later, and the next test may ask for it at once.
        Stack.await(
                "audit is there again",
                SOON,
                () -> operator.get(PATH).with(200).path("away").isEmpty());
    }

    @Test
    @Tag("FR-010")
    void theyAreForOperatorsOnly() throws Exception {
        Person alice = Person.like("alice");
        for (Api.Answer answer : List.of(
                alice.api().get(PATH),
                alice.api().get(PATH + "?service=audit&limit=3"),
                alice.api().post(PATH + "/resend", null),
                alice.api().post(PATH + "/audit.1/resend", null),
                alice.api().delete(PATH + "/audit.1"),
                alice.api().get("/api/ops/anything"))) {
            answer.with(403);
        }
        new Api(Stack.PAGE, "").get(PATH).with(401);
        operator.get("/api/ops/anything").with(404);
        operator.post(PATH + "/audit.999999999/resend", null).with(404);
        operator.post(PATH + "/kafka.1/resend", null).with(404);
        operator.delete(PATH + "/nonsense").with(404);
        for (String wrong : List.of("limit=0", "service=kafka", "cursor=1_2", "nope=1", "source=")) {
            operator.get(PATH + "?" + wrong).with(422);
        }
    }

    // ---------------------------------------------------------------- In an operator's words

    private List<JsonNode> ours() throws Exception {
        return StreamSupport.stream(
                        operator.get(PATH + "?limit=500")
                                .with(200)
                                .path("deadLetters")
                                .spliterator(),
                        false)
                .filter(letter -> letter.path("event").asText().contains(mark))
                .toList();
    }

    private JsonNode of(String source) throws Exception {
        return ours().stream()
                .filter(letter -> letter.path("source").asText().equals(source))
                .findFirst()
                .orElseThrow();
    }

    private static String id(JsonNode letter) {
        return letter.path("id").asText();
    }

    private String junk() {
        return "no JSON " + mark;
    }

    /** A CloudEvent whose data says nothing. */
    private String event(String topic) {
        return "{\"specversion\":\"1.0\",\"id\":\"" + mark + "\",\"source\":\"test\",\"type\":\"" + WANTED.get(topic)
                + "\",\"datacontenttype\":\"application/json\",\"data\":{\"rule\":{},\"task\":{\"recurrence\":\"daily\"}}}";
    }

    private static void publish(String topic, String key, String message) {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", "127.0.0.1:" + (19092 + Stack.OFFSET)),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, key, message));
        }
    }

    /** Source to number, as the service's metrics say. */
    private static Map<String, Integer> metrics(String service) throws Exception {
        Map<String, Integer> found = new HashMap<>();
        String port = Stack.part(service).path("port").asText();
        for (String line : text(port).split("\n")) {
            if (line.startsWith("sandglass_dead_letters{")) {
                String source = line.replaceAll(".*source=\"([^\"]*)\".*", "$1");
                found.put(source, (int) Double.parseDouble(line.substring(line.lastIndexOf(' '))));
            }
        }
        return found;
    }

    private static String text(String port) throws Exception {
        return Api.CLIENT
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/q/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static Map<String, Integer> counts(JsonNode counts) {
        Map<String, Integer> found = new HashMap<>();
        counts.properties()
                .forEach(count -> found.put(count.getKey(), count.getValue().asInt()));
        return found;
    }
}
