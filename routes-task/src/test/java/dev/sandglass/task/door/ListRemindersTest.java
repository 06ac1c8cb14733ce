package dev.sandglass.task.door;

import static dev.sandglass.task.door.DoorClient.is;
import static dev.sandglass.task.door.DoorClient.wrong;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A list gives its new tasks reminders, by whichever way they come; a task that nags says so. */
@QuarkusTest
@TestProfile(Local.class)
@Tag("FR-003")
class ListRemindersTest {
    private DoorClient alice;
    private String list;

    @BeforeEach
    void signIn() throws Exception {
        alice = DoorClient.like("alice");
        list = alice.list();
        is(200, patch("{\"reminders\":[\"-PT15M\"]}"));
    }

    @Test
    void aNewTaskWithADueDateThatSaysNothingOfRemindersHasThem() throws Exception {
        assertEquals("[\"-PT15M\"]", reminders("\"due\":\"2040-01-01T09:00:00\""));
        assertEquals("[\"-PT15M\"]", reminders("\"due\":\"2040-01-01\",\"nag\":\"PT10M\""));
        assertEquals("[]", reminders("\"due\":\"2040-01-01\",\"reminders\":[]"));
        assertEquals("[\"PT9H\"]", reminders("\"due\":\"2040-01-01\",\"reminders\":[\"PT9H\"]"));
        assertEquals("[]", reminders("\"description\":\"\""));
        assertEquals("[]", reminders("\"due\":null"));
        JsonNode said = is(200, alice.call("POST", "/api/chat", "{\"message\":\"buy milk tomorrow 9am in Home\"}"));
        assertEquals("[\"-PT15M\"]", said.at("/tasks/0/reminders").toString(), said::toString);
    }

    @Test
    void itIsThereForAllUntilItIsTakenAwayAndTasksKeepWhatTheyHave() throws Exception {
        assertEquals("[\"-PT15M\"]", shown().path("reminders").toString());
        String task =
                is(201, create("\"due\":\"2040-01-01T09:00:00\"")).path("id").asText();
        JsonNode other = is(201, alice.call("POST", "/api/lists", "{\"name\":\"Other\"}"));
        is(200, patch("{\"name\":\"House\",\"reminders\":[\"PT9H\",\"-P1D\"]}"));
        assertEquals("House", shown().path("name").asText());
        assertEquals(
                "[\"-PT15M\"]",
                is(
                                200,
                                alice.call(
                                        "PATCH",
                                        "/api/tasks/" + task,
                                        "{\"list\":\"" + other.path("id").asText() + "\"}"))
                        .path("reminders")
                        .toString());
        is(200, alice.call("PATCH", "/api/tasks/" + task, "{\"list\":\"" + list + "\"}"));
        is(200, patch("{\"reminders\":null}"));
        is(200, patch("{\"reminders\":[]}"));
        assertFalse(shown().has("reminders"));
        JsonNode changes = is(200, alice.call("GET", "/api/lists/" + list + "/changes?after=0", null))
                .path("changes");
        assertEquals(
                3,
                changes.valueStream()
                        .filter(change -> change.path("event").asText().equals("list.updated"))
                        .count(),
                "what changes nothing is no change");
        assertEquals("[]", reminders("\"due\":\"2040-01-01\""));
    }

    @Test
    void theInboxHasThemTooAndKeepsItsName() throws Exception {
        String inbox = is(200, alice.call("GET", "/api/me", null)).path("inbox").asText();
        is(200, alice.call("PATCH", "/api/lists/" + inbox, "{\"reminders\":[\"PT0S\"]}"));
        is(409, alice.call("PATCH", "/api/lists/" + inbox, "{\"name\":\"Mine\",\"reminders\":[]}"));
        assertEquals(
                "[\"PT0S\"]",
                is(201, alice.call("POST", "/api/tasks", "{\"title\":\"a\",\"due\":\"2040-01-01\"}"))
                        .path("reminders")
                        .toString());
    }

    @Test
    void anInstantIsNoneOfThemAndAViewerSaysNothing() throws Exception {
        assertEquals(
                "must be counted from due: a duration, as -PT15M",
                wrong("/reminders/1", patch("{\"reminders\":[\"PT0S\",\"2040-01-01T09:00:00Z\"]}")));
        wrong("/reminders/0", patch("{\"reminders\":[\"soon\"]}"));
        DoorClient bob = DoorClient.like("bob");
        is(404, bob.call("PATCH", "/api/lists/" + list, "{\"reminders\":[]}"));
        is(204, alice.call("PUT", "/api/lists/" + list + "/members/" + bob.name(), "{\"role\":\"viewer\"}"));
        is(403, bob.call("PATCH", "/api/lists/" + list, "{\"reminders\":[]}"));
        assertEquals("[\"-PT15M\"]", shown().path("reminders").toString());
    }

    @Test
    void aTaskNagsUntilItIsTakenBack() throws Exception {
        JsonNode task = is(201, create("\"due\":\"2040-01-01T09:00:00\",\"recurrence\":\"daily\",\"nag\":\"PT10M\""));
        assertEquals("PT10M", task.path("nag").asText());
        String path = "/api/tasks/" + task.path("id").asText();
        assertEquals(
                "PT24H",
                is(200, alice.call("PATCH", path, "{\"nag\":\"P1D\"}"))
                        .path("nag")
                        .asText());
        wrong("/nag", alice.call("PATCH", path, "{\"nag\":\"PT1M\"}"));
        wrong("/nag", alice.call("PATCH", path, "{\"nag\":\"now\"}"));
        wrong("/nag", create("\"nag\":\"PT10M\""));
        assertFalse(is(200, alice.call("PATCH", path, "{\"nag\":null}")).has("nag"));
    }

    private JsonNode shown() throws Exception {
        return is(200, alice.call("GET", "/api/lists/" + list, null));
    }

    private HttpResponse<String> patch(String patch) throws Exception {
        return alice.call("PATCH", "/api/lists/" + list, patch);
    }

    private HttpResponse<String> create(String fields) throws Exception {
        return alice.call("POST", "/api/tasks", "{\"title\":\"a\",\"list\":\"" + list + "\"," + fields + "}");
    }

    private String reminders(String fields) throws Exception {
        return Json.text(is(201, create(fields)).path("reminders"));
    }
}
