package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Wrong input gets a clear problem document and changes nothing. */
@ExtendWith(Stack.class)
@Tag("FR-012")
@Tag(Stack.BESIDE_ANOTHER)
class BadInputIT {
    private static final List<String> LEAKS =
            List.of("\tat ", "Exception", "java.", "dev.sandglass", "vertx", "jackson", "camel", "quarkus");

    private Person alice;
    private String inbox;
    private String task;
    private long before;

    @BeforeEach
    void aTask() throws Exception {
        alice = Person.like("alice");
        inbox = alice.api().get("/api/me").with(200).path("inbox").asText();
        task = "/api/tasks/" + alice.task(inbox, "x").path("id").asText();
        before = alice.seq(inbox);
    }

    private void nothingChanged() throws Exception {
        assertEquals(before, alice.seq(inbox));
    }

    @Test
    void whatCannotBeRead() throws Exception {
        for (String body : List.of(
                " ",
                "{",
                "{\"title\":\"x\"",
                "{title:\"x\"}",
                "{'title':'x'}",
                "{\"title\":\"x\",}",
                "{\"title\":\"a\",\"title\":\"b\"}",
                "{\"title\":\"x\"} x",
                "{\"title\":\"x\"}{\"title\":\"y\"}",
                "{\"title\":NaN}",
                "{\"title\":\"\u0001\"}",
                "// x\n{\"title\":\"x\"}",
                "[".repeat(100_000),
                "{\"title\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}",
                "{\"title\":" + "9".repeat(5_000) + "}")) {
            clear(alice.api().post("/api/tasks", body), 400, body);
            clear(alice.api().patch(task, body), 400, body);
        }
        for (byte[] body : List.of(new byte[] {'"', (byte) 0xff, '"'}, new byte[] {(byte) 0xff, (byte) 0xfe})) {
            assertEquals(400, raw("application/json", HttpRequest.BodyPublishers.ofByteArray(body)));
        }
        nothingChanged();
    }

    /** A page of another site whose name leads here is, to a browser, of the origin that it calls. */
    @Test
    void aPageWhoseNameLeadsHereGetsNoTokenAndReadsNothing() throws Exception {
        int door = 8080 + Stack.OFFSET;
        int task = Stack.part("task").path("port").asInt();
        int sync = Stack.part("sync").path("port").asInt();
        for (String call : List.of(
                door + " POST /api/dev/token",
                door + " POST /mcp",
                door + " GET /",
                door + " PROPFIND /dav/",
                task + " GET /q/metrics",
                task + " POST /api/dev/token",
                sync + " GET /live?ticket=x")) {
            int port = Integer.parseInt(call.replaceFirst(" .*", ""));
            RawHttp.Answer answer = RawHttp.say(
                            port,
                            call.replaceFirst("\\d+ ", "")
                                    + " HTTP/1.1\r\nHost: foe.example:%1$d\r\nOrigin: http://foe.example:%1$d\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                                            .formatted(port),
                            Duration.ofSeconds(5))
                    .answers()
                    .get(0);
            assertEquals(421, answer.status(), call);
            String detail = Api.JSON.readTree(answer.body()).path("detail").asText();
            assertTrue(detail.contains("sandglass.local-names"), detail);
        }
    }

