package dev.sandglass.recurrence.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryLetters;
import dev.sandglass.support.domain.Letter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An event comes from the sidecar, a call goes to it: the service as Dapr sees it. */
@QuarkusTest
@Tag("FR-002")
class CreateNextRoutesTest {
    @Inject
    RecurrenceSidecar sidecar;

    @Inject
    MeterRegistry meters;

    @TestHTTPResource("/events/task-events")
    URI events;

    @BeforeEach
    void taskAnswers() {
        sidecar.answer(200);
        sidecar.confirmed("[]");
        sidecar.asked();
    }

    @Test
    void aCompletionIsFollowedByTheNextOccurrence() throws Exception {
        assertEquals("SUCCESS", deliver(completion("\"monthly\"")));
        RecurrenceSidecar.Call call = only();
        assertEquals("task", call.app());
        assertEquals("internal/occurrences/household.2", call.path());
        assertEquals(Json.read("{\"due\":\"2027-02-28T09:00:00\"}", ObjectNode.class), call.body());
    }

    @Test
    void whatDoesNotRecurIsLeftAlone() throws Exception {
        assertEquals("SUCCESS", deliver(completion("null").replaceFirst(",\"rule\":\\{[^}]*}", "")));
        assertEquals(List.of(), sidecar.asked());
    }

    @Test
    void otherChangesAreLeftAlone() throws Exception {
        for (String type : List.of("task.updated", "task.created", "task.deleted")) {
            assertEquals("SUCCESS", deliver(completion("\"daily\"").replace("task.completed", type)));
        }
        assertEquals(List.of(), sidecar.asked());
    }

    @Test
    @Tag("FR-012")
    void whileTaskIsAwayTheEventComesAgain() throws Exception {
        sidecar.answer(503);
        assertEquals("RETRY", deliver(completion("\"daily\"")));
    }

    @Test
    @Tag("FR-012")
    void aCompletionThatTaskFailsAtIsADeadLetterWithItsReason() throws Exception {
        sidecar.answer(500);
        assertEquals("SUCCESS", deliver(completion("\"daily\"").replace("household/3", "household/failed")));
        Letter letter = MemoryLetters.in(sidecar).get(0);
        assertEquals("household/failed", letter.id());
        assertEquals("task failed at this call, and has logged why", letter.why());
    }

    @Test
    void whatWasSettledOtherwiseIsDone() throws Exception {
        sidecar.answer(409);
        assertEquals("SUCCESS", deliver(completion("\"daily\"")));
    }

    @Test
    @Tag("FR-012")
    void whatCannotBeHandledIsADeadLetterWithItsReasonAndHoldsUpNobody() throws Exception {
        for (String event : List.of("{\"id\":\"x\"}", "no JSON", "", completion("\"FREQ=NEVER\""))) {
            assertEquals("SUCCESS", deliver(event));
            Letter letter = MemoryLetters.in(sidecar).get(0);
            assertEquals(event, letter.event());
            assertEquals("events/task-events", letter.path());
            assertEquals(1, letter.tries());
        }
        assertEquals("household/3", MemoryLetters.in(sidecar).get(0).id());
        assertEquals(List.of(), sidecar.asked());
        assertEquals("SUCCESS", deliver(completion("\"daily\"")));
    }

    @Test
    @Tag("FR-012")
    void aCompletionThatFailsAndThatTaskConfirmsIsLeftToTheSweepAndIsNoDeadLetter() throws Exception {
        String broken = completion("\"FREQ=NEVER\"");
        List<Letter> before = MemoryLetters.in(sidecar);
        sidecar.confirmed("[" + data(broken) + "]");
        assertEquals("SUCCESS", deliver(broken));
        assertEquals(List.of("GET internal/awaiting/household.2"), sidecar.calls());
        assertEquals(before, MemoryLetters.in(sidecar));
    }

    @Test
    @Tag("FR-012")
    void whereTaskHasAnotherCompletionTheOneThatFailsIsADeadLetter() throws Exception {
        String broken = completion("\"FREQ=NEVER\"").replace("household/3", "household/other");
        sidecar.confirmed("[" + data(broken).replace("\"seq\":3", "\"seq\":4") + "]");
        assertEquals("SUCCESS", deliver(broken));
        assertEquals("household/other", MemoryLetters.in(sidecar).get(0).id());
    }

    @Test
    @Tag("FR-012")
    void whileTaskCannotConfirmACompletionThatFailsItComesAgain() throws Exception {
        List<Letter> before = MemoryLetters.in(sidecar);
        sidecar.answer(503);
        assertEquals("RETRY", deliver(completion("\"FREQ=NEVER\"")));
        assertEquals(List.of("GET internal/awaiting/household.2"), sidecar.calls());
        assertEquals(before, MemoryLetters.in(sidecar));
    }

