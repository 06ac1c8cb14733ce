package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A task that nags has its last reminder come again until it is done; a list gives its new tasks reminders. */
@ExtendWith(Stack.class)
@Tag("FR-003")
@Tag(Stack.BESIDE_ANOTHER)
class NagIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void aReminderIsFollowedByOthersUntilItsTaskIsDone() throws Exception {
        Person alice = Person.like("alice");
        Instant at = Instant.now().plusSeconds(2).truncatedTo(ChronoUnit.MILLIS);
        String task = alice.task(alice.list("owner"), "pill", "reminders", List.of(at.toString()), "nag", "PT10M")
                .path("id")
                .asText();
        Stack.await("it was told, and comes again", SOON, () -> counts(alice, task, 1, 1));
        JsonNode nag = alice.reminders(task, "scheduled").get(0);
        assertEquals(at.plusSeconds(600), Instant.parse(nag.path("at").asText()));

        String snooze = "/api/reminders/" + nag.path("id").asText() + "/snooze";
        alice.api().post(snooze, Map.of("for", "PT1S")).with(200);
        Stack.await("it came, and comes again", SOON, () -> counts(alice, task, 2, 1));

        alice.api().post("/api/tasks/" + task + "/complete", null).with(200);
        Stack.await("it is done", SOON, () -> counts(alice, task, 2, 0));
        alice.api().post("/api/undo", null).with(200);
        Stack.await("it is to be done after all", SOON, () -> counts(alice, task, 2, 1));
        alice.api().patch("/api/tasks/" + task, Map.of("nag", "PT1H")).with(200);
        alice.api().delete("/api/tasks/" + task).with(204);
        Stack.await("it is gone", SOON, () -> counts(alice, task, 2, 0));
    }

    @Test
    void aListGivesItsNewTasksReminders() throws Exception {
        Person alice = Person.like("alice");
        String list = alice.list("owner");
        alice.api()
                .patch("/api/lists/" + list, Map.of("reminders", List.of("PT9H")))
                .with(200);
        String task = alice.task(list, "bins", "due", "2040-01-01", "timeZone", "Europe/Warsaw")
                .path("id")
                .asText();
        Stack.await("it is planned", SOON, () -> counts(alice, task, 0, 1));
        assertEquals(
                "2040-01-01T08:00:00Z",
                alice.reminders(task, "scheduled").at("/0/at").asText());
        alice.api().post("/api/undo", null).with(200);
        alice.api().post("/api/undo", null).with(200);
        assertEquals(
                0,
                alice.task(list, "bins", "due", "2040-01-01").path("reminders").size());
    }

    private static boolean counts(Person who, String task, int delivered, int scheduled) throws Exception {
        return who.reminders(task, "delivered").size() == delivered
                && who.reminders(task, "scheduled").size() == scheduled;
    }
}
