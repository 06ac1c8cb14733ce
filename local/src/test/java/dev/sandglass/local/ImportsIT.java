package dev.sandglass.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Files of other programs come in, with all that follows from new tasks, and everything comes out and goes in again. */
@ExtendWith(Stack.class)
@Tag(Stack.BESIDE_ANOTHER)
class ImportsIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Map<String, String> FILE = Map.of("Content-Type", "application/octet-stream");
    private static final String TODO = """
            BEGIN:VCALENDAR\r
            VERSION:2.0\r
            BEGIN:VTODO\r
            UID:rent-1\r
            SUMMARY:Pay rent\r
            DUE;TZID=Europe/Warsaw:20400131T090000\r
            RRULE:FREQ=MONTHLY;BYMONTHDAY=-1\r
            BEGIN:VALARM\r
            ACTION:DISPLAY\r
            TRIGGER;RELATED=END:-PT1H\r
            END:VALARM\r
            END:VTODO\r
            END:VCALENDAR\r
            """;

    private static JsonNode shown(Person who, String file) throws Exception {
        return patiently(() -> who.api().send("POST", "/api/imports", file, FILE))
                .with(201);
    }

    private static JsonNode applied(Person who, JsonNode shown) throws Exception {
        return done(who, "/api/imports/" + shown.path("id").asText() + "/apply");
    }

    private static JsonNode done(Person who, String path) throws Exception {
        Map<String, String> once = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        return patiently(() -> who.api().send("POST", path, null, once)).with(200);
    }

    /** Asks again for all that a busy machine does not do in time, as the answer says. */
    private static Api.Answer patiently(Callable<Api.Answer> call) throws Exception {
        Api.Answer[] last = new Api.Answer[1];
        Stack.await("an answer in time", Duration.ofMinutes(3), () -> {
            try {
                last[0] = call.call();
                return last[0].status() != 503;
            } catch (HttpTimeoutException busy) {
                return false;
            }
        });
        return last[0];
    }

    private static List<Integer> counts(JsonNode applied) {
        return List.of(
                applied.path("made").asInt(),
                applied.path("updated").asInt(),
                applied.path("skipped").asInt(),
                applied.path("failed").asInt());
    }

    private static int total(Person who) throws Exception {
        return who.api().get("/api/tasks?limit=1").with(200).path("total").asInt();
    }

    @Test
    void whatComesInRemindsRecursAndIsInTheAuditAndGoesAsOne() throws Exception {
        Person alice = Person.like("alice");
        String inbox = alice.api().get("/api/me").with(200).path("inbox").asText();
        JsonNode shown = shown(alice, TODO);
        assertEquals(0, total(alice), "nothing is changed yet");
        assertEquals(List.of(1, 0, 0, 0), counts(applied(alice, shown)));
        assertEquals(List.of(0, 0, 1, 0), counts(applied(alice, shown(alice, TODO))));
        JsonNode task = alice.api().get("/api/tasks").with(200).at("/tasks/0");
        String id = task.path("id").asText();
        Stack.await("its reminder", SOON, () -> alice.reminders(id, "scheduled").size() == 1);
        assertEquals(
                "2040-02-29T09:00:00",
                alice.api()
                        .post("/api/tasks/" + id + "/complete", null)
                        .with(200)
                        .path("next")
                        .asText());
        Stack.await("the next one", SOON, () -> total(alice) == 2);
        alice.api().post("/api/undo", null).with(200);
        alice.api().post("/api/undo", null).with(200);
        assertEquals(0, total(alice));
        Stack.await("the audit", SOON, () -> alice.verified(inbox));
    }

    @Test
    void aLongFileComesInAndGoesAsOne() throws Exception {
        Person alice = Person.like("alice");
        alice.api().post("/api/tasks", Map.of("title", "Before")).with(201);
        String file = IntStream.range(0, 3_000)
                .mapToObj(i -> "task " + i + " +many due:2040-01-31")
                .collect(Collectors.joining("\n"));
        JsonNode shown = shown(alice, file);
        long begun = System.nanoTime();
        List<Integer> counts = counts(applied(alice, shown));
        assertEquals(List.of(3_000, 0, 0), List.of(counts.get(0) + counts.get(2), counts.get(1), counts.get(3)));
        assertEquals(3_001, total(alice));
        System.out.printf("3,000 tasks were taken in in %d ms%n", (System.nanoTime() - begun) / 1_000_000);
        assertEquals(List.of(0, 0, 3_000, 0), counts(applied(alice, shown)));
        begun = System.nanoTime();
        done(alice, "/api/undo");
        System.out.printf("and taken back in %d ms%n", (System.nanoTime() - begun) / 1_000_000);
        assertEquals(1, total(alice));
        done(alice, "/api/undo");
        assertEquals(0, total(alice), "then what was before");
    }

    @Test
    void everythingComesOutAndGoesInAgain() throws Exception {
        Person alice = Person.like("alice");
        Person bob = Person.like("bob");
        String home = alice.list("owner");
        alice.task(home, "Swim", "due", "2040-01-02T09:00:00", "timeZone", "Europe/Warsaw", "recurrence", "weekly");
        alice.task(home, "Read", "tags", List.of("a"), "description", "one\ntwo");
        Stack.await("the audit", SOON, () -> alice.verified(home));
        HttpResponse<byte[]> archive = Api.CLIENT.send(
                HttpRequest.newBuilder(URI.create(Stack.PAGE + "/api/export"))
                        .header("Authorization", "Bearer " + alice.api().token())
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertEquals(200, archive.statusCode());
        String audit = "";
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive.body()))) {
            for (var file = zip.getNextEntry(); file != null; file = zip.getNextEntry()) {
                String text = new String(zip.readAllBytes(), UTF_8);
                audit = file.getName().equals("audit.jsonl") ? text : audit;
            }
        }
        assertTrue(audit.contains("\"Swim\"") && audit.contains("list.created"), audit);
        HttpResponse<String> sent = Api.CLIENT.send(
                HttpRequest.newBuilder(URI.create(Stack.PAGE + "/api/imports"))
                        .header("Authorization", "Bearer " + bob.api().token())
                        .header("Content-Type", "application/zip")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(archive.body()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(201, sent.statusCode(), sent.body());
        JsonNode shown = Api.JSON.readTree(sent.body());
        assertEquals(0, shown.path("entries").findValues("here").size(), "what is alice's is not here for bob");
        assertEquals(List.of(2, 0, 0, 0), counts(applied(bob, shown)));
        JsonNode his = bob.api().get("/api/tasks?sort=title").with(200).path("tasks");
        JsonNode hers = alice.api().get("/api/tasks?sort=title").with(200).path("tasks");
        for (String field : List.of("title", "description", "due", "timeZone", "recurrence", "tags", "priority")) {
            assertEquals(hers.findValues(field), his.findValues(field), field);
        }
    }
}
