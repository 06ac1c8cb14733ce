package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A task that keeps off the holidays of its list, through all services. */
@ExtendWith(Stack.class)
@Tag("FR-002")
@Tag("US-2")
@Tag(Stack.BESIDE_ANOTHER)
class WorkdaysIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void theNextOneComesOnAWorkingDayAndGoesOnFromItsPlaceInTheRule() throws Exception {
        Person alice = Person.like("alice");
        Person bob = Person.like("bob");
        String list = alice.list("editor", bob);
        String calendar = "/api/lists/" + list + "/calendar";
        String holidays = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261101\r\n"
                + "RRULE:FREQ=YEARLY\r\nSUMMARY:All Saints\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        Map<String, String> type = Map.of("Content-Type", "text/calendar");
        bob.api().send("PUT", calendar, holidays, type).with(403);
        JsonNode given = alice.api().send("PUT", calendar, holidays, type).with(200);
        assertEquals("2026-11-01", given.at("/days/0").asText());
        assertEquals(given, bob.api().get(calendar).with(200));

        JsonNode task = alice.task(
                list,
                "Pay rent",
                "due",
                "2040-10-01T09:00:00",
                "timeZone",
                "UTC",
                "recurrence",
                "monthly",
                "workdays",
                "before",
                "reminders",
                List.of("-PT1H"));
        String series = "/api/series/" + task.path("series").asText();
        // All Saints' Day of 2040 is a Thursday.
        assertEquals("2040-10-31T09:00:00", done(bob, task));
        JsonNode next = await(bob, series);
        assertEquals("2040-10-31T09:00:00", next.path("due").asText());
        Stack.await(
                "the reminder at the working day",
                SOON,
                () -> bob.api()
                        .get("/api/reminders?status=scheduled&task="
                                + next.path("id").asText())
                        .with(200)
                        .at("/reminders/0/at")
                        .asText()
                        .equals("2040-10-31T08:00:00Z"));
        JsonNode told = bob.api().get(series).with(200);
        assertEquals(
                "every month, moved to the working day before",
                told.path("words").asText());
        // The first of December is a Saturday.
        assertEquals("2040-11-30T09:00:00", told.at("/next/0").asText());

        alice.api().delete(calendar).with(204);
        assertEquals("2040-11-30T09:00:00", done(bob, next));
        assertEquals("2040-11-30T09:00:00", await(bob, series).path("due").asText());
    }

    private static String done(Person who, JsonNode task) throws Exception {
        return who.api()
                .post("/api/tasks/" + task.path("id").asText() + "/complete", null)
                .with(200)
                .path("next")
                .asText();
    }

    private static JsonNode await(Person who, String series) throws Exception {
        Stack.await(
                "the next one",
                SOON,
                () -> !who.api().get(series).with(200).path("open").isNull());
        return who.api().get(series).with(200).path("open");
    }
}
