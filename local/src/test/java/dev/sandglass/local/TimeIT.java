package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Reminders and overdue tasks are told at their time, and people act on them. */
@ExtendWith(Stack.class)
@Tag(Stack.BESIDE_ANOTHER)
class TimeIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    @Tag("FR-003")
    void aReminderThatIsPutOffComesOnceMoreToAllMembersAtItsTime() throws Exception {
        Person alice = Person.like("alice");
        Person bob = Person.like("bob");
        String list = alice.list("viewer", bob);
        try (LiveSocket hers = alice.api().live();
                LiveSocket his = bob.api().live()) {
            String task = alice.task(list, "bins", "reminders", List.of(in(2), in(3_600)))
                    .path("id")
                    .asText();
            JsonNode first = hers.reminder(task, SOON).json();
            String snooze = "/api/reminders/" + first.path("id").asText() + "/snooze";
            bob.api().post(snooze, Map.of("for", "PT1H")).with(403);
            Person.like("carol").api().post(snooze, Map.of("for", "PT1H")).with(404);
            alice.api().post(snooze, Map.of("until", "2020-01-01T00:00:00Z")).with(422);

            JsonNode snoozed = alice.api().post(snooze, Map.of("for", "PT2S")).with(200);
            assertEquals("scheduled", snoozed.path("status").asText());
            for (LiveSocket socket : List.of(hers, his)) {
                comesAtItsTime(socket, snoozed);
            }
            Stack.await(
                    "it is delivered",
                    SOON,
                    () -> alice.reminders(task, "scheduled").size() == 1);
            String planned = alice.reminders(task, "scheduled").at("/0/id").asText();
            JsonNode sooner = alice.api()
                    .post("/api/reminders/" + planned + "/snooze", Map.of("until", in(2)))
                    .with(200);
            comesAtItsTime(hers, sooner);
            Stack.await(
                    "it is delivered",
                    SOON,
                    () -> alice.reminders(task, "delivered").size() == 3);

            JsonNode last = alice.api().post(snooze, Map.of("for", "PT3S")).with(200);
            alice.api().post("/api/tasks/" + task + "/complete", null).with(200);
            alice.api().post(snooze, Map.of("for", "PT1H")).with(409);
            Thread.sleep(Duration.between(Instant.now(), at(last)).toMillis() + 2_000);
            assertEquals(3, hers.reminders(task).size());
            assertEquals(3, his.reminders(task).size());
        }
    }

    @Test
    @Tag("FR-004")
    @Tag("FR-009")
    void anOpenTaskTellsOnceThatItBecameOverdueAndOnceMoreForAnotherDue() throws Exception {
        Person alice = Person.like("alice");
        String list = alice.list("owner");
        String open = due(alice, list, "open", 3);
        String done = due(alice, list, "done", 3);
        alice.api().post("/api/tasks/" + done + "/complete", null).with(200);
        String gone = due(alice, list, "gone", 3);
        alice.api().delete("/api/tasks/" + gone).with(204);
        String late = due(alice, list, "late", -3_600);
        String later = due(alice, list, "later", 3_600);
        Stack.await("it is told", SOON, () -> !overdue(open).isEmpty());
        String first =
                alice.api().get("/api/tasks/" + open).with(200).path("dueAt").asText();
        assertEquals(List.of(first), overdue(open));
        String second = alice.api()
                .patch("/api/tasks/" + open, Map.of("due", soon(3)))
                .with(200)
                .path("dueAt")
                .asText();
        Stack.await("it is told again", SOON, () -> overdue(open).size() > 1);
        Thread.sleep(2_000);
        assertEquals(List.of(first, second), overdue(open));
        for (String other : List.of(done, gone, late, later)) {
            assertEquals(List.of(), overdue(other));
        }
    }

    private static String due(Person who, String list, String title, int seconds) throws Exception {
        return who.task(list, title, "due", soon(seconds), "timeZone", "UTC")
                .path("id")
                .asText();
    }

    private static String soon(int seconds) {
        return in(seconds).replace("Z", "");
    }

    /** The times at which a task became overdue as Kafka has it; a repeat has the same id. */
    private static List<String> overdue(String task) throws Exception {
        Map<String, String> times = new LinkedHashMap<>();
        for (ConsumerRecord<String, String> record : Topic.records(List.of("reminders"))) {
            // Other tests put on the topic what nobody can read.
            JsonNode event = Api.JSON.readTree(record.value().contains(task) ? record.value() : "{}");
            if (event.path("type").asText().equals("task.overdue")
                    && event.path("subject").asText().equals(task)) {
                times.put(event.path("id").asText(), event.at("/data/at").asText());
            }
        }
        return List.copyOf(times.values());
    }

    @Test
    @Tag("FR-003")
    @Tag("FR-005")
    void aReminderOfAMutedListReachesTheOthersAlone() throws Exception {
        Person alice = Person.like("alice");
        Person bob = Person.like("bob");
        String list = alice.list("viewer", bob);
        try (LiveSocket hers = alice.api().live()) {
            String task;
            try (LiveSocket his = bob.api().live()) {
                his.await("ready", SOON, frame -> frame.path("type").asText().equals("ready"));
                JsonNode me = bob.api()
                        .patch("/api/me", Map.of("muted", List.of(list)))
                        .with(200);
                assertEquals(me, bob.api().get("/api/me").with(200));
                assertEquals(list, me.at("/muted/0").asText());
                task = alice.task(list, "bins", "reminders", List.of(in(2)))
                        .path("id")
                        .asText();
                hers.reminder(task, SOON);
                Thread.sleep(2_000);
                assertEquals(0, his.reminders(task).size());
            }
            try (LiveSocket back = bob.api().live()) {
                back.await("ready", SOON, frame -> frame.path("type").asText().equals("ready"));
                Thread.sleep(2_000);
                assertEquals(0, back.reminders(task).size(), "nor when he comes back");
                bob.api().patch("/api/me", Map.of("muted", List.of())).with(200);
                String other = alice.task(list, "bottles", "reminders", List.of(in(2)))
                        .path("id")
                        .asText();
                back.reminder(other, SOON);
                hers.reminder(other, SOON);
            }
        }
    }

    private static void comesAtItsTime(LiveSocket socket, JsonNode reminder) throws InterruptedException {
        LiveSocket.Frame frame =
                socket.await("" + reminder, SOON, it -> it.path("id").equals(reminder.path("id")));
        assertEquals(reminder.path("at"), frame.json().path("at"));
        assertFalse(frame.json().path("late").asBoolean());
        long lateness = ChronoUnit.MILLIS.between(at(reminder), frame.at());
        assertTrue(lateness >= 0 && lateness < 5_000, lateness + " ms after its time");
    }

    private static Instant at(JsonNode reminder) {
        return Instant.parse(reminder.path("at").asText());
    }

    private static String in(int seconds) {
        return Instant.now()
                .truncatedTo(ChronoUnit.SECONDS)
                .plusSeconds(seconds)
                .toString();
    }
}
