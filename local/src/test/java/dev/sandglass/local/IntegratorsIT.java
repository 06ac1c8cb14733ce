package dev.sandglass.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples against what they are for: HTTP servers and a mail server that are none of ours, by way of Dapr. */
@ExtendWith(Stack.class)
@Tag("FR-004")
@Tag("FR-010")
@Tag(Stack.BESIDE_ANOTHER)
class IntegratorsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration IN_FORCE = Duration.ofSeconds(10);
    private static final Duration DELIVERED = Duration.ofSeconds(30);

    private final List<Path> files = new ArrayList<>();

    @AfterEach
    void takeTheFilesAway() throws IOException {
        for (Path file : files) {
            Path former = file.resolveSibling(file.getFileName() + ".former");
            if (Files.exists(former)) {
                Files.move(former, file, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.delete(file);
            }
        }
    }

    @Test
    void urgentTasksArePostedSignedAndTriedAgainUntilTheyAreTaken() throws Exception {
        try (ForeignServer team = new ForeignServer(number -> number == 0 ? 503 : 204)) {
            use(
                    "reminder/urgent-to-webhook",
                    "urgent-to-webhook",
                    text -> text.replace("http://localhost:9999", team.address()));
            Person alice = Person.like("alice");
            String list = alice.list("editor");
            String task = alice.task(list, "Call the \"bank\" – now", "priority", "urgent")
                    .path("id")
                    .asText();
            alice.task(list, "Sweep", "priority", "low");

            Stack.await("the second try", DELIVERED, () -> of(team, task).size() >= 2);
            List<ForeignServer.Post> tries = of(team, task);
            assertEquals("/hook", tries.get(1).path());
            assertEquals(
                    "Call the \"bank\" – now",
                    tries.get(1).json().at("/task/title").asText());
            assertEquals(
                    tries.get(0).header("X-Sandglass-Delivery"), tries.get(1).header("X-Sandglass-Delivery"));
            UUID.fromString(tries.get(0).header("X-Sandglass-Delivery"));
            for (ForeignServer.Post post : team.posts) {
                assertEquals(signature(post.body()), post.header("X-Sandglass-Signature"));
                assertEquals("application/json", post.header("Content-Type"));
                assertEquals(null, post.header("dapr-api-token"), "the sidecar's token stays here");
                assertEquals("urgent", post.json().at("/task/priority").asText());
            }
            String log = Files.readString(Stack.DATA.resolve("logs/reminder.log"));
            String delivery = tries.get(0).header("X-Sandglass-Delivery");
            assertTrue(log.contains(delivery), "the delivery log");
            assertFalse(log.contains(secret()), "the secret is in no log");
        }
    }

    @Test
    @Tag("FR-007")
    void theAuditIsExportedWithoutWhatDescriptionsSay() throws Exception {
        try (ForeignServer archive = new ForeignServer(number -> 200)) {
            use(
                    "audit/export",
                    "export",
                    text -> text.replace("http://localhost:9999", archive.address())
                            .replace("archive-token", "webhook-key"));
            Person alice = Person.like("alice");
            String list = alice.list("editor");
            String task = alice.task(list, "Diary", "description", "very private")
                    .path("id")
                    .asText();

            Stack.await("the export", DELIVERED, () -> !of(archive, task).isEmpty());
            ForeignServer.Post post = of(archive, task).get(0);
            assertEquals("Bearer " + secret(), post.header("Authorization"));
            assertEquals("Diary", post.json().at("/task/title").asText());
            assertFalse(new String(post.body(), UTF_8).contains("private"));
        }
    }

    @Test
    @Tag("FR-013")
    void aForeignWebhookBecomesOneTaskAndOnlyWithItsSignature() throws Exception {
        Person alice = Person.like("alice");
        alice.api().get("/api/me").with(200);
        use(
                "task/from-webhook",
                "from-webhook",
                text -> text.replace("user: alice", "user: " + alice.name()).replace("shop-key", "webhook-key"));
        String order = "{\"order\":{\"id\":\"A-17\",\"note\":\"say \\\"hello\\\" – bitte\"}}";
        Stack.await("the door", IN_FORCE, () -> post(order, "sha256=00").statusCode() == 401);

        String signature = signature(order.getBytes(UTF_8));
        Stack.await("the task", DELIVERED, () -> post(order, signature).statusCode() == 204);
        assertEquals(204, post(order, signature).statusCode());
        assertEquals(401, post(order + " ", signature).statusCode());
        JsonNode found = alice.api().get("/api/tasks").with(200);
        assertEquals(1, found.path("total").asInt(), found::toString);
        JsonNode task = found.at("/tasks/0");
        assertEquals("Ship order A-17", task.path("title").asText());
        assertEquals("say \"hello\" – bitte", task.path("description").asText());
        assertEquals("high", task.path("priority").asText());
    }

    @Test
    @Tag("FR-012")
    void anAddressIsCalledAsItIsWritten() throws Exception {
        try (ForeignServer team = new ForeignServer(number -> 204)) {
            use(
                    "reminder/urgent-to-webhook",
                    "urgent-to-webhook",
                    text -> text.replace(
                            "url: http://localhost:9999/hook",
                            "url: '" + team.address()
                                    + "/a b/{{c}}/d%2F%23%?x=1&secret=a&e=b&q=c%20d+e#f&RAW(x)|\"${header.x}\"'"));
            Person alice = Person.like("alice");
            String task = alice.task(alice.list("editor"), "Call", "priority", "urgent")
                    .path("id")
                    .asText();
            Stack.await("the post", DELIVERED, () -> !of(team, task).isEmpty());
            assertEquals(
                    "/a%20b/%7B%7Bc%7D%7D/d%2F%23%25?x=1&secret=a&e=b&q=c%20d+e%23f&RAW(x)%7C%22$%7Bheader.x%7D%22",
                    of(team, task).get(0).path());
        }
    }

    @Test
    @Tag("FR-013")
    void aUserIsWhoIsNamedWhateverTheName() throws Exception {
        try (ForeignServer team = new ForeignServer(number -> 204)) {
            String user = "auth0|a/b ?&%#" + UUID.randomUUID();
            use(
                    "task/from-webhook",
                    "from-webhook",
                    text -> text.replace("user: alice", "user: '" + user + "'").replace("shop-key", "webhook-key")
                            + """
                                    - to:
                                        uri: kamelet:find-tasks-action
                                        parameters:
                                          user: '%s'
                                    - to:
                                        uri: kamelet:webhook-sink
                                        parameters:
                                          url: %s/found
                            """.formatted(user, team.address()));
            String order = "{\"order\":{\"id\":\"B-18\",\"note\":\"" + user + "\"}}";
            String signature = signature(order.getBytes(UTF_8));
            Stack.await("the task", DELIVERED, () -> post(order, signature).statusCode() == 204);
            JsonNode found = team.posts.get(team.posts.size() - 1).json();
            assertEquals(1, found.path("total").asInt(), found::toString);
            assertEquals("Ship order B-18", found.at("/tasks/0/title").asText());
            assertEquals(user, found.at("/tasks/0/createdBy").asText());
        }
    }

    @Test
    @Tag("FR-008")
    void aRuleHoldsForEachOfTwoHundredNewTasksAtOnce() throws Exception {
        use("task/tag-by-keyword", "new-task-rules", text -> text);
        Person alice = Person.like("alice");
        String list = alice.list("editor");
        Stack.await(
                "a tag",
                IN_FORCE,
                () -> alice.task(list, "Pay the BILL").path("tags").size() == 1);
        List<Api.Answer> answers = Person.atOnce(
                200,
                number -> () -> alice.api().post("/api/tasks", Map.of("list", list, "title", "Pay bill " + number)));
        long made = answers.stream().filter(answer -> answer.status() == 201).count();
        System.out.println("of 200 new tasks at once " + made + " were made, with the rule");
        assertTrue(made > 0);
        for (Api.Answer answer : answers) {
            assertTrue(
                    answer.status() == 201 || answer.status() == 429,
                    () -> answer.body().toString());
            assertTrue(
                    answer.status() == 429 || answer.body().path("tags").equals(JSON.valueToTree(List.of("money"))),
                    () -> answer.body().toString());
        }
    }

    @Test
    @Tag("FR-008")
    void newTasksAreTaggedByWhatTheySpeakOf() throws Exception {
        use("task/tag-by-keyword", "new-task-rules", text -> text);
        Person alice = Person.like("alice");
        String list = alice.list("editor");
        Stack.await(
                "a tag",
                IN_FORCE,
                () -> alice.task(list, "Pay the phone BILL", "tags", List.of("home"))
                        .path("tags")
                        .equals(JSON.valueToTree(List.of("home", "money"))));
    }

    @Test
    @Tag("FR-009")
    void whatIsDueTodayIsInOneMailToARealMailServer() throws Exception {
        Person alice = Person.like("alice");
        String list = alice.list("editor");
        alice.task(list, "Pay <rent>", "due", "2020-01-31");
        alice.task(list, "Not today", "due", "2999-01-31");
        try (MailServer mail = new MailServer(2525 + Stack.OFFSET)) {
            LocalTime now = LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES);
            String to = alice.name() + "@example.com";
            use(
                    "reminder/morning-digest",
                    "morning-digest",
                    text -> text.replace("Europe/Warsaw", "UTC")
                            .replace("\"07:00\"", "\"" + now + "\"")
                            .replace("name: morning-digest", "name: " + alice.name())
                            .replace("alice@example.com", to)
                            .replace("user: alice", "user: " + alice.name()));
            Stack.await("the mail", Duration.ofSeconds(60), () -> mail.of(to).contains("Subject: Due today: 1"));
            String message = mail.of(to);
            assertTrue(message.contains("- Pay &lt;rent&gt;"), message);
            assertFalse(message.contains("Not today"), message);
            assertTrue(message.contains("From: sandglass@localhost"), message);
        }
    }

    /** Puts an example in force, changed for this test. */
    private void use(String example, String as, UnaryOperator<String> change) throws Exception {
        String text = Files.readString(Stack.OURS.resolve("examples").resolve(example + ".camel.yaml"));
        Path folder = Stack.DSL_YAML.resolve("routes").resolve(example.split("/")[0]);
        Path file = folder.resolve(as + ".camel.yaml");
        if (Files.exists(file)) {
            Files.copy(file, file.resolveSibling(file.getFileName() + ".former"));
        }
        files.add(file);
        String service = example.split("/")[0];
        int before = taken(service, file);
        // The same text as before would not be taken up once more.
        Files.writeString(file, change.apply(text) + "# " + UUID.randomUUID() + "\n");
        Stack.await(file + " in force", IN_FORCE, () -> taken(service, file) > before);
    }

    /** How often a file was taken up: events before that are not its routes' own. */
    private static int taken(String service, Path file) throws IOException {
        String log = Files.readString(Stack.DATA.resolve("logs/" + service + ".log"));
        return log.split(Pattern.quote(file.getFileName() + " is in force"), -1).length;
    }

    private static List<ForeignServer.Post> of(ForeignServer server, String task) {
        return server.posts.stream()
                .filter(post -> post.json().at("/task/id").asText().equals(task))
                .toList();
    }

    private static HttpResponse<String> post(String body, String signature) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(Stack.PAGE + "/hooks/in/shop"))
                                .header("Content-Type", "application/json")
                                .header("X-Hub-Signature-256", signature)
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static String secret() throws IOException {
        return Stack.secret("webhook-key");
    }

    private static String signature(byte[] body) throws Exception {
        return ForeignServer.signature(secret(), body);
    }
}
