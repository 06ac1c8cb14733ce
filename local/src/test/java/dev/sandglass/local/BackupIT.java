package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** PostgreSQL alone is a whole backup: restored into an empty system, everything is there and goes on. */
@ExtendWith(Stack.class)
@Tag("FR-012")
@Tag(Stack.BESIDE_ANOTHER)
class BackupIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void aRestoreIntoAnEmptySystemBringsBackEverything() throws Exception {
        Person alice = Person.like("alice");
        Person bob = Person.like("bob");
        String list = alice.list("viewer", bob);
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String recurring = alice.task(
                        list,
                        "\\backslash, za\u017c\u00f3\u0142\u0107 \ud83d\ude00",
                        "description",
                        "tab\tand \\N, \\. and\n\\.\na line",
                        "due",
                        ZonedDateTime.ofInstant(now, ZoneOffset.UTC)
                                .plusDays(1)
                                .format(DateTimeFormatter.ISO_LOCAL_DATE_TIME),
                        "timeZone",
                        "UTC",
                        "recurrence",
                        "daily",
                        "reminders",
                        List.of(now.plusSeconds(30).toString()))
                .path("id")
                .asText();
        String changed = alice.task(list, "changed").path("id").asText();
        alice.api().patch("/api/tasks/" + changed, Map.of("priority", "high")).with(200);
        Stack.await("the reminder's plan", SOON, () -> status(alice, recurring).equals("scheduled"));
        JsonNode before = alice.api().get("/api/tasks?list=" + list).with(200).path("tasks");
        long seq = alice.seq(list);

        Path file = Stack.DATA.resolveSibling("backup.sql.gz");
        Stack.run("backup", file.toString()).mustSucceed();
        assertEquals("scheduled", status(alice, recurring));
        // Not in the backup, and so not there afterwards.
        alice.task(list, "too late");
        assertNotEquals(0, Stack.run("restore", file.toString()).code(), "while it runs");
        Stack.run("stop").mustSucceed();
        assertNotEquals(0, Stack.run("restore", file.toString()).code(), "over what is there");
        assertTrue(Files.exists(Stack.DATA.resolve("postgres")));
        Stack.run("restore", file.toString(), "--fresh").mustSucceed();
        Stack.run("--detach").mustSucceed();

        assertEquals(
                before, alice.api().get("/api/tasks?list=" + list).with(200).path("tasks"));
        assertEquals(seq, alice.seq(list));
        Stack.await("the audit", SOON, () -> alice.verified(list));
        assertEquals(
                2,
                bob.api()
                        .get("/api/tasks/" + changed + "/history")
                        .with(200)
                        .path("entries")
                        .size());
        try (LiveSocket feed = bob.api().live()) {
            JsonNode ready = feed.await(
                            "ready", SOON, frame -> frame.path("type").asText().equals("ready"))
                    .json();
            assertEquals(seq, ready.at("/lists/" + list).asLong());
            alice.task(list, "afterwards");
            feed.await("what is done now", SOON, frame -> frame.path("seq").asLong() == seq + 1);
        }
        // In the backup it was still to come, whatever the time is now.
        Stack.await(
                "the reminder",
                Duration.ofSeconds(90),
                () -> status(alice, recurring).equals("delivered"));
        alice.api().post("/api/tasks/" + recurring + "/complete", null).with(200);
        Stack.await(
                "the next occurrence",
                SOON,
                () -> alice.api()
                                .get("/api/tasks?status=open&q=backslash&list=" + list)
                                .with(200)
                                .path("total")
                                .asInt()
                        == 1);
        Stack.await("the audit of what was done since", SOON, () -> alice.verified(list));
    }

    private static String status(Person person, String task) throws Exception {
        return person.api()
                .get("/api/reminders?task=" + task)
                .with(200)
                .at("/reminders/0/status")
                .asText();
    }
}
