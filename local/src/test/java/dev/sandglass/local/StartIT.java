package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Parts that start before, or without, the parts they need. It has its own stack, with a daprd in which each component fails once
 * ({@code src/test/sh/daprd}).
 */
@Tag("FR-012")
@Tag(Stack.BESIDE_ANOTHER)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StartIT {
    /** Beside the stacks of the other tests. */
    private static final int OFFSET = Stack.OFFSET - 1_000;

    private static final Path DATA = Path.of("target/start-stack").toAbsolutePath();
    private static final Path FAILED = Path.of("target/start-failed").toAbsolutePath();
    private static final Duration BACK = Duration.ofSeconds(90);
    private static final Map<String, String> STACK = new HashMap<>();
    private static Control control;
    private static List<CompletableFuture<Stack.Result>> started;

    @BeforeAll
    static void start() throws Exception {
        Host.delete(FAILED);
        Files.createDirectories(FAILED);
        String version = Files.readString(Path.of("../dapr/VERSION")).strip();
        STACK.putAll(Map.of(
                "SANDGLASS_PORT_OFFSET",
                Integer.toString(OFFSET),
                "SANDGLASS_DATA",
                DATA.toString(),
                "DAPRD",
                new DaprBinaries(version, said -> {}).daprd().toString(),
                "FAILED",
                FAILED.toString(),
                "PATH",
                Path.of("src/test/sh").toAbsolutePath() + ":" + System.getenv("PATH")));
        Stack.run(STACK, "stop").mustSucceed();
        Host.delete(DATA);
        started = List.of(running("--detach"), running("--detach"));
        Stack.await("the supervisor", BACK, () -> (control = Control.of(DATA)) != null);
        new FaultInjection(control)
                .awaitHealthy(
                        "task", "task-sidecar", "recurrence", "recurrence-sidecar", "reminder", "reminder-sidecar");
    }

    @AfterAll
    static void stop() throws Exception {
        // Also where it did not start: what of it runs would go on.
        Stack.run(STACK, "stop").mustSucceed();
    }

    private static void awaitWhole() throws Exception {
        for (CompletableFuture<Stack.Result> one : started) {
            one.get().mustSucceed();
        }
        new FaultInjection(control).heal();
    }

    @Test
    void ofTwoStartsAtOnceOneWaitsAndBothShowTheSameStack() throws Exception {
        awaitWhole();
        List<String> links = new ArrayList<>();
        int waited = 0;
        for (CompletableFuture<Stack.Result> one : started) {
            links.add(one.get().out().lines().findFirst().orElse(""));
            waited += one.get().err().contains("waits for another ./run") ? 1 : 0;
        }
        assertEquals(1, waited);
        assertEquals(links.get(0), links.get(1));
    }

    /** The same as a first start: a locked database of names, a broker that was slow to answer. */
    @Test
    void eachComponentFailedOnceAndTheStackIsWholeAllTheSame() throws Exception {
        awaitWhole();
        assertEquals(
                List.of("names", "pubsub", "pubsub-hooks", "pubsub-live", "reminder-sweep", "secrets", "state"),
                List.copyOf(new TreeSet<>(Files.readAllLines(FAILED.resolve("failed")))));
        for (String sidecar : List.of("task", "reminder", "audit", "sync")) {
            assertTrue(lives(sidecar) >= 2, sidecar + "'s sidecar was started again");
        }
        assertTrue(lives("recurrence") >= 3, "recurrence's sidecar was started again, twice");
        for (String service : List.of("task", "recurrence", "reminder", "audit", "sync")) {
            assertEquals("UP", ready(service).path("status").asText());
            assertEquals("", waitsFor(service));
        }

        Person alice = Person.like("alice", "http://localhost:" + (8080 + OFFSET));
        String list = alice.list("editor");
        try (LiveSocket socket = alice.api().live()) {
            String task = alice.task(
                            list,
                            "water",
                            "due",
                            LocalDate.now().plusDays(1).toString(),
                            "timeZone",
                            "UTC",
                            "recurrence",
                            "daily")
                    .path("id")
                    .asText();
            alice.api().post("/api/tasks/" + task + "/complete", null).with(200);
            socket.await(
                    "the next occurrence",
                    BACK,
                    frame -> frame.at("/task/occurrence").asInt() == 2);
            Stack.await(
                    "its history",
                    BACK,
                    () -> alice.api()
                                    .get("/api/tasks/" + task + "/history")
                                    .with(200)
                                    .path("entries")
                                    .size()
                            == 2);
        }
    }

    /** Meanwhile audit and sync still wait for a component of their sidecars, which takes a minute. */
    @Test
    @Order(1)
    void withPostgresAwayAServiceIsOpenSaysWhatItWaitsForAndAnswersNothingElse() throws Exception {
        control.stop(List.of("postgres"));
        control.stop(List.of("task"));
        // The sidecar has the state store, and only the store is away.
        CompletableFuture<Stack.Result> task = starting("task");
        saysThatItWaitsFor("task", "the state store");
        answersNothing("task");
        assertEquals(
                503, get("http://127.0.0.1:" + (8080 + OFFSET) + "/api/lists").statusCode());
        assertEquals(503, get("http://127.0.0.1:" + (8080 + OFFSET) + "/").statusCode());
        assertEquals("starting", state("task"));

        control.start(List.of("postgres"));
        task.get().mustSucceed();
        assertEquals("UP", ready("task").path("status").asText());
        assertEquals(
                401, get("http://127.0.0.1:" + (8080 + OFFSET) + "/api/lists").statusCode());
    }

    /** {@link PatienceTest} shows what the command says when it gives up. */
    @Test
    void withItsSidecarAwayItSaysSoAndGoesOnOnceItIsThere() throws Exception {
        awaitWhole();
        control.stop(List.of("audit", "audit-sidecar", "task", "task-sidecar"));
        // Task is the one with most to learn from its sidecar.
        List<CompletableFuture<Stack.Result>> both = List.of(starting("audit"), starting("task"));
        for (String service : List.of("audit", "task")) {
            saysThatItWaitsFor(service, "the Dapr sidecar");
            answersNothing(service);
        }
        control.start(List.of("audit-sidecar", "task-sidecar"));
        for (CompletableFuture<Stack.Result> one : both) {
            one.get().mustSucceed();
        }
    }

    @Test
    void aSecretThatIsNotThereIsNamed() throws Exception {
        awaitWhole();
        Path file = DATA.resolve("secrets.json");
        String all = Files.readString(file);
        control.stop(List.of("sync", "sync-sidecar"));
        ObjectNode some = (ObjectNode) Api.JSON.readTree(all);
        some.remove("ticket-key");
        Files.writeString(file, some.toString());
        CompletableFuture<Stack.Result> sync;
        try {
            Stack.run(STACK, "start", "sync-sidecar").mustSucceed();
            sync = starting("sync");
            saysThatItWaitsFor("sync", "the secret ticket-key of the secret store");
            answersNothing("sync");
            assertEquals(
                    503,
                    get("http://127.0.0.1:" + port("sync") + "/live?ticket=x").statusCode());
        } finally {
            Files.writeString(file, all);
        }
        // Dapr's local secret store reads its file when it starts.
        control.kill("sync-sidecar");
        sync.get().mustSucceed();
    }

    /** The last one: what it leaves stopped is not started for another. */
    @Test
    @Order(Integer.MAX_VALUE)
    void afterAStopOfEverythingOnePartIsStartedWithWhatItNeeds() throws Exception {
        awaitWhole();
        Stack.run(STACK, "stop").mustSucceed();
        Stack.run(STACK, "start", "audit").mustSucceed();
        assertEquals("UP", ready("audit").path("status").asText());
        List<String> running = new ArrayList<>();
        for (JsonNode part :
                Api.JSON.readTree(Stack.run(STACK, "ps", "--json").mustSucceed().out())) {
            if (part.path("state").asText().equals("running")) {
                running.add(part.path("name").asText());
            }
        }
        running.remove("scheduler");
        assertEquals(List.of("kafka", "postgres", "audit", "audit-sidecar"), running);
    }

    @Test
    void whatAStackWritesIsItsOwnersAlone() throws Exception {
        awaitWhole();
        assertEquals("rwx------", permissions(DATA));
        List<Path> open = new ArrayList<>();
        try (var all = Files.walk(DATA)) {
            for (Path path : all.toList()) {
                // Links to what a build made, and nothing of anybody's.
                boolean built = path.startsWith(DATA.resolve("apps")) && !Files.isDirectory(path);
                if (!built && Files.exists(path) && !permissions(path).endsWith("------")) {
                    open.add(path);
                }
            }
        }
        assertEquals(List.of(), open);
        Path backup = DATA.resolveSibling("start-backup.sql.gz");
        Files.deleteIfExists(backup);
        Stack.run(STACK, "backup", backup.toString()).mustSucceed();
        assertEquals("rw-------", permissions(backup));
    }

    // ---------------------------------------------------------------- What is asked

    private static CompletableFuture<Stack.Result> starting(String part) {
        return running("start", part);
    }

    private static CompletableFuture<Stack.Result> running(String... command) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return Stack.run(STACK, command);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void saysThatItWaitsFor(String service, String what) throws Exception {
        Stack.await(
                service + " waits for " + what, BACK, () -> waitsFor(service).equals(what));
        assertEquals(200, status(port(service), "/q/health/live"));
        assertEquals(503, status(port(service), "/q/health/ready"));
        assertEquals("DOWN", ready(service).path("status").asText());
    }

    /** To Dapr a 404 would be a success, of events and of jobs. */
    private static void answersNothing(String service) throws Exception {
        for (String path :
                List.of("/events/task-events", "/hooks/events/reminders", "/job/due-1", "/internal/x", "/")) {
            HttpResponse<String> answer = get("http://127.0.0.1:" + port(service) + path);
            assertEquals(503, answer.statusCode(), path);
            assertTrue(answer.headers().firstValue("Retry-After").isPresent(), path);
            assertTrue(Api.JSON.readTree(answer.body()).path("detail").asText().contains("waits for"), answer::body);
        }
    }

    private static JsonNode ready(String service) throws Exception {
        return Api.JSON.readTree(
                get("http://127.0.0.1:" + port(service) + "/q/health/ready").body());
    }

    private static String waitsFor(String service) throws Exception {
        try {
            for (JsonNode check : ready(service).path("checks")) {
                if (check.path("name").asText().equals("sidecar")) {
                    return check.at("/data/waitsFor").asText();
                }
            }
            return "nothing is said";
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static int port(String service) {
        return 8090
                + OFFSET
                + List.of("task", "recurrence", "reminder", "audit", "sync").indexOf(service);
    }

    private static int status(int port, String path) throws Exception {
        return get("http://127.0.0.1:" + port + path).statusCode();
    }

    private static HttpResponse<String> get(String address) throws IOException, InterruptedException {
        return Api.CLIENT.send(
                HttpRequest.newBuilder(URI.create(address))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String state(String name) throws Exception {
        for (JsonNode part : control.ps()) {
            if (part.path("name").asText().equals(name)) {
                return part.path("state").asText();
            }
        }
        return "not listed";
    }

    private static int lives(String app) throws IOException {
        return Integer.parseInt(Files.readString(FAILED.resolve(app)).strip());
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
