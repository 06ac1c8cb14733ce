package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Reminders by Dapr Jobs: where the reminder service arms nothing ahead by itself, one without a job has to wait for the next sweep. */
@Order(103)
@Tag("FR-003")
@Tag("FR-012")
@Tag("SC-003")
@ExtendWith(OtherStack.class)
class SchedulerIT {
    private static final String CONTROL = "http://127.0.0.1:" + (16007 + OtherStack.OFFSET);
    /** A sweep and a little. */
    private static final Duration BY_THE_SWEEP = Duration.ofSeconds(20);

    private static Person alice;
    private static String list;
    private static LiveSocket socket;

    @BeforeAll
    static void start() throws Exception {
        String missing = OtherStack.missing();
        if (missing != null) {
            System.err.println("SchedulerIT is skipped: the stand-in for the scheduler cannot be built, " + missing);
        }
        assumeTrue(missing == null);
        alice = Person.like("alice", OtherStack.PAGE);
        list = alice.list("editor");
        socket = alice.api().live();
        socket.await(
                "ready",
                Duration.ofSeconds(15),
                frame -> frame.path("type").asText().equals("ready"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (socket != null) {
            socket.close();
        }
    }

    /** Tells the stand-in what to do wrong from now on; Dapr's own does nothing wrong. */
    private static void standIn(String path) throws Exception {
        if (!OtherStack.REAL) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(CONTROL + path))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            assertEquals(
                    200,
                    Api.CLIENT
                            .send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode(),
                    path);
        }
    }

    /** @return whether the sidecar of reminder knows of a job for this second (Dapr's Jobs API) */
    private static boolean scheduled(Instant at) throws Exception {
        String token = Api.JSON
                .readTree(OtherStack.DATA.resolve("secrets.json").toFile())
                .path("dapr-api-token")
                .asText();
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + (3502 + OtherStack.OFFSET) + "/v1.0/jobs/due-" + at.getEpochSecond()))
                .header("dapr-api-token", token)
                .timeout(Duration.ofSeconds(5))
                .build();
        return Api.CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    }

    private static Instant in(int seconds) {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(seconds);
    }

    private static String remind(Instant at) throws Exception {
        return alice.task(list, "Remind me", "reminders", List.of(at.toString()))
                .path("id")
                .asText();
    }

    private static long lateness(String task, Instant at) throws Exception {
        return ChronoUnit.MILLIS.between(
                at, socket.reminder(task, BY_THE_SWEEP.plusSeconds(10)).at());
    }

    /** Once, not before its time, by the next sweep at the latest, late in what it says only where it is. */
    private static void comesOnce(String task, Instant at) throws Exception {
        long lateness = lateness(task, at);
        assertTrue(lateness >= 0 && lateness < BY_THE_SWEEP.toMillis(), task + " came " + lateness + " ms late");
        Stack.await(
                "the ledger says so",
                BY_THE_SWEEP,
                () -> entry(task).path("status").asText().equals("delivered"));
        JsonNode entry = entry(task);
        boolean late = Instant.parse(entry.path("firedAt").asText()).isAfter(at.plusSeconds(5));
        assertEquals(late, entry.path("late").asBoolean(), entry::toString);
        assertEquals(
                late, socket.reminder(task, Duration.ZERO).json().path("late").asBoolean());
        assertEquals(1, socket.reminders(task).size(), "once");
    }

    private static JsonNode entry(String task) throws Exception {
        return alice.api()
                .get("/api/reminders?task=" + task)
                .with(200)
                .path("reminders")
                .path(0);
    }

    @Test
    void aJobBringsThemInTimeOnceHoweverOftenItComes() throws Exception {
        standIn("/fault");
        // The services have just been started: the first one is not measured.
        Instant first = in(3);
        lateness(remind(first), first);
        // The sweep comes every fifteen seconds: it cannot be what brings all of these in time.
        standIn("/fault?repeat=3");
        List<Instant> times = List.of(in(5), in(8).plusMillis(250), in(10).plusMillis(999));
        List<String> tasks = new ArrayList<>();
        for (Instant at : times) {
            tasks.add(remind(at));
        }
        for (int i = 0; i < times.size(); i++) {
            long lateness = lateness(tasks.get(i), times.get(i));
            assertTrue(lateness >= 0 && lateness < 1_000, "it came " + lateness + " ms after its time");
        }
        for (int i = 0; i < times.size(); i++) {
            comesOnce(tasks.get(i), times.get(i));
        }
    }

    @Test
    void jobsThatAreRefusedForgottenLostOrLateLeaveItToTheSweep() throws Exception {
        if (OtherStack.REAL) {
            System.err.println("Left out: Dapr's own scheduler cannot be told to do wrong");
        }
        assumeFalse(OtherStack.REAL);
        standIn("/fault?refuse=1");
        Instant refusedAt = in(4);
        String refused = remind(refusedAt);
        Stack.await("it is planned", BY_THE_SWEEP, () -> !entry(refused).isMissingNode());
        assertFalse(scheduled(refusedAt));

        standIn("/fault?forget=1");
        Instant forgottenAt = in(5);
        String forgotten = remind(forgottenAt);
        Stack.await("it is planned", BY_THE_SWEEP, () -> !entry(forgotten).isMissingNode());

        standIn("/fault");
        Instant lostAt = in(6);
        String lost = remind(lostAt);
        Stack.await("it is a job", BY_THE_SWEEP, () -> scheduled(lostAt));
        standIn("/lose");
        assertFalse(scheduled(lostAt));

        Instant lateAt = in(7);
        String late = remind(lateAt);
        Stack.await("it is a job", BY_THE_SWEEP, () -> scheduled(lateAt));
        standIn("/fault?late=9s");

        comesOnce(refused, refusedAt);
        comesOnce(forgotten, forgottenAt);
        comesOnce(lost, lostAt);
        comesOnce(late, lateAt);
        standIn("/fault");
    }

    @Test
    void aSchedulerKilledOverTheDueTimeDelaysNothingForLong() throws Exception {
        standIn("/fault");
        Instant at = in(4);
        String task = remind(at);
        Stack.await("it is a job", BY_THE_SWEEP, () -> scheduled(at));
        OtherStack.run("stop", "scheduler").mustSucceed();
        Thread.sleep(
                Math.max(0, Duration.between(Instant.now(), at.plusSeconds(1)).toMillis()));
        // It keeps its jobs and fires at once what came due.
        OtherStack.run("start", "scheduler").mustSucceed();
        comesOnce(task, at);
    }
}