    @Test
    void fieldsThatSaySomethingWrong() throws Exception {
        record Wrong(String pointer, String fields) {}
        for (Wrong wrong : Stream.of(
                        of("/title", "\"title\":\"\"", "\"title\":\" \"", "\"title\":5", "\"title\":null"),
                        of(
                                "/title",
                                "\"title\":\"\u200b\"",
                                "\"title\":\"\ufeff\u2060\u00ad\"",
                                "\"title\":\"\u3164\""),
                        of("/tags/1", "\"tags\":[\"a\",\"\u200d\"]", "\"tags\":[\"a\",\"\u2800\"]"),
                        of("/title", "\"title\":[]", "\"title\":\"a\\u0000\"", "\"title\":\"a\\nb\""),
                        of("/title", "\"title\":\"\\ud800\"", "\"title\":\"" + "x".repeat(501) + '"'),
                        of("/description", "\"description\":\"" + "x".repeat(16_001) + '"', "\"description\":[]"),
                        of("/priority", "\"priority\":\"HIGH\"", "\"priority\":3", "\"priority\":\"\""),
                        of("/tags", "\"tags\":\"a\"", "\"tags\":" + many(51, "\"a%d\"")),
                        of("/tags/0", "\"tags\":[\"\"]", "\"tags\":[5]", "\"tags\":[\"" + "x".repeat(51) + "\"]"),
                        of("/due", "\"due\":\"2027-02-31\"", "\"due\":\"2027-01-31T09:00\"", "\"due\":5"),
                        of(
                                "/due",
                                "\"due\":\"2027-01-31T24:00:00\"",
                                "\"due\":\"\"",
                                "\"due\":\"2027-01-31T09:00:00Z\""),
                        of("/timeZone", "\"timeZone\":\"Mars/Phobos\"", "\"timeZone\":\"+01:00\"", "\"timeZone\":\"\""),
                        of("/recurrence", "\"recurrence\":\"daily\"", "\"recurrence\":\"\""),
                        of("/recurrence", "\"due\":\"2037-01-01\",\"recurrence\":\"FREQ=HOURLY\""),
                        of(
                                "/recurrence",
                                "\"due\":\"2037-01-01\",\"recurrence\":\"FREQ=DAILY;COUNT=2;UNTIL=20380101\""),
                        of("/recurrence", "\"due\":\"2037-01-01\",\"recurrence\":\"FREQ=DAILY;EXDATE=20370102\""),
                        of(
                                "/recurrence",
                                "\"due\":\"2037-01-01\",\"recurrence\":\"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\""),
                        of("/recurFrom", "\"recurFrom\":\"now\""),
                        of("/workdays", "\"workdays\":\"before\"", "\"workdays\":\"never\""),
                        of("/reminders", "\"reminders\":\"-PT1M\"", "\"reminders\":" + many(21, "\"-PT%dM\"")),
                        of("/reminders/0", "\"reminders\":[\"-PT15M\"]", "\"reminders\":[\"soon\"]"),
                        of("/list", "\"list\":\"nowhere\"", "\"list\":\"a/b\"", "\"list\":5"),
                        of("/nope", "\"nope\":1"))
                .flatMap(each -> each.entrySet().stream()
                        .flatMap(entry -> entry.getValue().stream().map(fields -> new Wrong(entry.getKey(), fields))))
                .toList()) {
            String title = wrong.fields.startsWith("\"title\"") ? "" : "\"title\":\"x\",";
            JsonNode created =
                    clear(alice.api().post("/api/tasks", "{" + title + wrong.fields + "}"), 422, wrong.fields);
            JsonNode patched = clear(alice.api().patch(task, "{" + wrong.fields + "}"), 422, wrong.fields);
            for (JsonNode problem : List.of(created, patched)) {
                assertTrue(
                        StreamSupport.stream(problem.path("errors").spliterator(), false)
                                .anyMatch(
                                        error -> error.path("pointer").asText().equals(wrong.pointer)),
                        () -> wrong.fields + ": " + problem);
            }
        }
        clear(alice.api().post("/api/lists", "{\"name\":\"\u200b\u3000\"}"), 422, "a list's name");
        for (String servers : List.of(
                "id",
                "status",
                "dueAt",
                "overdue",
                "series",
                "occurrence",
                "version",
                "createdBy",
                "createdAt",
                "updatedAt",
                "completedAt")) {
            JsonNode problem =
                    clear(alice.api().post("/api/tasks", Map.of("title", "x", servers, "open")), 422, servers);
            assertEquals("/" + servers, problem.at("/errors/0/pointer").asText());
            clear(alice.api().patch(task, "{\"" + servers + "\":null}"), 422, servers);
        }
        nothingChanged();
    }

    @Test
    void everyFaultIsNamedAtOnce() throws Exception {
        JsonNode problem = clear(
                alice.api().post("/api/tasks", "{\"title\":\"\",\"tags\":5,\"due\":\"x\",\"zzz\":1}"), 422, "four");
        assertEquals(4, problem.path("errors").size(), problem::toString);
    }

