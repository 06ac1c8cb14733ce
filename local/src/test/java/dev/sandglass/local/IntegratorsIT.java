package dev.sandglass.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
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
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples against what they are for: HTTP servers and a mail server that are none of ours, by way of Dapr. */
@ExtendWith(Stack.class)
@Tag("FR-004")
@Tag("FR-010")
class IntegratorsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration IN_FORCE = Duration.ofSeconds(10);
    private static final Duration DELIVERED = Duration.ofSeconds(30);

    private final List<Path> files = new ArrayList<>();

    /** A request that a server got. */
    private record Post(String path, Map<String, List<String>> headers, byte[] body) {
        String header(String name) {
            List<String> values = headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(List.of());
            return values.isEmpty() ? null : values.get(0);
        }

        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A server of somebody else. */
    private static final class Server implements AutoCloseable {
        final List<Post> posts = new CopyOnWriteArrayList<>();
        private final HttpServer http;

        /** @param status of the n-th answer, from 0 */
        Server(IntUnaryOperator status) throws IOException {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            http.createContext("/", exchange -> {
                byte[] body = exchange.getRequestBody().readAllBytes();
                int number = posts.size();
                posts.add(
                        new Post(exchange.getRequestURI().toString(), Map.copyOf(exchange.getRequestHeaders()), body));
                exchange.sendResponseHeaders(status.applyAsInt(number), -1);
                exchange.close();
            });
            http.start();
        }

        String address() {
            return "http://localhost:" + http.getAddress().getPort();
        }

        @Override
        public void close() {
            http.stop(0);
        }
    }

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
        try (Server team = new Server(number -> number == 0 ? 503 : 204)) {
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
            List<Post> tries = of(team, task);
            assertEquals("/hook", tries.get(1).path());
            assertEquals(
                    "Call the \"bank\" – now",
                    tries.get(1).json().at("/task/title").asText());
            assertEquals(
                    tries.get(0).header("X-Sandglass-Delivery"), tries.get(1).header("X-Sandglass-Delivery"));
            UUID.fromString(tries.get(0).header("X-Sandglass-Delivery"));
            for (Post post : team.posts) {
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
        try (Server archive = new Server(number -> 200)) {
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
            Post post = of(archive, task).get(0);
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
        try (Server team = new Server(number -> 204)) {
            use(
                    "reminder/urgent-to-webhook",
                    "urgent-to-webhook",
                    text -> text.replace(
                            "url: http://localhost:9999/hook",
                            "url: '" + team.address()
                                    + "/a b/{{c}}?x=1&secret=a&e=b&q=c%20d+e#f&RAW(x)|\"${header.x}\"'"));
            Person alice = Person.like("alice");
            String task = alice.task(alice.list("editor"), "Call", "priority", "urgent")
                    .path("id")
                    .asText();
            Stack.await("the post", DELIVERED, () -> !of(team, task).isEmpty());
            assertEquals(
                    "/a%20b/%7B%7Bc%7D%7D?x=1&secret=a&e=b&q=c%20d+e%23f&RAW(x)%7C%22$%7Bheader.x%7D%22",
                    of(team, task).get(0).path());
        }
    }

    @Test
    @Tag("FR-013")
    void aUserIsWhoIsNamedWhateverTheName() throws Exception {
        try (Server team = new Server(number -> 204)) {
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
        try (MailServer mail = new MailServer()) {
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

    /** GreenMail, a mail server in a process of its own: it takes mail by SMTP and gives it out by POP3. */
    private static final class MailServer implements AutoCloseable {
        private final Process process;
        private final int pop3 = Ports.free();

        MailServer() throws Exception {
            int smtp = 2525 + Stack.OFFSET;
            process = new ProcessBuilder(
                            Host.java(),
                            "-Xmx64m",
                            "-Dgreenmail.smtp.hostname=127.0.0.1",
                            "-Dgreenmail.smtp.port=" + smtp,
                            "-Dgreenmail.pop3.hostname=127.0.0.1",
                            "-Dgreenmail.pop3.port=" + pop3,
                            "-Dgreenmail.api.hostname=127.0.0.1",
                            "-Dgreenmail.api.port=" + Ports.free(),
                            "-jar",
                            Stack.DATA.resolveSibling("mail/mail-server.jar").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(
                            Stack.DATA.resolveSibling("mail/mail-server.log").toFile())
                    .start();
            Stack.await("the mail server", Duration.ofSeconds(30), () -> {
                try (Socket smtpSocket = new Socket("127.0.0.1", smtp);
                        Socket pop3Socket = new Socket("127.0.0.1", pop3)) {
                    return smtpSocket.isConnected() && pop3Socket.isConnected();
                } catch (IOException e) {
                    return false;
                }
            });
        }

        /** The first message of somebody, empty where there is none. Users are made by mail to them, their password their address. */
        String of(String user) throws IOException {
            try (Socket socket = new Socket("127.0.0.1", pop3);
                    BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
                in.readLine();
                for (String command : List.of("USER " + user, "PASS " + user, "RETR 1")) {
                    socket.getOutputStream().write((command + "\r\n").getBytes(UTF_8));
                    if (!String.valueOf(in.readLine()).startsWith("+OK")) {
                        return "";
                    }
                }
                StringBuilder message = new StringBuilder();
                for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
                    message.append(line).append('\n');
                }
                return message.toString();
            }
        }

        @Override
        public void close() {
            process.destroy();
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

    private static List<Post> of(Server server, String task) {
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
        return JSON.readTree(Stack.DATA.resolve("secrets.json").toFile())
                .path("webhook-key")
                .asText();
    }

    private static String signature(byte[] body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret().getBytes(UTF_8), "HmacSHA256"));
        return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
    }
}
