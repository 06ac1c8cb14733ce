package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The main job of Sandglass, once from end to end, by the contract alone and with real parts. */
@Order(1)
@ExtendWith(Stack.class)
class MainJobIT {
    private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");
    private static final Duration SOON = Duration.ofSeconds(15);

    @Test
    @Tag("US-1")
    @Tag("US-2")
    @Tag("US-3")
    @Tag("US-4")
    @Tag("FR-001")
    @Tag("FR-002")
    @Tag("FR-003")
    @Tag("FR-004")
    @Tag("FR-005")
    @Tag("FR-007")
    @Tag("FR-009")
    void aSharedDailyTaskRemindsBothAndComesAgainWhenCompleted() throws Exception {
        // Names of their own, so that this test means the same on a stack that was used before.
        String mark = UUID.randomUUID().toString().substring(0, 8);
        String bobName = "bob-" + mark;
        Api alice = Api.as("alice-" + mark);
        Api bob = Api.as(bobName);

        String list = alice.post("/api/lists", Map.of("name", "Home"))
                .with(201)
                .path("id")
                .asText();
        alice.put("/api/lists/" + list + "/members/" + bobName, Map.of("role", "editor"))
                .with(204);

        try (LiveSocket hers = alice.live();
                LiveSocket his = bob.live()) {
            for (LiveSocket socket : List.of(hers, his)) {
                LiveSocket.Frame ready = socket.await("ready", SOON, frame -> is(frame, "ready"));
                assertTrue(ready.json().path("lists").has(list), () -> "ready names the shared list: " + ready);
            }

            // The reminder is an hour before a due date that is an hour and some seconds away.
            Instant remindAt = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(6);
            LocalDateTime due = LocalDateTime.ofInstant(remindAt.plus(1, ChronoUnit.HOURS), WARSAW);
            String written = due.format(DateTimeFormatter.ISO_LOCAL_DATE_TIME);
            JsonNode task = alice.post(
                            "/api/tasks",
                            Map.of(
                                    "list",
                                    list,
                                    "title",
                                    "Water the plants",
                                    "due",
                                    written,
                                    "timeZone",
                                    WARSAW.getId(),
                                    "recurrence",
                                    "daily",
                                    "reminders",
                                    List.of("-PT1H")))
                    .with(201);
            String id = task.path("id").asText();
            assertEquals(1, task.path("occurrence").asInt());
            assertFalse(task.path("overdue").asBoolean());

            LiveSocket.Frame shown = his.await(
                    "the task on his socket",
                    SOON,
                    frame -> is(frame, "change") && taskOf(frame).equals(id));
            assertEquals("task.created", shown.json().path("event").asText());
            assertEquals("Water the plants", shown.json().at("/task/title").asText());

            for (LiveSocket socket : List.of(hers, his)) {
                LiveSocket.Frame reminder = socket.await(
                        "the reminder",
                        Duration.ofSeconds(30),
                        frame -> is(frame, "reminder") && taskOf(frame).equals(id));
                assertEquals(remindAt, Instant.parse(reminder.json().path("at").asText()));
                assertFalse(reminder.json().path("late").asBoolean());
                long lateness = ChronoUnit.MILLIS.between(remindAt, reminder.at());
                assertTrue(lateness >= 0 && lateness < 5_000, "the reminder came " + lateness + " ms after its time");
            }

            JsonNode completed =
                    bob.post("/api/tasks/" + id + "/complete", null).with(200);
            assertEquals("completed", completed.path("status").asText());
            LocalDateTime nextDue = due.plusDays(1);
            assertEquals(nextDue, LocalDateTime.parse(completed.path("next").asText()));

            String next = "";
            for (LiveSocket socket : List.of(hers, his)) {
                JsonNode successor = socket.await(
                                "the next occurrence",
                                SOON,
                                frame -> is(frame, "change")
                                        && frame.path("event").asText().equals("task.created")
                                        && !taskOf(frame).equals(id))
                        .json()
                        .path("task");
                next = successor.path("id").asText();
                assertEquals(nextDue, LocalDateTime.parse(successor.path("due").asText()));
                assertEquals(task.path("series"), successor.path("series"));
                assertEquals(2, successor.path("occurrence").asInt());
                assertEquals("open", successor.path("status").asText());
                assertEquals(task.path("reminders"), successor.path("reminders"));
            }
            assertNotEquals(id, next);

            String successor = next;
            Instant nextReminder = nextDue.atZone(WARSAW).toInstant().minus(1, ChronoUnit.HOURS);
            Stack.await("the next occurrence's own reminder", SOON, () -> {
                JsonNode reminders =
                        bob.get("/api/reminders?task=" + successor).with(200).path("reminders");
                return reminders.size() == 1
                        && reminders.get(0).path("status").asText().equals("scheduled")
                        && Instant.parse(reminders.get(0).path("at").asText()).equals(nextReminder);
            });

            historyHolds(alice, id, "task.created", "task.completed");
            historyHolds(bob, successor, "task.created");
            auditIsWhole(alice, list);
            // Nothing missing, nothing twice, in order, on both devices.
            for (LiveSocket socket : List.of(hers, his)) {
                List<Long> seqs = socket.seqs(list);
                long first = seqs.get(0);
                assertEquals(
                        LongStream.range(first, first + seqs.size()).boxed().toList(),
                        seqs,
                        "changes come 1 by 1, in order");
            }
        }
    }

    private static void historyHolds(Api user, String task, String... events) throws Exception {
        Stack.await("the history of " + task, SOON, () -> {
            JsonNode entries =
                    user.get("/api/tasks/" + task + "/history").with(200).path("entries");
            List<String> seen = StreamSupport.stream(entries.spliterator(), false)
                    .map(entry -> entry.path("event").asText())
                    .toList();
            return seen.containsAll(List.of(events));
        });
    }

    private static void auditIsWhole(Api user, String list) throws Exception {
        long seq = user.get("/api/lists/" + list).with(200).path("seq").asLong();
        Stack.await("the audit of all " + seq + " changes", SOON, () -> {
            JsonNode verified = user.get("/api/audit/verify?list=" + list).with(200);
            return verified.path("complete").asBoolean()
                    && verified.path("entries").asLong() == seq
                    && verified.path("seq").asLong() == seq;
        });
        JsonNode entries =
                user.get("/api/audit?limit=500&list=" + list).with(200).path("entries");
        assertEquals(
                LongStream.rangeClosed(1, seq).boxed().toList(),
                StreamSupport.stream(entries.spliterator(), false)
                        .map(entry -> entry.path("seq").asLong())
                        .sorted()
                        .toList());
    }

    private static boolean is(JsonNode frame, String type) {
        return frame.path("type").asText().equals(type);
    }

    private static String taskOf(JsonNode frame) {
        return frame.at("/task/id").asText();
    }
}
