package dev.sandglass.task.door;

import static dev.sandglass.task.door.DoorClient.is;
import static dev.sandglass.task.door.DoorClient.wrong;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The holidays of a list: who gives them, who sees them, and what they do to its tasks. */
@QuarkusTest
@TestProfile(Local.class)
@Tag("FR-002")
class CalendarTest {
    private static final String EPIPHANY = """
            BEGIN:VCALENDAR\r
            BEGIN:VEVENT\r
            DTSTART;VALUE=DATE:20400106\r
            END:VEVENT\r
            END:VCALENDAR\r
            """;
    private static final String NOTHING = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n";

    private DoorClient alice;
    private DoorClient bob;
    private String list;
    private String calendar;

    @BeforeEach
    void signIn() throws Exception {
        alice = DoorClient.like("alice");
        bob = DoorClient.like("bob");
        list = alice.list();
        calendar = "/api/lists/" + list + "/calendar";
    }

    @Test
    void whatIsGivenIsInForceUntilItIsTakenAway() throws Exception {
        assertEquals(days(), is(200, alice.call("GET", calendar, null)));
        assertEquals(days("2040-01-06"), is(200, give(alice, EPIPHANY)));
        assertEquals(days("2040-01-06"), is(200, alice.call("GET", calendar, null)));
        assertEquals(days("2040-01-06"), is(200, give(alice, EPIPHANY)));
        is(204, alice.call("DELETE", calendar, null));
        is(204, alice.call("DELETE", calendar, null));
        assertEquals(days(), is(200, alice.call("GET", calendar, null)));
        is(200, give(alice, EPIPHANY));
        assertEquals(days(), is(200, give(alice, NOTHING)));
        JsonNode changes = is(200, alice.call("GET", "/api/lists/" + list + "/changes?after=1", null))
                .path("changes");
        assertEquals(4, changes.size(), "what changes nothing is no change");
        changes.forEach(
                change -> assertEquals("list.updated", change.path("event").asText()));
    }

    @Test
    @Tag("FR-013")
    void theOwnerGivesItMembersSeeItOthersDoNot() throws Exception {
        is(200, give(alice, EPIPHANY));
        for (String role : new String[] {"", "viewer", "editor"}) {
            if (!role.isEmpty()) {
                String member = "/api/lists/" + list + "/members/" + bob.name();
                is(204, alice.call("PUT", member, "{\"role\":\"" + role + "\"}"));
            }
            is(role.isEmpty() ? 404 : 200, bob.call("GET", calendar, null));
            is(role.isEmpty() ? 404 : 403, give(bob, NOTHING));
            is(role.isEmpty() ? 404 : 403, bob.call("DELETE", calendar, null));
        }
        assertEquals(days("2040-01-06"), is(200, alice.call("GET", calendar, null)));
        is(404, give(alice, "/api/lists/nope/calendar", EPIPHANY, "text/calendar"));
    }

    @Test
    void whatIsNoCalendarIsRefused() throws Exception {
        is(415, give(alice, calendar, EPIPHANY, "application/json"));
        is(415, give(alice, calendar, EPIPHANY, "text/calendar; charset=iso-8859-1"));
        is(200, give(alice, calendar, EPIPHANY, "text/calendar; charset=utf-8; method=PUBLISH"));
        is(400, give(alice, ""));
        is(400, give(alice, " \r\n"));
        assertTrue(wrong("", give(alice, "null")).startsWith("line 1"), "it is text, whatever it says");
        assertTrue(wrong("", give(alice, EPIPHANY.replace("20400106", "tomorrow")))
                .startsWith("line 4: of the event that ends here DTSTART must be a date"));
        assertEquals(
                "line 4: of the event that ends here DTSTART is no day there is: 20400230",
                wrong("", give(alice, EPIPHANY.replace("20400106", "20400230"))));
        is(413, give(alice, EPIPHANY + " ".repeat(1_000_000)));
    }

    @Test
    void theDatesToComeGoByItAndWhatIsOpenStays() throws Exception {
        JsonNode task = is(
                201,
                alice.call(
                        "POST",
                        "/api/tasks",
                        "{\"list\":\"" + list
                                + "\",\"title\":\"a\",\"due\":\"2040-01-06T09:00:00\",\"timeZone\":\"UTC\","
                                + "\"recurrence\":\"daily\",\"workdays\":\"after\"}"));
        assertEquals("after", task.path("workdays").asText());
        assertEquals("2040-01-06T09:00:00", task.path("due").asText(), "a Friday");
        is(200, give(alice, EPIPHANY.replace("0106", "0109")));
        JsonNode series =
                is(200, alice.call("GET", "/api/series/" + task.path("series").asText(), null));
        assertEquals(
                "every day, moved to the working day after",
                series.path("words").asText());
        assertEquals("2040-01-10T09:00:00", series.at("/next/0").asText(), "Monday is a holiday");
        assertEquals(task, series.path("open"));
        String path = "/api/tasks/" + task.path("id").asText();
        assertEquals(
                "2040-01-10T09:00:00",
                is(200, alice.call("POST", path + "/complete", null))
                        .path("next")
                        .asText());
        JsonNode told = is(200, alice.call("GET", "/api/lists/" + list + "/changes?after=3", null));
        assertEquals("task.completed", told.at("/changes/0/event").asText());
    }

    @Test
    void withoutARuleThereIsNothingToMove() throws Exception {
        wrong("/workdays", alice.call("POST", "/api/tasks", "{\"title\":\"a\",\"workdays\":\"before\"}"));
        wrong("/workdays", alice.call("POST", "/api/tasks", "{\"title\":\"a\",\"workdays\":\"never\"}"));
        JsonNode task = is(201, alice.call("POST", "/api/tasks", "{\"title\":\"a\",\"workdays\":\"as-is\"}"));
        assertEquals("as-is", task.path("workdays").asText());
    }

    private HttpResponse<String> give(DoorClient who, String body) throws Exception {
        return give(who, calendar, body, "text/calendar");
    }

    private static HttpResponse<String> give(DoorClient who, String path, String body, String type) throws Exception {
        return who.call("PUT", path, body, Map.of("Content-Type", type));
    }

    private static JsonNode days(String... days) {
        return Json.object().set("days", Json.tree(days));
    }
}