    @Test
    @Tag("FR-012")
    void manyThatComeTogetherAreHandledOneByOneAndComeAgainTogether() throws Exception {
        String broken = completion("\"FREQ=NEVER\"").replace("household/3", "household/4");
        String many = "{\"id\":\"b\",\"topic\":\"task-events\",\"entries\":[{\"entryId\":\"1\",\"event\":%s},"
                        .formatted(broken)
                + "{\"entryId\":\"2\",\"event\":%s}]}".formatted(completion("\"daily\""));
        assertEquals(
                "{\"statuses\":[{\"entryId\":\"1\",\"status\":\"SUCCESS\"},{\"entryId\":\"2\",\"status\":\"SUCCESS\"}]}",
                post(RecurrenceSidecar.APP_TOKEN, many).body());
        assertEquals("internal/occurrences/household.2", only().path());
        assertEquals(
                Json.read(broken, JsonNode.class),
                Json.read(MemoryLetters.in(sidecar).get(0).event(), JsonNode.class));

        sidecar.answer(503);
        assertEquals(
                "{\"statuses\":[{\"entryId\":\"1\",\"status\":\"RETRY\"},{\"entryId\":\"2\",\"status\":\"RETRY\"}]}",
                post(RecurrenceSidecar.APP_TOKEN, many).body());
    }

    @Test
    @Tag("FR-012")
    void whileDeadLettersCannotBeKeptTheEventComesAgain() throws Exception {
        sidecar.fail(1);
        assertEquals("RETRY", deliver("nor is this"));
        sidecar.fail(0);
        assertEquals("SUCCESS", deliver("nor is this"));
    }

    @Test
    @Tag("FR-015")
    void eachTimeItCannotDoWhatCameIsCounted() throws Exception {
        sidecar.answer(503);
        assertEquals("RETRY", deliver(completion("\"daily\"")));
        double before = retries();
        assertEquals("RETRY", deliver(completion("\"daily\"")));
        assertEquals(before + 1, retries());
    }

    private double retries() {
        return meters.get("sandglass.events.answers")
                .tags("topic", "task-events", "answer", "RETRY")
                .counter()
                .count();
    }

    @Test
    @Tag("FR-013")
    void withoutTheAppTokenNothingComesIn() throws Exception {
        assertEquals(403, post("not the token", completion("\"daily\"")).statusCode());
        assertEquals(List.of(), sidecar.asked());
    }

    private static String data(String event) {
        return Json.read(event, JsonNode.class).path("data").toString();
    }

    private RecurrenceSidecar.Call only() {
        List<RecurrenceSidecar.Call> asked = sidecar.asked();
        assertEquals(1, asked.size());
        return asked.get(0);
    }

    private String deliver(String event) throws Exception {
        HttpResponse<String> answer = post(RecurrenceSidecar.APP_TOKEN, event);
        assertEquals(200, answer.statusCode());
        return Json.read(answer.body(), JsonNode.class).path("status").asText();
    }

    private HttpResponse<String> post(String token, String event) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(events)
                .header("dapr-api-token", token)
                .header("Content-Type", "application/cloudevents+json")
                .POST(HttpRequest.BodyPublishers.ofString(event))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String completion(String recurrence) {
        String task = """
                {"id":"household.1","list":"household","title":"Pay rent","description":"","priority":"high","tags":[],\
                "status":"completed","due":"2027-01-31T09:00:00","timeZone":"Europe/Warsaw","dueAt":null,"overdue":false,\
                "recurrence":%s,"recurFrom":"schedule","reminders":[],"series":"household.1","occurrence":1,"version":2,\
                "createdAt":"2027-01-01T10:00:00Z","createdBy":"alice","updatedAt":"2027-01-31T07:00:00Z",\
                "completedAt":"2027-01-31T07:00:00Z"}""".formatted(recurrence);
        return """
               {"specversion":"1.0","id":"household/3","source":"sandglass/task","type":"task.completed",\
               "subject":"household.1","time":"2027-01-31T07:00:00Z","datacontenttype":"application/json",\
               "data":{"event":"task.completed","list":"household","seq":3,"at":"2027-01-31T07:00:00Z","actor":"alice",\
               "changed":{},"task":%s,"rule":{"anchor":"2027-01-31T09:00:00","slot":"2027-01-31T09:00:00",\
               "successor":"household.2"},\
               "prev":"","hash":""}}""".formatted(task);
    }
}
