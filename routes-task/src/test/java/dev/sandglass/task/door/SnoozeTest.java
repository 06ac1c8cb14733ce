package dev.sandglass.task.door;

import static dev.sandglass.task.door.DoorClient.is;
import static dev.sandglass.task.door.DoorClient.wrong;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr.Mishap;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A client puts a reminder off: who may, until when, and what <em>reminder</em> is ordered. */
@QuarkusTest
@TestProfile(Local.class)
@Tag("FR-003")
class SnoozeTest {
    private static final Duration ANSWERED = Duration.ofSeconds(20);

    @Inject
    DoorSidecar sidecar;

    private DoorClient alice;
    private String list;
    private String task;

    @BeforeEach
    void signIn() throws Exception {
        alice = DoorClient.like("alice");
        list = alice.list();
        task = is(
                        201,
                        alice.call(
                                "POST",
                                "/api/tasks",
                                "{\"title\":\"a\",\"list\":\"" + list
                                        + "\",\"timeZone\":\"Europe/Warsaw\",\"due\":\"2040-01-01T09:00:00\",\"reminders\":[\"PT0S\"]}"))
                .path("id")
                .asText();
    }

    @AfterEach
    void healed() {
        sidecar.away.clear();
    }

    @Test
    void reminderIsOrderedToPutItOffAndItsAnswerIsTheAnswer() throws Exception {
        assertEquals(Json.read(DoorSidecar.SNOOZED, JsonNode.class), is(200, snooze("{\"until\":\"" + in(60) + "\"}")));
        JsonNode order = ordered();
        assertEquals(task, order.at("/task/id").asText());
        assertEquals("0123456789", order.path("reminder").asText());
        assertEquals(1, order.path("version").asInt());
        snooze("{\"for\":\"PT1H\"}");
        assertEquals(0, after(in(3_600)), "from now on");
        snooze("{\"for\":\"P1D\"}");
        Instant tomorrow =
                Instant.now().atZone(ZoneId.of("Europe/Warsaw")).plusDays(1).toInstant();
        assertEquals(0, after(tomorrow), "the same time tomorrow by the clock there");
    }

    @Test
    void aTimePastOrFarOrTwoOrNoneAreWrong() throws Exception {
        assertEquals("must be in the future", wrong("/until", snooze("{\"until\":\"2020-01-01T00:00:00Z\"}")));
        assertEquals("must be in the future", wrong("/for", snooze("{\"for\":\"-PT1H\"}")));
        assertEquals("must be in the future", wrong("/for", snooze("{\"for\":\"PT0S\"}")));
        assertEquals("must be within a year", wrong("/for", snooze("{\"for\":\"P1Y1D\"}")));
        assertEquals("must be within a year", wrong("/until", snooze("{\"until\":\"9999-01-01T00:00:00Z\"}")));
        assertEquals("must be a duration, as PT1H or P1D", wrong("/for", snooze("{\"for\":\"an hour\"}")));
        wrong("/for", snooze("{\"for\":\"P99Y\"}"));
        wrong("/until", snooze("{\"until\":\"tomorrow\"}"));
        wrong("/until", snooze("{\"until\":\"2031-01-01\"}"));
        assertEquals("for or until is needed", wrong("", snooze("{}")));
        assertEquals(
                "for and until do not go together",
                wrong("", snooze("{\"for\":\"PT1H\",\"until\":\"" + in(60) + "\"}")));
        wrong("/at", snooze("{\"at\":\"PT1H\"}"));
        is(400, snooze("PT1H"));
        assertEquals(List.of(), orders());
    }

    @Test
    void whoReadsDoesNotAndWhoDoesNotReadSeesNothing() throws Exception {
        DoorClient bob = DoorClient.like("bob");
        String body = "{\"for\":\"PT1H\"}";
        is(404, bob.call("POST", path(task), body));
        is(204, alice.call("PUT", "/api/lists/" + list + "/members/" + bob.name(), "{\"role\":\"viewer\"}"));
        is(403, bob.call("POST", path(task), body));
        is(204, alice.call("PUT", "/api/lists/" + list + "/members/" + bob.name(), "{\"role\":\"editor\"}"));
        is(200, bob.call("POST", path(task), body));
        for (String no : List.of("nope", task, task + ".0123456789.0", task + "9.0123456789.1")) {
            is(404, alice.call("POST", "/api/reminders/" + no + "/snooze", body));
        }
        String overdue = "/api/reminders/" + task + ".overdue.1/snooze";
        assertEquals(
                "This tells that the task is overdue, and is no reminder: give the task another due or a reminder",
                is(409, alice.call("POST", overdue, body)).path("detail").asText());
        is(404, DoorClient.like("carol").call("POST", overdue, body));
        is(200, alice.call("POST", "/api/tasks/" + task + "/complete", null));
        is(409, snooze(body));
        is(204, alice.call("DELETE", "/api/tasks/" + task, null));
        is(404, snooze(body));
        assertEquals(1, orders().size());
    }

    @Test
    void underAKeyItIsOrderedByTheSameNameAndAnsweredAsTheFirstTime() throws Exception {
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        String body = "{\"for\":\"PT1H\"}";
        sidecar.away.add("reminder");
        JsonNode away = is(503, alice.call("POST", path(task), body, key));
        assertEquals("unknown", away.path("outcome").asText());
        sidecar.away.clear();
        sidecar.next(Mishap.values()[0]);
        JsonNode first = is(200, alice.call("POST", path(task), body, key));
        assertEquals(2, orders().size());
        assertEquals(
                1,
                orders().stream()
                        .map(order -> order.path("key").asText())
                        .distinct()
                        .count());
        is(200, alice.call("POST", "/api/tasks/" + task + "/complete", null));
        assertEquals(first, is(200, alice.call("POST", path(task), body, key)));
        is(422, alice.call("POST", path(task), "{\"for\":\"PT2H\"}", key));
        assertEquals(2, orders().size());
    }

    private HttpResponse<String> snooze(String body) throws Exception {
        return alice.call("POST", path(task), body);
    }

    private static String path(String task) {
        return "/api/reminders/" + task + ".0123456789.1/snooze";
    }

    private static Instant in(int seconds) {
        return Instant.now().plusSeconds(seconds);
    }

    private List<JsonNode> orders() {
        String of = "reminder internal/snooze ";
        return sidecar.asked.stream()
                .filter(asked -> asked.startsWith(of))
                .map(asked -> Json.read(asked.substring(of.length()), JsonNode.class))
                .filter(order -> order.at("/task/id").asText().equals(task))
                .toList();
    }

    private JsonNode ordered() {
        assertTrue(!orders().isEmpty());
        return orders().get(orders().size() - 1);
    }

    /** How many times twenty seconds it is put off later than that. */
    private long after(Instant then) {
        return Duration.between(Instant.parse(ordered().path("until").asText()), then)
                        .abs()
                        .toMillis()
                / ANSWERED.toMillis();
    }
}
