package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A second user's every attempt on the first's data is refused, and what is refused is told apart from nothing by nobody. */
@ExtendWith(Stack.class)
@Tag("FR-013")
class PrivacyIT {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String SECRET = "xylophone";

    /** NotYoursTest shows that both calls read the same documents. This test measures their times, in turns, by the median of many. */
    @Test
    void aTaskOfAnotherTakesAsLongAsNone() throws Exception {
        Person alice = Person.like("alice");
        Person mallory = Person.like("mallory");
        String hers = alice.task(alice.list("editor"), SECRET).path("id").asText();
        for (String call : List.of("GET ", "DELETE ", "POST /complete", "GET /history")) {
            String method = call.replaceFirst(" .*", "");
            String more = call.replaceFirst(".* ", "");
            List<Long> ofAnother = new ArrayList<>();
            List<Long> ofNone = new ArrayList<>();
            for (int i = 0; i < 150; i++) {
                String none = Long.toString(i + 1_000_000_000L, 36) + "abcdefghij.7";
                ofAnother.add(time(mallory, method, "/api/tasks/" + hers + more));
                ofNone.add(time(mallory, method, "/api/tasks/" + none + more));
            }
            long one = median(ofAnother);
            long other = median(ofNone);
            System.out.printf("%s of another's task: %d us, of none: %d us (p50 of 150)%n", call, one, other);
            assertTrue(
                    Math.max(one, other) < 1.4 * Math.min(one, other),
                    call + " takes " + one + " us and " + other + " us");
        }
    }

    private static long time(Person person, String method, String path) throws Exception {
        long start = System.nanoTime();
        person.api().send(method, path, null, Map.of()).with(404);
        return (System.nanoTime() - start) / 1_000;
    }

    private static long median(List<Long> times) {
        return times.stream().sorted().toList().get(times.size() / 2);
    }

    @Test
    void aStrangerFindsNothingAndChangesNothing() throws Exception {
        Person alice = Person.like("alice");
        Person mallory = Person.like("mallory");
        String list = alice.list("editor");
        String inbox = alice.api().get("/api/me").with(200).path("inbox").asText();
        String task = alice.task(
                        list,
                        SECRET,
                        "due",
                        "2037-01-01T00:00:00",
                        "tags",
                        List.of(SECRET),
                        "reminders",
                        List.of("-PT1H"))
                .path("id")
                .asText();
        String own = mallory.task(
                        mallory.api().get("/api/me").with(200).path("inbox").asText(), "own")
                .path("id")
                .asText();
        Stack.await(
                "the audit and the reminder of the task",
                SOON,
                () -> alice.api()
                                        .get("/api/tasks/" + task + "/history")
                                        .with(200)
                                        .path("entries")
                                        .size()
                                == 1
                        && alice.api()
                                        .get("/api/reminders?task=" + task)
                                        .with(200)
                                        .path("reminders")
                                        .size()
                                == 1);
        long before = alice.seq(list);

        // An existing thing is answered exactly as a missing one.
        for (String[] pair : new String[][] {
            {task, list + ".999"},
            {task, "nowhere.1"},
        }) {
            for (Call call : List.of(
                    new Call("GET", "", null),
                    new Call("GET", "/history", null),
                    new Call("PATCH", "", Map.of("title", "mine")),
                    new Call("PATCH", "", Map.of("list", inbox)),
                    new Call("DELETE", "", null),
                    new Call("POST", "/complete", null),
                    new Call("POST", "/reopen", null))) {
                JsonNode there = call.on(mallory, "/api/tasks/" + pair[0]).with(404);
                assertEquals(call.on(mallory, "/api/tasks/" + pair[1]).with(404), there, call::toString);
            }
        }
        for (String taken : List.of(list, inbox)) {
            for (Call call : List.of(
                    new Call("GET", "", null),
                    new Call("PATCH", "", Map.of("name", "mine")),
                    new Call("DELETE", "", null),
                    new Call("GET", "/changes?after=0", null),
                    new Call("GET", "/calendar", null),
                    new Call("DELETE", "/calendar", null),
                    new Call("PUT", "/members/" + mallory.name(), Map.of("role", "editor")),
                    new Call("DELETE", "/members/" + alice.name(), null),
                    new Call("DELETE", "/members/" + mallory.name(), null))) {
                JsonNode there = call.on(mallory, "/api/lists/" + taken).with(404);
                assertEquals(call.on(mallory, "/api/lists/nowhere").with(404), there, call::toString);
            }
            mallory.api().get("/api/audit?list=" + taken).with(404);
            mallory.api().get("/api/audit/verify?list=" + taken).with(404);
            mallory.api()
                    .post("/api/tasks", Map.of("list", taken, "title", "x"))
                    .with(422);
            mallory.api().patch("/api/tasks/" + own, Map.of("list", taken)).with(422);
        }
        for (String asked : List.of(
                "/api/tasks?limit=500",
                "/api/tasks?q=" + SECRET,
                "/api/tasks?tag=" + SECRET,
                "/api/tasks?list=" + list + "," + inbox,
                "/api/lists",
                "/api/audit?limit=500",
                "/api/audit?task=" + task,
                "/api/audit?actor=" + alice.name(),
                "/api/reminders",
                "/api/reminders?task=" + task)) {
            String told = mallory.api().get(asked).body().toString();
            assertFalse(told.contains(SECRET) || told.contains(list) || told.contains(alice.name()), asked + told);
        }
        String said = mallory.api()
                .post("/api/chat", Map.of("message", "done with " + SECRET))
                .with(200)
                .path("tasks")
                .toString();
        assertEquals("[]", said);
        assertEquals(before, alice.seq(list));
        assertEquals(
                "open",
                alice.api().get("/api/tasks/" + task).with(200).path("status").asText());
    }

