package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The contract's promises about {@code ./run} on a running stack. */
@Order(2)
@Tag("FR-012")
@Tag(Stack.BESIDE_ANOTHER)
@ExtendWith(Stack.class)
class RunCommandIT {
    private static final Duration BACK = Duration.ofSeconds(90);

    @AfterEach
    void healed() throws Exception {
        Stack.heal();
    }

    @Test
    void psAsJsonIsAnArrayOfAllPartsAndNothingElse() throws Exception {
        JsonNode parts =
                Api.JSON.readTree(Stack.run("ps", "--json").mustSucceed().out());
        List<String> names = new ArrayList<>();
        for (JsonNode part : parts) {
            Set<String> fields = new TreeSet<>();
            part.fieldNames().forEachRemaining(fields::add);
            assertEquals(Set.of("log", "name", "pid", "port", "state"), fields);
            String name = part.path("name").asText();
            if (name.matches(".*-\\d+(-sidecar)?")) {
                // A replica that another test has stopped again.
                assertEquals("stopped", part.path("state").asText(), name);
                continue;
            }
            names.add(name);
            if (name.equals("scheduler") && part.path("state").asText().equals("absent")) {
                assertTrue(part.path("pid").isNull() && part.path("port").isNull(), part::toString);
            } else {
                assertEquals("running", part.path("state").asText(), name);
                assertTrue(alive(part.path("pid").asLong()), name);
                assertTrue(part.path("port").asInt() > Stack.OFFSET, name);
                assertTrue(Files.exists(Path.of(part.path("log").asText())), name);
            }
        }
        assertEquals(
                "kafka postgres scheduler task task-sidecar recurrence recurrence-sidecar reminder reminder-sidecar"
                        + " audit audit-sidecar sync sync-sidecar",
                String.join(" ", names));
    }

    @Test
    void whatIsKilledComesBack() throws Exception {
        // First what others need: a sidecar that starts without the broker tries again once a minute (FaultsIT).
        for (List<String> together : List.of(List.of("postgres", "kafka"), List.of("recurrence", "audit-sidecar"))) {
            Map<String, Long> killed = new LinkedHashMap<>();
            for (String name : together) {
                killed.put(name, Stack.part(name).path("pid").asLong());
                Stack.run("kill", name).mustSucceed();
                assertFalse(alive(killed.get(name)), name);
            }
            for (Map.Entry<String, Long> one : killed.entrySet()) {
                isBack(one.getKey(), one.getValue());
            }
        }
    }

    private static void isBack(String name, long before) throws Exception {
        Stack.await(name + " is back", BACK, () -> {
            JsonNode now = Stack.part(name);
            return now.path("state").asText().equals("running")
                    && now.path("pid").asLong() != before;
        });
    }

    @Test
    void whatIsStoppedStaysSoUntilItIsStarted() throws Exception {
        long audit = Stack.part("audit").path("pid").asLong();
        Stack.run("stop", "audit").mustSucceed();
        assertFalse(alive(audit));
        // Meanwhile something else dies and is started again: longer than a restart of audit would have taken.
        long reminder = Stack.part("reminder").path("pid").asLong();
        Stack.run("kill", "reminder").mustSucceed();
        isBack("reminder", reminder);
        JsonNode stopped = Stack.part("audit");
        assertEquals("stopped", stopped.path("state").asText());
        assertTrue(stopped.path("pid").isNull());

        Stack.run("start", "audit").mustSucceed();
        assertEquals(200, ready(Stack.part("audit").path("port").asInt()));
    }

    @Test
    void detachOnARunningStackStartsWhatIsStoppedAndHoldsNoStream() throws Exception {
        Stack.run("stop", "sync", "postgres").mustSucceed();
        Stack.Result result = Stack.shell("./run --detach | cat").mustSucceed();
        assertTrue(result.out().contains(Stack.PAGE + "/#token="), result::out);
        assertEquals(200, ready(Stack.part("sync").path("port").asInt()));
        assertEquals("running", Stack.part("postgres").path("state").asText());
    }

    @Test
    void aCheckOfTheRoutesSaysWhatItFoundAndNothingElse() throws Exception {
        Stack.Result result = Stack.run("check").mustSucceed();
        assertTrue(result.out().matches("\\d+ files, nothing wrong\\R"), result::out);
        assertEquals("", result.err());
    }

    @Test
    void anUnknownPartIsRefused() throws Exception {
        for (String command : List.of("stop", "start", "kill")) {
            Stack.Result refused = Stack.run(command, "coffee");
            assertEquals(1, refused.code());
            assertTrue(refused.err().contains("coffee"), refused::err);
        }
    }

    @Test
    void aSecondReplicaHasPortsOfItsOwn() throws Exception {
        Stack.run("start", "audit-2").mustSucceed();
        JsonNode replica = Stack.part("audit-2");
        assertNotEquals(Stack.part("audit").path("port"), replica.path("port"));
        assertEquals(200, ready(replica.path("port").asInt()));
        assertEquals("running", Stack.part("audit-2-sidecar").path("state").asText());
        Stack.run("stop", "audit-2").mustSucceed();
        assertFalse(alive(replica.path("pid").asLong()));
        assertEquals("stopped", Stack.part("audit-2-sidecar").path("state").asText());
    }

    @Test
    void aTakenPortIsNamedWithTheVariableThatMovesIt(@TempDir Path elsewhere) throws Exception {
        Stack.Result refused = Stack.run(Map.of("SANDGLASS_DATA", elsewhere.toString()), "--detach");
        assertEquals(1, refused.code());
        assertTrue(
                refused.err().contains(Integer.toString(3500 + Stack.OFFSET))
                        && refused.err().contains("SANDGLASS_PORT_TASK_SIDECAR"),
                refused::err);
    }

    @Test
    void aStackWhoseSupervisorWasKilledIsTakenUpAgain() throws Exception {
        long task = Stack.part("task").path("pid").asLong();
        long supervisor = Api.JSON
                .readTree(Stack.DATA.resolve("supervisor.json").toFile())
                .path("pid")
                .asLong();
        ProcessHandle.of(supervisor).orElseThrow().destroyForcibly();
        Stack.await("the supervisor is gone", BACK, () -> !alive(supervisor));
        Stack.run("--detach").mustSucceed();
        JsonNode now = Stack.part("task");
        assertTrue(now.path("pid").asLong() == task || !alive(task), "the old task is either kept or ended");
        assertEquals(200, ready(now.path("port").asInt()));
    }

    @Test
    void whatIsSecretIsReadByItsOwnerOnly() throws Exception {
        for (String file : List.of("secrets.json", "supervisor.json")) {
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(Stack.DATA.resolve(file))),
                    file);
        }
    }

    private static boolean alive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private static int ready(int port) throws IOException, InterruptedException {
        return Api.CLIENT
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
