package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Integrators change what happens while everything runs, see it happen, and cannot break what they did not touch. */
@ExtendWith(Stack.class)
@Tag("FR-012")
class YamlIT {
    private static final Path RULES = Stack.DSL_YAML.resolve("routes/task/new-task-rules.camel.yaml");
    private static final Path REDACT = Stack.DSL_YAML.resolve("routes/audit/redact.camel.yaml");
    private static final Path NEW = Stack.DSL_YAML.resolve("routes/reminder/yaml-it.camel.yaml");
    private static final Path BAD = Stack.DSL_YAML.resolve("routes/audit/bad.camel.yaml");
    /** The promised time for a saved file; a few may be late on a busy machine. */
    private static final Duration PROMISED = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SWAPS = 15;

    private static String rules(String title) {
        return """
                - route:
                    id: task.hook.new-task-rules
                    from:
                      uri: direct:new-task-rules
                      steps:
                        - setBody:
                            constant: '{"title":"%s"}'
                """.formatted(title);
    }

    private static String log(String mark) {
        return onCreated("""
                - log:
                    message: "%s <${header.ce-subject}>"
                """.formatted(mark));
    }

    /** As {@link #log}, of one event in five: a file writes at most 100 lines a second. */
    private static String logSome(String mark) {
        return onCreated("""
                - filter:
                    simple: "${header.ce-subject} endsWith '0' || ${header.ce-subject} endsWith '5'"
                    steps:
                      - log:
                          message: "%s <${header.ce-subject}>"
                """.formatted(mark));
    }

    private static String onCreated(String steps) {
        return """
                - route:
                    id: reminder.hook.yaml-it
                    from:
                      uri: kamelet:dapr-event-source
                      parameters:
                        topic: task-events
                        type: task.created
                      steps:
                """ + steps.indent(8);
    }