    @Test
    @Tag("FR-005")
    void theFeedTellsMembersOnlyAndStopsWhenTheyAreNone() throws Exception {
        Person alice = Person.like("alice");
        Person bob = Person.like("bob");
        Person mallory = Person.like("mallory");
        String list = alice.list("editor", bob);
        try (LiveSocket his = bob.api().live();
                LiveSocket hers = mallory.api().live()) {
            for (LiveSocket socket : List.of(his, hers)) {
                socket.await("ready", SOON, frame -> frame.path("type").asText().equals("ready"));
                // To resume somebody else's list is to ask for nothing.
                socket.send(Map.of("type", "resume", "lists", Map.of(list, 0)));
            }
            alice.task(list, "both see this");
            his.await(
                    "the task", SOON, frame -> frame.at("/task/title").asText().equals("both see this"));
            alice.api().delete("/api/lists/" + list + "/members/" + bob.name()).with(204);
            his.await(
                    "gone",
                    SOON,
                    frame -> frame.path("type").asText().equals("gone")
                            && frame.path("list").asText().equals(list));
            alice.task(list, SECRET);
            // Each makes a change in an own list, which comes after the changes they must not hear.
            for (Person each : List.of(bob, mallory)) {
                each.task(each.api().get("/api/me").with(200).path("inbox").asText(), "own");
            }
            for (LiveSocket socket : List.of(his, hers)) {
                socket.await(
                        "their own",
                        SOON,
                        frame -> frame.at("/task/title").asText().equals("own"));
                List<LiveSocket.Frame> heard = new ArrayList<>(socket.frames());
                assertFalse(heard.toString().contains(SECRET), heard::toString);
            }
            assertFalse(hers.frames().toString().contains("both see this"), () -> "" + hers.frames());
        }
    }

    @Test
    void aTokenIsOneOnlyAsItWasSigned() throws Exception {
        Person alice = Person.like("alice");
        String ticket = alice.api()
                .post("/api/live/ticket", null)
                .with(200)
                .path("url")
                .asText()
                .replaceFirst(".*ticket=", "");
        String token = new Api(Stack.PAGE, "")
                .post("/api/dev/token", Map.of("user", alice.name()))
                .with(200)
                .path("token")
                .asText();
        String[] parts = token.split("\\.");
        String unsigned = "eyJhbGciOiJub25lIn0";
        for (String wrong : List.of(
                "x",
                ticket,
                token + "x",
                token.toUpperCase(java.util.Locale.ROOT),
                parts[0] + "." + parts[1] + ".",
                unsigned + "." + parts[1] + ".",
                unsigned + "." + parts[1] + "." + parts[2],
                parts[0] + "." + ticket.split("\\.")[1] + "." + parts[2])) {
            new Api(Stack.PAGE, wrong).get("/api/me").with(401);
        }
        Api nobody = new Api(Stack.PAGE, "");
        nobody.get("/api/me").with(401);
        nobody.get("/api/me?access_token=" + token).with(401);
        for (String scheme : List.of(token, "Basic " + token, "Token " + token, "Bearer")) {
            nobody.send("GET", "/api/me", null, Map.of("Authorization", scheme)).with(401);
        }
        nobody.send("GET", "/api/me", null, Map.of("Authorization", "bearer " + token))
                .with(200);
    }

    /** A call on something, with what goes behind its path. */
    private record Call(String method, String behind, Object body) {
        Api.Answer on(Person who, String path) throws IOException, InterruptedException {
            return who.api().send(method, path + behind, body, Map.of());
        }
    }
}
