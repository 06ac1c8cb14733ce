package dev.sandglass.task.door;

import static dev.sandglass.task.door.DoorClient.is;
import static dev.sandglass.task.door.DoorClient.wrong;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A recurring task as a client steers it: one date left out, this one changed or all that follow, its past and its future. */
@QuarkusTest
@TestProfile(Local.class)
@Tag("FR-002")
class SteeringTest {
    private DoorClient alice;
    private DoorClient bob;
    private String list;

    @BeforeEach
    void signIn() throws Exception {
        alice = DoorClient.like("alice");
        bob = DoorClient.like("bob");
        list = alice.list();
    }

    // ---------------------------------------------------------------- Skip

    @Test
    void aDateIsLeftOutAndTheTaskGoesToTheNext() throws Exception {
        JsonNode task = weekly();
        JsonNode skipped = is(200, alice.call("POST", path(task) + "/skip", null));
        assertEquals("2040-01-02T09:00:00", skipped.path("skipped").asText());
        assertEquals("2040-01-09T09:00:00", skipped.path("due").asText());
        assertEquals(task.path("id"), skipped.path("id"));
        assertEquals(2, skipped.path("version").asInt());
        assertEquals("2040-01-08T18:00:00Z", skipped.at("/reminders/1").asText(), "it moves as far as due");
        JsonNode told = is(200, alice.call("GET", "/api/lists/" + list + "/changes?after=2", null))
                .at("/changes/0");
        assertEquals("task.updated", told.path("event").asText());
        assertEquals("2040-01-09T09:00:00", told.at("/task/due").asText());
        assertEquals(
                "2040-01-16T09:00:00",
                is(200, alice.call("POST", path(task) + "/complete", null))
                        .path("next")
                        .asText());
        is(409, alice.call("POST", path(task) + "/skip", null));
    }

    @Test
    void aSkipLooksAtIfMatchAndIsDoneOnceUnderAKey() throws Exception {
        JsonNode task = weekly();
        Map<String, String> first =
                Map.of("If-Match", "\"1\"", "Idempotency-Key", UUID.randomUUID().toString());
        JsonNode skipped = is(200, alice.call("POST", path(task) + "/skip", null, first));
        assertEquals(skipped, is(200, alice.call("POST", path(task) + "/skip", null, first)));
        JsonNode stale = is(412, alice.call("POST", path(task) + "/skip", null, Map.of("If-Match", "\"1\"")));
        assertEquals(2, stale.at("/task/version").asInt());
    }

    @Test
    void whatDoesNotComeAgainIsNotSkipped() throws Exception {
        JsonNode once = task("{\"list\":\"" + list + "\",\"title\":\"a\",\"due\":\"2040-01-02\"}");
        is(409, alice.call("POST", path(once) + "/skip", null));
        JsonNode last = task("{\"list\":\"" + list
                + "\",\"title\":\"a\",\"due\":\"2040-01-02\",\"recurrence\":\"FREQ=DAILY;UNTIL=20400103\"}");
        is(200, alice.call("POST", path(last) + "/skip", null));
        JsonNode problem = is(409, alice.call("POST", path(last) + "/skip", null));
        assertTrue(problem.path("detail").asText().contains("no date after"), problem::toString);
        is(404, alice.call("POST", "/api/tasks/nope.1/skip", null));
    }

    @Test
    void whoReadsDoesNotSkipAndWhoDoesNotReadSeesNothing() throws Exception {
        JsonNode task = weekly();
        is(404, bob.call("POST", path(task) + "/skip", null));
        is(404, bob.call("GET", series(task), null));
        is(204, alice.call("PUT", "/api/lists/" + list + "/members/" + bob.name(), "{\"role\":\"viewer\"}"));
        is(403, bob.call("POST", path(task) + "/skip", null));
        is(403, bob.call("PATCH", path(task) + "?apply=following", "{\"due\":\"2040-01-03T09:00:00\"}"));
        assertEquals(is(200, alice.call("GET", series(task), null)), is(200, bob.call("GET", series(task), null)));
    }

    // ---------------------------------------------------------------- This one, or all that follow

    @Test
    void aDateMovesAloneOrWithAllThatFollow() throws Exception {
        JsonNode task = weekly();
        String tuesday = "{\"due\":\"2040-01-03T10:00:00\"}";
        is(200, alice.call("PATCH", path(task), tuesday));
        assertEquals("2040-01-09T09:00:00", comes(task).at("/next/0").asText());
        JsonNode all = is(200, alice.call("PATCH", path(task) + "?apply=following", tuesday));
        assertEquals(3, all.path("version").asInt(), "the move of this one becomes that of all");
        assertEquals("2040-01-10T10:00:00", comes(task).at("/next/0").asText());
        JsonNode again = is(200, alice.call("PATCH", path(task) + "?apply=following", tuesday));
        assertEquals(3, again.path("version").asInt());
        is(200, alice.call("PATCH", path(task) + "?apply=following", "{\"title\":\"b\"}"));
        assertEquals("2040-01-10T10:00:00", comes(task).at("/next/0").asText());
    }

    @Test
    void theZoneAndTheRuleHoldForAllThatFollow() throws Exception {
        JsonNode task = weekly();
        is(
                200,
                alice.call(
                        "PATCH",
                        path(task) + "?apply=following",
                        "{\"timeZone\":\"Asia/Tokyo\",\"recurrence\":\"FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE\"}"));
        JsonNode comes = comes(task);
        assertEquals(
                "every 2 weeks on Monday and Wednesday", comes.path("words").asText());
        assertEquals("2040-01-04T09:00:00", comes.at("/next/0").asText());
        assertEquals("2040-01-16T09:00:00", comes.at("/next/1").asText());
        assertEquals("Asia/Tokyo", comes.at("/open/timeZone").asText());
    }

