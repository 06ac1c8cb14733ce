package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A program with a personal token, over all services: what it sees, what is told of it, and its end. */
@ExtendWith(Stack.class)
@Tag("FR-013")
class TokensIT {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration WITHDRAWN = Duration.ofSeconds(5);

    @Test
    void aTokenForAListHearsOfThatAloneUntilItIsWithdrawnOnEveryReplica() throws Exception {
        Person alice = Person.like("alice");
        String list = alice.list("owner");
        String other = alice.list("owner");
        String hidden = alice.task(other, "hidden").path("id").asText();
        JsonNode made = alice.api()
                .post(
                        "/api/tokens",
                        Map.of("name", "a program", "scopes", List.of("read", "write"), "lists", List.of(list)))
                .with(201);
        Api program = new Api(Stack.PAGE, made.path("token").asText());
        try (LiveSocket feed = LiveSocket.connect(
                program.post("/api/live/ticket", null).with(200).path("url").asText())) {
            JsonNode ready = feed.await(
                            "ready", SOON, frame -> frame.path("type").asText().equals("ready"))
                    .json();
            assertEquals(1, ready.path("lists").size(), ready::toString);
            alice.task(other, "hidden too");
            String seen = program.post("/api/tasks", Map.of("list", list, "title", "seen"))
                    .with(201)
                    .path("id")
                    .asText();
            feed.await(
                    "the change", SOON, frame -> frame.at("/task/id").asText().equals(seen));
            assertFalse(feed.frames().toString().contains(other));
            program.get("/api/tasks/" + hidden).with(404);
            program.get("/api/tasks/" + hidden + "/history").with(404);
            program.get("/api/audit?list=" + other).with(404);
            Stack.await(
                    "the audit of its list",
                    SOON,
                    () -> program.get("/api/audit?limit=500")
                                    .with(200)
                                    .path("entries")
                                    .size()
                            > 1);
            assertFalse(program.get("/api/audit?limit=500").body().toString().contains(other));
            program.get("/api/me").with(403);
            program.get("/api/tokens").with(403);
            program.get("/api/ops/dead-letters").with(403);

            Stack.start("task-2");
            Api second = program.at("http://localhost:"
                    + Stack.control()
                            .part("task-2")
                            .path("ports")
                            .path("public")
                            .asInt());
            second.get("/api/lists/" + list).with(200);
            alice.api().delete("/api/tokens/" + made.path("id").asText()).with(204);
            long start = System.nanoTime();
            Stack.await(
                    "it is good nowhere",
                    WITHDRAWN,
                    () -> program.get("/api/lists").status() == 401
                            && second.get("/api/lists").status() == 401
                            && feed.closed() == 4401);
            System.out.printf("a withdrawn token was good for %d ms%n", (System.nanoTime() - start) / 1_000_000);
        } finally {
            Stack.stop("task-2", "task-2-sidecar");
        }

        String inbox = alice.api().get("/api/me").with(200).path("inbox").asText();
        String field = "tokens/" + made.path("id").asText();
        Stack.await(
                "made, used, withdrawn",
                SOON,
                () -> alice.api()
                                .get("/api/audit?limit=500&list=" + inbox)
                                .with(200)
                                .path("entries")
                                .valueStream()
                                .filter(entry -> entry.path("changed").has(field))
                                .count()
                        == 3);
        assertTrue(alice.verified(inbox));
    }

    @Test
    void aCalendarHasAListByItsLinkUntilTheMemberWhoMadeItIsNone() throws Exception {
        Person alice = Person.like("alice");
        Person bob = Person.like("bob");
        String list = alice.list("viewer", bob);
        alice.task(list, "seen", "due", "2040-01-31T09:00:00", "timeZone", "Europe/Warsaw", "recurrence", "weekly");
        URI link = URI.create(bob.api()
                .post("/api/lists/" + list + "/links", null)
                .with(201)
                .path("url")
                .asText());
        HttpResponse<String> todos = fetch(link, "");
        assertEquals(200, todos.statusCode(), todos.body());
        assertTrue(todos.body().contains("SUMMARY:seen\r\n"), todos.body());
        assertTrue(todos.body().contains("DUE;TZID=Europe/Warsaw:20400131T090000\r\n"), todos.body());
        assertTrue(todos.body().contains("RRULE:FREQ=WEEKLY\r\n"), todos.body());
        assertEquals(
                304,
                fetch(link, todos.headers().firstValue("ETag").orElseThrow()).statusCode());
        assertTrue(fetch(URI.create(link + "?as=events"), "").body().contains("BEGIN:VEVENT"));
        alice.api().delete("/api/lists/" + list + "/members/" + bob.name()).with(204);
        assertEquals(404, fetch(link, "").statusCode());
    }

    private static HttpResponse<String> fetch(URI link, String known) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(link);
        if (!known.isEmpty()) {
            request.header("If-None-Match", known);
        }
        return Api.CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
