package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A user takes back what was done, and the other services follow. */
@ExtendWith(Stack.class)
@Tag(Stack.BESIDE_ANOTHER)
class UndoIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void whatWasDoneLastIsTakenBackStepByStepAndRemindersFeedAndAuditFollow() throws Exception {
        Person alice = Person.like("alice");
        Person bob = Person.like("bob");
        String home = alice.list("owner");
        String shared = alice.list("editor", bob);
        JsonNode task = alice.task(
                home,
                "Swim",
                "due",
                "2040-01-02T09:00:00",
                "timeZone",
                "UTC",
                "recurrence",
                "weekly",
                "reminders",
                List.of("-PT1H"));
        String id = task.path("id").asText();
        String path = "/api/tasks/" + id;

        // Done, with what follows.
        alice.api().post(path + "/complete", null).with(200);
        String series = "/api/series/" + task.path("series").asText();
        Stack.await("the next one", SOON, () -> !alice.changes(home, 3).isEmpty());
        String next = alice.api().get(series).with(200).at("/open/id").asText();
        JsonNode undone = alice.api().post("/api/undo", null).with(200);
        assertEquals(home, undone.at("/undone/list").asText());
        assertEquals("open", undone.at("/tasks/0/status").asText());
        alice.api().get("/api/tasks/" + next).with(404);

        // Moved, and deleted there.
        alice.api().patch(path, Map.of("list", shared)).with(200);
        alice.api().delete(path).with(204);
        bob.api().get(path).with(404);
        Stack.await(
                "its reminder is off",
                SOON,
                () -> alice.reminders(id, "scheduled").size() == 0);
        assertEquals(
                id,
                alice.api().post("/api/undo", null).with(200).at("/tasks/0/id").asText());
        assertEquals("Swim", bob.api().get(path).with(200).path("title").asText());
        Stack.await(
                "its reminder is on again",
                SOON,
                () -> alice.reminders(id, "scheduled").size() == 1);

        // Somebody else is in between.
        bob.api().patch(path, Map.of("title", "Swim far")).with(200);
        JsonNode refused = alice.api().post("/api/undo", null).with(409);
        assertTrue(refused.path("detail").asText().startsWith(bob.name() + " has changed “Swim” since"));
        JsonNode said =
                bob.api().post("/api/chat", Map.of("message", "undo that")).with(200);
        assertEquals("Undone: “Swim far” is as it was.", said.path("reply").asText());
        assertEquals(
                home,
                alice.api()
                        .post("/api/undo", null)
                        .with(200)
                        .at("/tasks/0/list")
                        .asText());
        bob.api().get(path).with(404);

        // All the way back, and every step of it is told.
        alice.api().post("/api/undo", null).with(200);
        alice.api().get(path).with(404);
        alice.api().post("/api/undo", null).with(409);
        for (String list : List.of(home, shared)) {
            Stack.await("the audit", SOON, () -> alice.verified(list));
        }
        JsonNode changes = alice.changes(home, 0);
        assertEquals(
                "task.deleted", changes.get(changes.size() - 1).path("event").asText());
    }
}