    @Test
    void otherMediaTypesMethodsAndAccepts() throws Exception {
        for (String type : List.of(
                "text/plain",
                "application/xml",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x")) {
            Map<String, String> header = Map.of("Content-Type", type);
            clear(alice.api().send("POST", "/api/tasks", "{\"title\":\"x\"}", header), 415, type);
            clear(alice.api().send("PATCH", task, "{\"title\":\"y\"}", header), 415, type);
            // A call that needs no body ignores the type of an empty one.
            alice.api().send("POST", task + "/reopen", null, header).with(200);
        }
        clear(alice.api().post(task + "/complete", "{\"x\":1}"), 400, "a body nobody needs");
        for (String[] call : new String[][] {
            {"PUT", "/api/tasks"}, {"POST", task}, {"GET", task + "/complete"}, {"DELETE", "/api/me"}, {"FOO", task}
        }) {
            Api.Answer answer = alice.api().send(call[0], call[1], null, Map.of());
            clear(answer, 405, call[0] + " " + call[1]);
            assertTrue(answer.headers().firstValue("Allow").isPresent());
        }
        for (String accept : List.of("text/html", "application/xml", "application/json;q=0")) {
            clear(alice.api().send("GET", task, null, Map.of("Accept", accept)), 406, accept);
        }
        nothingChanged();
    }

    @Test
    void whatIsTooLarge() throws Exception {
        byte[] body = ("{\"title\":\"x\",\"description\":\"" + "x".repeat(2_000_000) + "\"}").getBytes();
        assertEquals(413, raw("application/json", HttpRequest.BodyPublishers.ofByteArray(body)));
        // Without a Content-Length.
        assertEquals(
                413,
                raw(
                        "application/json",
                        HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));
        nothingChanged();
    }

    @Test
    void pathsAndParametersThatAreJunk() throws Exception {
        for (String path : List.of(
                "/api",
                "/api/",
                "/api//tasks",
                "/api/tasks/",
                "/API/tasks",
                "/api/tasks/..",
                "/api/tasks/%2e%2e/me",
                "/api/tasks/%2F",
                "/api/tasks/%00",
                "/api/tasks/a%7C%7Cb.1",
                "/api/tasks/" + "a".repeat(101),
                "/api/tasks/x.99999999999999",
                "/api/tasks;x=1",
                "/api/lists/" + inbox + "/members",
                "/api/lists/nowhere")) {
            clear(alice.api().get(path), 404, path);
        }
        for (String path : List.of("/api/tasks/%ff", "/api/tasks?q=%C5", "/%ff", "/dav/%c0%ae/")) {
            clear(alice.api().get(path), 400, path);
        }
        for (String path : List.of(task, "/api/me", "/api/lists", "/api/openapi.json", "/api/reminders")) {
            clear(alice.api().get(path + "?nope=1"), 422, path);
        }
        for (String path : List.of(
                "/api/lists/" + inbox + "/changes?after=-1",
                "/api/lists/" + inbox + "/changes?after=x",
                "/api/audit?from=yesterday",
                "/api/audit?cursor=x",
                "/api/audit?limit=501",
                "/api/audit/verify",
                "/api/reminders?status=lost")) {
            clear(alice.api().get(path), 422, path);
        }
        Map<String, String> key = Map.of("Idempotency-Key", "x".repeat(201));
        clear(alice.api().send("POST", "/api/tasks", Map.of("title", "x"), key), 422, "a key that is too long");
        nothingChanged();
    }

    @Test
    void namesOfDemoUsersAndZones() throws Exception {
        Api nobody = new Api(Stack.PAGE, "");
        for (String name : List.of("", "a b", "a/b", "x".repeat(65), "\u0142")) {
            clear(nobody.post("/api/dev/token", Map.of("user", name)), 422, name);
        }
        // Names that are allowed and would be something else in a path or a key.
        for (String name : List.of("..", ".", "@", "-a.b_c@d", "x".repeat(64))) {
            Api odd = Api.as(name);
            String made = odd.post("/api/tasks", Map.of("title", "x"))
                    .with(201)
                    .path("id")
                    .asText();
            assertEquals(
                    name,
                    odd.get("/api/tasks/" + made).with(200).path("createdBy").asText());
        }
        clear(alice.api().patch("/api/me", Map.of("timeZone", "Mars/Phobos")), 422, "zone");
        clear(alice.api().patch("/api/me", Map.of("user", "bob")), 422, "user");
    }

    private static Map<String, List<String>> of(String pointer, String... fields) {
        return Map.of(pointer, List.of(fields));
    }

    private static String many(int n, String pattern) {
        return java.util.stream.IntStream.range(0, n)
                .mapToObj(pattern::formatted)
                .toList()
                .toString();
    }

    private static JsonNode clear(Api.Answer answer, int status, String what) {
        String shown = what.substring(0, Math.min(what.length(), 100));
        assertEquals(status, answer.status(), () -> shown + ": " + answer.body());
        JsonNode problem = answer.with(status);
        assertEquals(status, problem.path("status").asInt(), shown);
        assertFalse(
                problem.path("title").asText().isBlank()
                        || problem.path("detail").asText().isBlank(),
                shown);
        for (String leak : LEAKS) {
            assertFalse(problem.toString().contains(leak), () -> shown + ": " + problem);
        }
        return problem;
    }

    private int raw(String type, HttpRequest.BodyPublisher body) throws Exception {
        String token = new Api(Stack.PAGE, "")
                .post("/api/dev/token", Map.of("user", alice.name()))
                .with(200)
                .path("token")
                .asText();
        HttpResponse<String> answer = Api.CLIENT.send(
                HttpRequest.newBuilder(URI.create(Stack.PAGE + "/api/tasks"))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", type)
                        .POST(body)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertTrue(
                answer.headers().firstValue("Content-Type").orElse("").startsWith("application/problem+json"),
                answer::body);
        return answer.statusCode();
    }
}
