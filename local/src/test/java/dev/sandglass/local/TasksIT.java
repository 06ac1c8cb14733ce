package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operations of clients on tasks, by one client and by many at once. */
@ExtendWith(Stack.class)
@Tag(Stack.BESIDE_ANOTHER)
class TasksIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String GRIN = new String(Character.toChars(0x1F600));

    @Test
    @Tag("FR-008")
    @Tag("FR-009")
    void aTaskHasItsDefaultsAndIsReadAsItWasAnswered() throws Exception {
        Person alice = Person.like("alice");
        Api.Answer made = alice.api().post("/api/tasks", Map.of("title", "Pay rent"));
        JsonNode task = made.with(201);
        JsonNode me = alice.api().get("/api/me").with(200);
        assertEquals(me.path("inbox"), task.path("list"));
        assertEquals(me.path("timeZone"), task.path("timeZone"));
        assertEquals(
                Api.JSON.readTree("""
                        {"description":"","priority":"medium","tags":[],"status":"open","due":null,"dueAt":null,
                         "overdue":false,"recurrence":null,"recurFrom":"schedule","workdays":"as-is","reminders":[],"occurrence":1,
                         "version":1,"completedAt":null}"""),
                Api.JSON.valueToTree(task.properties().stream()
                        .filter(field -> !Set.of(
                                        "id",
                                        "list",
                                        "title",
                                        "timeZone",
                                        "series",
                                        "createdAt",
                                        "createdBy",
                                        "updatedAt")
                                .contains(field.getKey()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))));
        Api.Answer read = alice.api().get(made.headers().firstValue("Location").orElseThrow());
        assertEquals(task, read.with(200));
        assertEquals(made.headers().firstValue("ETag"), read.headers().firstValue("ETag"));
    }

    @Test
    @Tag("FR-008")
    void whatIsJustAllowedIsTakenAsItWasSent() throws Exception {
        Person alice = Person.like("alice");
        String inbox = alice.api().get("/api/me").with(200).path("inbox").asText();
        List<String> tags = java.util.stream.IntStream.range(0, 50)
                .mapToObj(i -> GRIN.repeat(48) + (10 + i))
                .toList();
        String longest = GRIN.repeat(16_000);
        JsonNode task = alice.task(inbox, GRIN.repeat(500), "tags", tags, "description", longest);
        assertEquals(GRIN.repeat(500), task.path("title").asText());
        assertEquals(longest, task.path("description").asText());
        assertEquals(Api.JSON.valueToTree(tags), task.path("tags"));
        for (String odd :
                List.of("${body}", "{{sandglass.profile}}", "$simple{1+1}", "</script>", "'; DROP TABLE state")) {
            assertEquals(
                    odd,
                    alice.task(inbox, odd, "description", odd).path("title").asText());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2027-01-31T09:00:00, Europe/Warsaw, 2027-01-31T08:00:00Z",
        // All day: to the end of that day.
        "2027-01-31, Europe/Warsaw, 2027-01-31T23:00:00Z",
        // Skipped: with the offset before the change.
        "2027-03-28T02:30:00, Europe/Warsaw, 2027-03-28T01:30:00Z",
        "2027-03-14T02:30:00, America/New_York, 2027-03-14T07:30:00Z",
        // Comes twice: the first.
        "2027-10-31T02:30:00, Europe/Warsaw, 2027-10-31T00:30:00Z",
        "2027-11-07T01:30:00, America/New_York, 2027-11-07T05:30:00Z"
    })
    @Tag("FR-009")
    void itIsOverdueFromTheInstantItsClocksMean(String due, String zone, String dueAt) throws Exception {
        Person alice = Person.like("alice");
        JsonNode task = alice.api()
                .post("/api/tasks", Map.of("title", "x", "due", due, "timeZone", zone))
                .with(201);
        assertEquals(due, task.path("due").asText());
        assertEquals(dueAt, task.path("dueAt").asText());
    }

    @Test
    @Tag("FR-009")
    void nullTakesAFieldBackToItsDefault() throws Exception {
        Person alice = Person.like("alice");
        String list = alice.list("editor");
        JsonNode task = alice.task(
                list,
                "x",
                "description",
                "y",
                "priority",
                "urgent",
                "tags",
                List.of("a"),
                "due",
                "2037-01-31",
                "timeZone",
                "Asia/Tokyo",
                "recurrence",
                "daily",
                "recurFrom",
                "completion",
                "workdays",
                "after",
                "reminders",
                List.of("-PT15M"));
        Map<String, Object> nulls = new HashMap<>();
        for (String field : List.of(
                "list",
                "description",
                "priority",
                "tags",
                "due",
                "timeZone",
                "recurrence",
                "recurFrom",
                "workdays",
                "reminders")) {
            nulls.put(field, null);
        }
        JsonNode plain = alice.api().patch(path(task), nulls).with(200);
        JsonNode fresh = alice.api().post("/api/tasks", Map.of("title", "x")).with(201);
        nulls.keySet().forEach(field -> assertEquals(fresh.path(field), plain.path(field), field));
    }

    /** On a day the clocks go on, and on one they go back. */
    @ParameterizedTest
    @CsvSource({
        "2037-03-29, Europe/Warsaw, 2037-03-28T08:00:00Z, 2037-03-29T07:00:00Z",
        "2037-10-25, Europe/Warsaw, 2037-10-24T07:00:00Z, 2037-10-25T08:00:00Z",
        "2037-03-08, America/New_York, 2037-03-07T14:00:00Z, 2037-03-08T13:00:00Z",
        "2037-11-01, America/New_York, 2037-10-31T13:00:00Z, 2037-11-01T14:00:00Z",
        "2037-10-04, Australia/Lord_Howe, 2037-10-02T22:30:00Z, 2037-10-03T22:00:00Z"
    })
    @Tag("FR-003")
    void remindersOfAnAllDayTaskGoByTheClockOnTheWall(String day, String zone, String nineBefore, String nine)
            throws Exception {
        Person alice = Person.like("alice");
        JsonNode task = alice.api()
                .post(
                        "/api/tasks",
                        Map.of("title", "bins", "due", day, "timeZone", zone, "reminders", List.of("PT9H", "-PT15H")))
                .with(201);
        Stack.await("the reminders", SOON, () -> {
            List<String> times = new ArrayList<>();
            alice.api()
                    .get("/api/reminders?task=" + task.path("id").asText())
                    .with(200)
                    .path("reminders")
                    .forEach(reminder -> times.add(reminder.path("at").asText()));
            return times.equals(List.of(nineBefore, nine));
        });
    }

    @Test
    @Tag("FR-012")
    void aStaleIfMatchIsAnsweredWithTheTaskAsItIs() throws Exception {
        Person alice = Person.like("alice");
        Api.Answer made = alice.api().post("/api/tasks", Map.of("title", "x"));
        String first = made.headers().firstValue("ETag").orElseThrow();
        String path = path(made.with(201));
        alice.api().patch(path, Map.of("title", "y")).with(200);
        JsonNode now = alice.api().get(path).with(200);
        for (String call : List.of("PATCH ", "DELETE ", "POST /complete", "POST /reopen")) {
            String method = call.replaceFirst(" .*", "");
            Object body = method.equals("PATCH") ? Map.of("title", "z") : null;
            JsonNode refused = alice.api()
                    .send(method, path + call.replaceFirst(".* ", ""), body, Map.of("If-Match", first))
                    .with(412);
            assertEquals(now, refused.path("task"), call);
        }
        assertEquals(now, alice.api().get(path).with(200));
    }

    @Test
    @Tag("FR-012")
    void ofManyWithTheSameIfMatchOneGoesThrough() throws Exception {
        Person alice = Person.like("alice");
        Api.Answer made = alice.api().post("/api/tasks", Map.of("title", "x"));
        String path = path(made.with(201));
        String tag = made.headers().firstValue("ETag").orElseThrow();
        List<Integer> answers = Person.atOnce(
                        10,
                        i -> () -> alice.api().send("PATCH", path, Map.of("title", "by " + i), Map.of("If-Match", tag)))
                .stream()
                .map(Api.Answer::status)
                .sorted()
                .toList();
        assertEquals(List.of(200, 412, 412, 412, 412, 412, 412, 412, 412, 412), answers);
    }

    @Test
    void changesAtOnceAreAllThere() throws Exception {
        Person alice = Person.like("alice");
        String list = alice.list("editor");
        List<Api.Answer> made = Person.atOnce(
                50, i -> () -> alice.api().post("/api/tasks", Map.of("list", list, "title", "task " + i)));
        assertEquals(
                50,
                made.stream()
                        .map(answer -> answer.with(201).path("id").asText())
                        .distinct()
                        .count());
        assertEquals(
                50,
                alice.api()
                        .get("/api/tasks?limit=1&list=" + list)
                        .with(200)
                        .path("total")
                        .asInt());
        assertEquals(51, alice.seq(list));

        List<Map<String, Object>> fields = List.of(
                Map.of("title", "renamed"),
                Map.of("description", "described"),
                Map.of("priority", "urgent"),
                Map.of("tags", List.of("tagged")),
                Map.of("due", "2037-05-05"),
                Map.of("timeZone", "Asia/Tokyo"),
                Map.of("recurFrom", "completion"),
                Map.of("reminders", List.of("2037-01-01T00:00:00Z")));
        String path = path(made.get(0).with(201));
        for (Api.Answer answer : Person.atOnce(40, i -> () -> alice.api().patch(path, fields.get(i % 8)))) {
            answer.with(200);
        }
        JsonNode task = alice.api().get(path).with(200);
        fields.forEach(field -> field.forEach(
                (name, value) -> assertEquals(Api.JSON.<JsonNode>valueToTree(value), task.path(name), name)));
        assertEquals(9, task.path("version").asInt(), "what changes nothing is no version");
    }

    @Test
    @Tag("FR-002")
    void completedByManyAtOnceItComesAgainOnce() throws Exception {
        Person alice = Person.like("alice");
        String list = alice.list("editor");
        JsonNode task = alice.task(
                list,
                "rent",
                "due",
                "2037-01-31T09:00:00",
                "recurrence",
                "monthly",
                "tags",
                List.of("home"),
                "reminders",
                List.of("-PT15M", "2037-01-30T18:00:00Z"));
        for (Api.Answer answer : Person.atOnce(20, i -> () -> alice.api().post(path(task) + "/complete", null))) {
            assertEquals("2037-02-28T09:00:00", answer.with(200).path("next").asText());
        }
        JsonNode successor = theOpenOne(alice, list);
        assertEquals(2, successor.path("occurrence").asInt());
        assertEquals("2037-02-28T09:00:00", successor.path("due").asText());
        assertEquals(task.path("tags"), successor.path("tags"));
        assertEquals(Api.JSON.valueToTree(List.of("-PT15M", "2037-02-27T18:00:00Z")), successor.path("reminders"));

        // Untouched, it is taken away again; completed once more, it is made anew.
        alice.api().post(path(task) + "/reopen", null).with(200);
        alice.api().get(path(successor)).with(404);
        alice.api().post(path(task) + "/complete", null).with(200);
        JsonNode anew = theOpenOne(alice, list);
        assertEquals(2, anew.path("occurrence").asInt());

        // Touched, it stays, and there is no other.
        alice.api().patch(path(anew), Map.of("title", "rent, and more")).with(200);
        alice.api().post(path(task) + "/reopen", null).with(200);
        alice.api().get(path(anew)).with(200);
        alice.api().post(path(task) + "/complete", null).with(200);
        assertEquals(anew.path("id"), theOpenOne(alice, list).path("id"));

        // Deleted, it is made anew as well.
        alice.api().delete(path(anew)).with(204);
        alice.api().post(path(task) + "/reopen", null).with(200);
        alice.api().post(path(task) + "/complete", null).with(200);
        assertEquals(2, theOpenOne(alice, list).path("occurrence").asInt());
    }

    @Test
    @Tag("FR-002")
    void nextIsNullAtTheEndOfTheRuleAndAbsentWithoutOne() throws Exception {
        Person alice = Person.like("alice");
        String list = alice.list("editor");
        JsonNode plain = alice.api()
                .post(path(alice.task(list, "plain")) + "/complete", null)
                .with(200);
        assertFalse(plain.has("next"));
        JsonNode last = alice.api()
                .post(
                        path(alice.task(list, "last", "due", "2037-01-01", "recurrence", "FREQ=DAILY;COUNT=1"))
                                + "/complete",
                        null)
                .with(200);
        assertTrue(last.has("next") && last.path("next").isNull(), last::toString);
    }

    @Test
    @Tag("FR-005")
    @Tag("FR-007")
    @Tag("FR-013")
    void aMovedTaskKeepsItsIdAndItsPastStaysWithThoseWhoSawIt() throws Exception {
        Person alice = Person.like("alice");
        Person left = Person.like("left");
        Person joined = Person.like("joined");
        String from = alice.list("editor", left);
        String to = alice.list("editor", joined);
        JsonNode task = alice.task(from, "our secret");
        long before = alice.seq(from);
        JsonNode moved = alice.api()
                .patch(path(task), Map.of("list", to, "title", "for all"))
                .with(200);
        assertEquals(task.path("id"), moved.path("id"));

        JsonNode gone = left.changes(from, before).path(0);
        assertEquals("task.deleted", gone.path("event").asText());
        assertEquals("our secret", gone.at("/task/title").asText());
        JsonNode come = joined.changes(to, 0).path((int) alice.seq(to) - 1);
        assertEquals("task.created", come.path("event").asText());
        assertEquals(moved.path("id"), come.at("/task/id"));
        left.api().get(path(task)).with(404);
        joined.api().get(path(task)).with(200);

        historyIs(alice, task, "task.created", "task.deleted", "task.created");
        historyIs(left, task, "task.created", "task.deleted");
        historyIs(joined, task, "task.created");
        for (Person partly : List.of(left, joined)) {
            String told = partly.api().get(path(task) + "/history").with(200).toString();
            assertFalse(told.contains(partly == left ? "for all" : "our secret"), told);
        }

        // Its list of birth may go; it can still be found, changed and moved.
        alice.api().delete("/api/lists/" + from).with(204);
        alice.api().patch(path(task), Map.of("title", "still here")).with(200);
        Map<String, Object> toTheInbox = new HashMap<>();
        toTheInbox.put("list", null);
        alice.api().patch(path(task), toTheInbox).with(200);
        assertEquals(
                "still here",
                alice.api().get(path(task)).with(200).path("title").asText());
    }

    @Test
    @Tag("FR-012")
    void aMoveThatIsRefusedMovesNothing() throws Exception {
        Person alice = Person.like("alice");
        String from = alice.list("editor");
        String to = alice.list("editor");
        JsonNode task = alice.task(from, "x");
        long before = alice.seq(from);
        // Right by itself; a task without due cannot recur.
        alice.api().patch(path(task), Map.of("list", to, "recurrence", "daily")).with(422);
        assertEquals(task, alice.api().get(path(task)).with(200));
        assertEquals(before, alice.seq(from));
        assertEquals(1, alice.seq(to));
    }

    @Test
    void movedByManyAtOnceItIsInOnePlace() throws Exception {
        Person alice = Person.like("alice");
        List<String> lists = List.of(alice.list("editor"), alice.list("editor"));
        JsonNode task = alice.task(lists.get(0), "x");
        for (Api.Answer answer : Person.atOnce(
                9,
                i -> () -> alice.api()
                        .patch(
                                path(task),
                                i % 3 == 0 ? Map.of("description", "d" + i) : Map.of("list", lists.get(i % 2))))) {
            answer.with(200);
        }
        JsonNode found =
                alice.api().get("/api/tasks?list=" + String.join(",", lists)).with(200);
        assertEquals(1, found.path("total").asInt());
        assertEquals(alice.api().get(path(task)).with(200), found.at("/tasks/0"));
    }

    @Test
    @Tag("FR-007")
    void deletedTwiceItIsGoneAndItsHistoryIsNot() throws Exception {
        Person alice = Person.like("alice");
        JsonNode task = alice.task(alice.list("editor"), "x");
        alice.api().post(path(task) + "/complete", null).with(200);
        alice.api().post(path(task) + "/complete", null).with(200);
        alice.api().delete(path(task)).with(204);
        alice.api().delete(path(task)).with(204);
        alice.api().get(path(task)).with(404);
        alice.api().patch(path(task), Map.of("title", "y")).with(404);
        alice.api().post(path(task) + "/reopen", null).with(404);
        historyIs(alice, task, "task.created", "task.completed", "task.deleted");
    }

    private static void historyIs(Person who, JsonNode task, String... events) throws Exception {
        Stack.await(
                "the history of " + task.path("id") + " as " + who.name() + " sees it",
                SOON,
                () -> StreamSupport.stream(
                                who.api()
                                        .get(path(task) + "/history")
                                        .with(200)
                                        .path("entries")
                                        .spliterator(),
                                false)
                        .map(entry -> entry.path("event").asText())
                        .toList()
                        .equals(List.of(events)));
    }

    /** The open task of a list: it comes soon, and it is the only one. */
    private static JsonNode theOpenOne(Person who, String list) throws Exception {
        String open = "/api/tasks?status=open&list=" + list;
        Stack.await(
                "the next occurrence",
                SOON,
                () -> who.api().get(open).with(200).path("total").asInt() == 1);
        Set<String> ids = new TreeSet<>();
        who.api()
                .get(open)
                .with(200)
                .path("tasks")
                .forEach(task -> ids.add(task.path("id").asText()));
        assertEquals(1, ids.size(), ids::toString);
        return who.api().get("/api/tasks/" + ids.iterator().next()).with(200);
    }

    private static String path(JsonNode task) {
        return "/api/tasks/" + task.path("id").asText();
    }
}
