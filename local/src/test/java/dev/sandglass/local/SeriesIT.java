package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A series that is steered, and what the other services make of it. */
@ExtendWith(Stack.class)
@Tag("FR-002")
@Tag("US-2")
@Tag(Stack.BESIDE_ANOTHER)
class SeriesIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void aSeriesIsSkippedMovedDoneAndTellsItsPastAndItsFuture() throws Exception {
        Person alice = Person.like("alice");
        Person bob = Person.like("bob");
        String list = alice.list("viewer", bob);
        JsonNode task = alice.task(
                list,
                "Swim",
                "due",
                "2040-01-02T09:00:00",
                "timeZone",
                "UTC",
                "recurrence",
                "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE",
                "reminders",
                List.of("-PT1H"));
        String path = "/api/tasks/" + task.path("id").asText();
        String series = "/api/series/" + task.path("series").asText();

        JsonNode skipped = alice.api().post(path + "/skip", null).with(200);
        assertEquals("2040-01-02T09:00:00", skipped.path("skipped").asText());
        assertEquals("2040-01-04T09:00:00", skipped.path("due").asText());
        Stack.await(
                "the reminder at the date it goes to",
                SOON,
                () -> alice.api()
                        .get("/api/reminders?status=scheduled&task="
                                + task.path("id").asText())
                        .with(200)
                        .at("/reminders/0/at")
                        .asText()
                        .equals("2040-01-04T08:00:00Z"));
        Stack.await(
                "the audit",
                SOON,
                () -> alice.api()
                        .get(path + "/history")
                        .with(200)
                        .at("/entries/1/changed/due")
                        .equals(Api.JSON.valueToTree(List.of("2040-01-02T09:00:00", "2040-01-04T09:00:00"))));

        alice.api()
                .patch(path + "?apply=following", Map.of("due", "2040-01-04T10:00:00"))
                .with(200);
        JsonNode done = alice.api().post(path + "/complete", null).with(200);
        assertEquals("2040-01-16T10:00:00", done.path("next").asText());
        Stack.await(
                "the next one",
                SOON,
                () -> !alice.api().get(series).with(200).path("open").isNull());

        JsonNode told = bob.api().get(series).with(200);
        assertEquals("every 2 weeks on Monday and Wednesday", told.path("words").asText());
        assertEquals("2040-01-16T10:00:00", told.at("/open/due").asText());
        assertEquals("2040-01-18T10:00:00", told.at("/next/0").asText());
        assertEquals(10, told.path("next").size());
        assertEquals(task.path("id"), told.at("/done/0/task"));
        bob.api().post(path + "/skip", null).with(403);
        Person.like("carol").api().get(series).with(404);

        String open = "/api/tasks/" + told.at("/open/id").asText();
        Map<String, Object> end = new HashMap<>();
        end.put("recurrence", null);
        alice.api().patch(open, end).with(200);
        alice.api().post(open + "/skip", null).with(409);
        assertTrue(alice.api()
                .post(open + "/complete", null)
                .with(200)
                .path("next")
                .isMissingNode());
        JsonNode over = alice.api().get(series).with(200);
        assertEquals(0, over.path("next").size());
        assertEquals(2, over.path("done").size());
    }
}