    @Test
    void aSeriesEndsWithoutItsRule() throws Exception {
        JsonNode task = weekly();
        is(200, alice.call("PATCH", path(task) + "?apply=following", "{\"recurrence\":null}"));
        JsonNode over = comes(task);
        assertTrue(over.path("rule").isNull() && over.path("words").isNull(), over::toString);
        assertEquals(0, over.path("next").size());
        assertTrue(is(200, alice.call("POST", path(task) + "/complete", null))
                .path("next")
                .isMissingNode());
    }

    @Test
    void aSeriesThatIsDoneToItsEndHasNoRuleAnyMore() throws Exception {
        JsonNode task = task("{\"list\":\"" + list
                + "\",\"title\":\"a\",\"due\":\"2040-01-02\",\"recurrence\":\"FREQ=DAILY;COUNT=1\"}");
        assertEquals("FREQ=DAILY;COUNT=1", comes(task).path("rule").asText());
        is(200, alice.call("POST", path(task) + "/complete", null));
        JsonNode over = comes(task);
        assertTrue(over.path("rule").isNull() && over.path("words").isNull(), over::toString);
        assertTrue(over.path("open").isNull(), over::toString);
        assertEquals(1, over.path("done").size());
    }

    @Test
    void whatIsDoneIsNotSteered() throws Exception {
        JsonNode task = weekly();
        is(200, alice.call("POST", path(task) + "/complete", null));
        is(409, alice.call("PATCH", path(task) + "?apply=following", "{\"due\":\"2040-01-03T09:00:00\"}"));
        is(200, alice.call("PATCH", path(task) + "?apply=following", "{\"title\":\"b\"}"));
        wrong("/apply", alice.call("PATCH", path(task) + "?apply=all", "{\"title\":\"b\"}"));
    }

    @Test
    void aKeyTellsAChangeOfOneFromThatOfAll() throws Exception {
        JsonNode task = weekly();
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        String due = "{\"due\":\"2040-01-03T09:00:00\"}";
        JsonNode first = is(200, alice.call("PATCH", path(task), due, key));
        assertEquals(first, is(200, alice.call("PATCH", path(task), due, key)));
        is(422, alice.call("PATCH", path(task) + "?apply=following", due, key));
    }

    /** It says how things shall be, so that each counts, whatever came before with that key. */
    @Test
    void aPutHasNoKey() throws Exception {
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        String member = "/api/lists/" + list + "/members/bob";
        is(204, alice.call("PUT", member, "{\"role\":\"viewer\"}", key));
        is(204, alice.call("PUT", member, "{\"role\":\"editor\"}", key));
        is(204, alice.call("DELETE", member, null));
        is(204, alice.call("PUT", member, "{\"role\":\"editor\"}", key));
        assertEquals(
                "editor",
                is(200, alice.call("GET", "/api/lists/" + list, null))
                        .at("/members/bob")
                        .asText());
    }

    // ---------------------------------------------------------------- A series

    @Test
    void aSeriesTellsWhatWasDoneWhatIsOpenAndWhatComes() throws Exception {
        JsonNode task = weekly();
        JsonNode fresh = comes(task);
        assertEquals(List.of("series", "list", "rule", "words", "open", "next", "done"), names(fresh));
        assertEquals(list, fresh.path("list").asText());
        assertEquals("weekly", fresh.path("rule").asText());
        assertEquals("every week", fresh.path("words").asText());
        assertEquals(is(200, alice.call("GET", path(task), null)), fresh.path("open"));
        assertEquals(10, fresh.path("next").size());
        assertEquals("2040-01-09T09:00:00", fresh.at("/next/0").asText());
        assertEquals("2040-03-12T09:00:00", fresh.at("/next/9").asText());
        assertEquals(0, fresh.path("done").size());

        JsonNode done = is(200, alice.call("POST", path(task) + "/complete", null));
        // Nobody follows events here: the next one is promised and has not come.
        JsonNode promised = comes(task);
        assertTrue(promised.path("open").isNull(), promised::toString);
        assertEquals(done.path("next"), promised.at("/next/0"));
        assertEquals(10, promised.path("next").size());
        assertEquals(1, promised.path("done").size());
        assertEquals(task.path("id"), promised.at("/done/0/task"));
        assertEquals(task.path("due"), promised.at("/done/0/due"));
        assertEquals(done.path("completedAt"), promised.at("/done/0/completedAt"));
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        JsonNode task = weekly();
        is(204, alice.call("DELETE", path(task), null));
        is(404, alice.call("GET", series(task), null));
        is(404, alice.call("GET", "/api/series/nope", null));
        wrong(
                "/series",
                alice.call("GET", "/api/tasks?series=" + task.path("series").asText(), null));
    }

    // ---------------------------------------------------------------- Calls

    private JsonNode weekly() throws Exception {
        return task(
                "{\"list\":\"" + list + "\",\"title\":\"a\",\"due\":\"2040-01-02T09:00:00\",\"recurrence\":\"weekly\","
                        + "\"timeZone\":\"UTC\",\"reminders\":[\"-PT1H\",\"2040-01-01T18:00:00Z\"]}");
    }

    private JsonNode task(String body) throws Exception {
        return is(201, alice.call("POST", "/api/tasks", body));
    }

    private JsonNode comes(JsonNode task) throws Exception {
        return is(200, alice.call("GET", series(task), null));
    }

    private static String path(JsonNode task) {
        return "/api/tasks/" + task.path("id").asText();
    }

    private static String series(JsonNode task) {
        return "/api/series/" + task.path("series").asText();
    }

    private static List<String> names(JsonNode object) {
        return object.propertyStream().map(Map.Entry::getKey).toList();
    }
}
