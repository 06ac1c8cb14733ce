package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code Idempotency-Key}: whoever is not sure asks again, and nothing is done twice. */
@ExtendWith(Stack.class)
@Tag("FR-012")
@Tag(Stack.BESIDE_ANOTHER)
class IdempotencyIT {
    @Test
    void everyCallIsAnsweredAgainAndDoneOnce() throws Exception {
        Person alice = Person.like("alice");
        Person bob = Person.like("bob");
        Api api = alice.api();
        String list = alice.list("editor");
        String other = alice.list("editor", bob);
        JsonNode made = twice(api, "POST", "/api/tasks", Map.of("title", "x", "list", list), Map.of("title", "y"))
                .body();
        String task = "/api/tasks/" + made.path("id").asText();
        twice(api, "PATCH", task, Map.of("title", "y"), Map.of("title", "z"));
        twice(api, "POST", task + "/complete", null, null);
        twice(api, "POST", task + "/reopen", null, null);
        twice(api, "PATCH", task, Map.of("list", other), Map.of("list", list));
        twice(api, "DELETE", task, null, null);
        twice(api, "POST", "/api/lists", Map.of("name", "L"), Map.of("name", "M"));
        twice(api, "PATCH", "/api/lists/" + list, Map.of("name", "L"), Map.of("name", "M"));
        twice(api, "DELETE", "/api/lists/" + other + "/members/" + bob.name(), null, null);
        twice(api, "DELETE", "/api/lists/" + other, null, null);
        twice(api, "PATCH", "/api/me", Map.of("timeZone", "Asia/Tokyo"), Map.of("timeZone", "UTC"));
        twice(api, "POST", "/api/live/ticket", null, null);
        twice(api, "POST", "/api/chat", Map.of("message", "buy milk"), Map.of("message", "buy bread"));
        twice(api, "POST", "/api/chat", Map.of("message", "what is due this week"), Map.of("message", "buy bread"));
        twice(api, "POST", "/api/chat", Map.of("message", "done with milk"), Map.of("message", "buy bread"));
        // Created, renamed; the moved task came and went.
        assertEquals(7, alice.seq(list));
        assertEquals(1, api.get("/api/tasks?q=milk").with(200).path("total").asInt());
        assertEquals(0, api.get("/api/tasks?q=bread").with(200).path("total").asInt());
    }

    @Test
    void theFirstAnswerStandsWhateverHappenedSince() throws Exception {
        Person alice = Person.like("alice");
        String task = "/api/tasks/"
                + alice.api()
                        .post("/api/tasks", Map.of("title", "first"))
                        .with(201)
                        .path("id")
                        .asText();
        Map<String, String> key = key();
        JsonNode second =
                alice.api().send("PATCH", task, Map.of("title", "second"), key).with(200);
        alice.api().patch(task, Map.of("title", "third")).with(200);
        assertEquals(
                second,
                alice.api().send("PATCH", task, Map.of("title", "second"), key).with(200));
        assertEquals("third", alice.api().get(task).with(200).path("title").asText());
    }

    @Test
    void atOnceItIsDoneOnceToo() throws Exception {
        Person alice = Person.like("alice");
        String list = alice.list("editor");
        for (Map.Entry<String, Map<String, String>> call : Map.of(
                        "/api/tasks", Map.of("title", "x", "list", list),
                        "/api/lists", Map.of("name", "x"))
                .entrySet()) {
            Map<String, String> key = key();
            List<Api.Answer> answers =
                    Person.atOnce(8, i -> () -> alice.api().send("POST", call.getKey(), call.getValue(), key));
            assertEquals(
                    1,
                    answers.stream().map(answer -> answer.with(201)).distinct().count(),
                    () -> "" + answers);
        }
        assertEquals(2, alice.seq(list));
    }

    @Test
    void aFailureIsNotKept() throws Exception {
        Person alice = Person.like("alice");
        Map<String, String> key = key();
        alice.api().send("POST", "/api/tasks", Map.of("title", ""), key).with(422);
        alice.api().send("POST", "/api/tasks", Map.of("title", "x"), key).with(201);
    }

    @Test
    void aKeyIsOfOneUserAndOnePath() throws Exception {
        Person alice = Person.like("alice");
        Person bob = Person.like("bob");
        Map<String, String> key = key();
        Map<String, String> body = Map.of("title", "x");
        JsonNode hers = alice.api().send("POST", "/api/tasks", body, key).with(201);
        JsonNode his = bob.api().send("POST", "/api/tasks", body, key).with(201);
        assertEquals(bob.name(), his.path("createdBy").asText());
        String another = "/api/tasks/"
                + alice.api().post("/api/tasks", body).with(201).path("id").asText();
        alice.api()
                .send("PATCH", "/api/tasks/" + hers.path("id").asText(), Map.of("title", "y"), key)
                .with(200);
        assertEquals(
                another.substring("/api/tasks/".length()),
                alice.api()
                        .send("PATCH", another, Map.of("title", "y"), key)
                        .with(200)
                        .path("id")
                        .asText());
    }

    private static Api.Answer twice(Api api, String method, String path, Object body, Object otherBody)
            throws Exception {
        Map<String, String> key = key();
        Api.Answer first = api.send(method, path, body, key);
        Api.Answer again = api.send(method, path, body, key);
        String call = method + " " + path;
        assertEquals(2, first.status() / 100, () -> call + ": " + first.body());
        assertEquals(first.status(), again.status(), call);
        assertEquals(first.body(), again.body(), call);
        for (String header : List.of("Location", "ETag")) {
            assertEquals(first.headers().firstValue(header), again.headers().firstValue(header), call);
        }
        if (otherBody != null) {
            api.send(method, path, otherBody, key).with(422);
        }
        return first;
    }

    private static Map<String, String> key() {
        return Map.of("Idempotency-Key", UUID.randomUUID().toString());
    }
}