    @AfterEach
    void asItWas() throws Exception {
        Files.deleteIfExists(NEW);
        Files.deleteIfExists(BAD);
        for (Path file : List.of(RULES, REDACT)) {
            Files.copy(Stack.OURS.resolve(Stack.DSL_YAML.relativize(file)), file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** How often a line of the log says so. */
    private static long said(String words) throws Exception {
        return Files.readString(Stack.DATA.resolve("logs/reminder.log"))
                .lines()
                .filter(line -> line.contains(words))
                .count();
    }

    /** Writes the new file and waits until it is in force. */
    private static void put(String text) throws Exception {
        long before = said("yaml-it.camel.yaml is in force");
        Files.writeString(NEW, text);
        Stack.await("in force", PATIENCE, () -> said("yaml-it.camel.yaml is in force") > before);
    }

    /** The tasks that a route has logged. */
    private static Set<String> logged(String mark) throws Exception {
        Set<String> tasks = new TreeSet<>();
        Matcher line = Pattern.compile(Pattern.quote(mark) + " <([^>]*)>")
                .matcher(Files.readString(Stack.DATA.resolve("logs/reminder.log")));
        while (line.find()) {
            tasks.add(line.group(1));
        }
        return tasks;
    }

    private static String created(Person alice, String title) throws Exception {
        return alice.api()
                .post("/api/tasks", Map.of("title", title))
                .with(201)
                .path("title")
                .asText();
    }

    private static JsonNode health(String service) throws Exception {
        Api origin = Api.ofService(service);
        JsonNode health = origin.get("/q/health").with(200);
        for (JsonNode check : health.path("checks")) {
            if (check.path("name").asText().equals("dsl-yaml")) {
                assertEquals("UP", check.path("status").asText());
                return check.path("data");
            }
        }
        throw new AssertionError("no check dsl-yaml: " + health);
    }

    /** As the contract prints it. */
    private static final String URGENT_TO_WEBHOOK = """
            - route:
                id: reminder.hook.urgent-to-webhook
                description: Urgent tasks to the team's webhook
                from:
                  uri: kamelet:dapr-event-source
                  parameters:
                    topic: task-events
                    type: task.created
                  steps:
                    - filter:
                        jsonpath:
                          expression: $.task[?(@.priority == 'urgent')]
                        steps:
                          - to:
                              uri: kamelet:webhook-sink
                              parameters:
                                url: http://localhost:9999/hook
            """;

    @Test
    void theContractsExampleDoesWhatItSaysAndTriesAgain() throws Exception {
        Person alice = Person.like("alice");
        List<String> posted = new CopyOnWriteArrayList<>();
        Set<String> deliveries = new ConcurrentSkipListSet<>();
        HttpServer server = HttpServer.create(new InetSocketAddress("localhost", 9999), 0);
        server.createContext("/hook", exchange -> {
            posted.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            deliveries.add(exchange.getRequestHeaders().getFirst("X-Sandglass-Delivery"));
            exchange.sendResponseHeaders(posted.size() == 1 ? 500 : 204, -1);
            exchange.close();
        });
        server.start();
        try {
            put(URGENT_TO_WEBHOOK);
            alice.api().post("/api/tasks", Map.of("title", "later")).with(201);
            String task = alice.api()
                    .post("/api/tasks", Map.of("title", "now", "priority", "urgent"))
                    .with(201)
                    .path("id")
                    .asText();
            Stack.await("posted twice", PATIENCE, () -> posted.size() == 2);
            for (String body : posted) {
                assertEquals(task, Api.JSON.readTree(body).at("/task/id").asText());
            }
            assertEquals(1, deliveries.size());
        } finally {
            server.stop(0);
        }
    }

    /** Milliseconds until what was just saved is in force. */
    private static long until(String what, Stack.Condition inForce) throws Exception {
        long saved = System.nanoTime();
        Stack.await(what, PATIENCE, inForce);
        return Duration.ofNanos(System.nanoTime() - saved).toMillis();
    }

    /** Most are in force in the time that is promised. */
    private static void assertPromised(List<Long> took) {
        List<Long> sorted = took.stream().sorted().toList();
        System.out.printf("%d saved files were in force after %s ms%n", took.size(), sorted);
        assertTrue(sorted.get(sorted.size() / 2) <= PROMISED.toMillis(), sorted::toString);
    }

    @Test
    void savedIsInForceWithinTwoSeconds() throws Exception {
        Person alice = Person.like("alice");
        assertEquals("mine", created(alice, "mine"));
        List<Long> took = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String title = "theirs " + i;
            Files.writeString(RULES, rules(title));
            took.add(until("changed", () -> created(alice, "mine").equals(title)));
            Files.delete(RULES);
            took.add(until("removed", () -> created(alice, "mine").equals("mine")));
            Files.writeString(RULES, rules("again"));
            took.add(until("new", () -> created(alice, "mine").equals("again")));
        }
        assertPromised(took);
    }

    @Test
    void aRuleThatMakesSomethingElseOfATaskIsPassedOver() throws Exception {
        Person alice = Person.like("alice");
        Files.writeString(RULES, rules("theirs"));
        Stack.await("changed", PATIENCE, () -> created(alice, "mine").equals("theirs"));
        Files.writeString(RULES, rules("theirs").replace("\"title\"", "\"tite\""));
        Stack.await("passed over", PATIENCE, () -> created(alice, "mine").equals("mine"));
        Files.writeString(RULES, rules("theirs").replace("'{", "'"));
        Stack.await(
                "seen",
                PATIENCE,
                () -> created(alice, "mine").equals("mine")
                        && health("task").path("direct:new-task-rules").asText().contains("no JSON"));
    }

    @Test
    void withoutRedactionNothingIsShown() throws Exception {
        Person alice = Person.like("alice");
        created(alice, "mine");
        alice.api().get("/api/audit").with(200);
        Files.delete(REDACT);
        Stack.await("withheld", PATIENCE, () -> alice.api().get("/api/audit").status() == 503);
        asItWas();
        Stack.await("shown", PATIENCE, () -> alice.api().get("/api/audit").status() == 200);
    }

    @Test
    void aNewFileIsANewRouteUntilItIsRemoved() throws Exception {
        Person alice = Person.like("alice");
        put(log("first"));
        String task = alice.api()
                .post("/api/tasks", Map.of("title", "x"))
                .with(201)
                .path("id")
                .asText();
        Stack.await("logged", PATIENCE, () -> logged("first").contains(task));
        long gone = said("yaml-it.camel.yaml is gone");
        Files.delete(NEW);
        Stack.await("gone", PATIENCE, () -> said("yaml-it.camel.yaml is gone") > gone);
        String after = alice.api()
                .post("/api/tasks", Map.of("title", "x"))
                .with(201)
                .path("id")
                .asText();
        put(log("second"));
        String last = alice.api()
                .post("/api/tasks", Map.of("title", "x"))
                .with(201)
                .path("id")
                .asText();
        Stack.await("events come", PATIENCE, () -> logged("second").contains(last));
        assertFalse(logged("first").contains(after));
    }

    @Test
    void swapsUnderLoadLoseNothing() throws Exception {
        Person alice = Person.like("alice");
        put(logSome("swap"));
        AtomicBoolean done = new AtomicBoolean();
        Set<String> made = new ConcurrentSkipListSet<>();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<Integer>> load = IntStream.range(0, 4)
                .mapToObj(i -> threads.submit(() -> {
                    int failed = 0;
                    while (!done.get()) {
                        Api.Answer answer = alice.api().post("/api/tasks", Map.of("title", "x"));
                        boolean right = answer.status() == 201
                                && answer.body().path("title").asText().matches("x|swapped .*");
                        failed += right ? 0 : 1;
                        made.add(answer.body().path("id").asText());
                    }
                    return failed;
                }))
                .toList();
        List<Long> took = new ArrayList<>();
        for (int i = 0; i < SWAPS; i++) {
            String title = "swapped " + i;
            Files.writeString(RULES, rules(title));
            Files.writeString(NEW, "# " + i + "\n" + logSome("swap"));
            took.add(until("swap " + i, () -> created(alice, "x").equals(title)));
        }
        done.set(true);
        for (Future<Integer> failed : load) {
            assertEquals(0, failed.get());
        }
        threads.shutdown();
        System.out.printf("%d tasks were made during %d swaps%n", made.size(), SWAPS);
        made.removeIf(task -> !task.matches(".*[05]"));
        Stack.await("every event", PATIENCE, () -> logged("swap").containsAll(made));
        assertPromised(took);
    }

    @Test
    @Tag("FR-015")
    void aBadFileIsNamedWithLineAndReasonAndTheFormerGoesOn() throws Exception {
        Person alice = Person.like("alice");
        Map<String, String> wrong = Map.of(
                "- route:\n    id: [",
                "line 2: no YAML",
                rules("x").replace("direct:new-task-rules", "file:/etc"),
                "line 4: the component file",
                rules("x").replace("setBody", "bean"),
                "line 6: the step bean",
                log("x").replace("topic:", "tropic:"),
                "line 6: dapr-event-source has no parameter tropic",
                log("x").replace("task-events", "task-updates"),
                "line 6: audit is not given the topic task-updates",
                rules("{{hook.missing}}").replace("new-task-rules", "redact"),
                "the setting hook.missing is missing");
        // As ./run check says it: the later file by name, though it is the one in force.
        Files.writeString(BAD, Files.readString(REDACT));
        Stack.await(
                "the same id in two files",
                PATIENCE,
                () -> health("audit")
                                .path(REDACT.getFileName().toString())
                                .asText()
                                .contains("the id audit.hook.redact is there already, in bad.camel.yaml")
                        && health("audit").path("bad.camel.yaml").asText().endsWith("one of them can be in force"));
        for (Map.Entry<String, String> one : wrong.entrySet()) {
            Files.writeString(BAD, one.getKey());
            Stack.await(
                    one.getValue(),
                    PATIENCE,
                    () -> health("audit").path("bad.camel.yaml").asText().contains(one.getValue()));
            alice.api().get("/api/audit").with(200);
        }
        String log = Files.readString(Stack.DATA.resolve("logs/audit.log"));
        assertTrue(log.contains("bad.camel.yaml:6: the step bean"));
        String metrics = Api.CLIENT
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:"
                                        + Stack.part("audit").path("port").asInt() + "/q/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        assertTrue(metrics.contains("sandglass_yaml_refused 1.0"), metrics);
        Files.delete(BAD);
        Stack.await("mended", PATIENCE, () -> !health("audit").has("bad.camel.yaml"));
    }
}
