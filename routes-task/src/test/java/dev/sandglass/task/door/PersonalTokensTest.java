package dev.sandglass.task.door;

import static dev.sandglass.task.door.DoorClient.is;
import static dev.sandglass.task.door.DoorClient.wrong;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sandglass.events.Json;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Personal tokens as programs use them: what they are good for, what they are not, and until when. */
@QuarkusTest
@TestProfile(Local.class)
@Tag("FR-013")
class PersonalTokensTest {
    private static final String READ = "{\"name\":\"r\",\"scopes\":[\"read\"]}";
    private static final String BOTH = "{\"name\":\"b\",\"scopes\":[\"read\",\"write\"]}";
    private static final String SECRET = "xylophone";
    private static final long WITHDRAWN_MILLIS = 5_000;

    @Inject
    DoorSidecar sidecar;

    private DoorClient alice;
    private String list;
    private String other;
    private String otherTask;

    private record Operation(String id, String method, String path, JsonNode described) {
        boolean hasBody() {
            return described.has("requestBody");
        }
    }

    @BeforeEach
    void signIn() throws Exception {
        alice = DoorClient.like("alice", "operator");
        list = alice.list();
        other = alice.list();
        otherTask = is(201, alice.call("POST", "/api/tasks", task(other)))
                .path("id")
                .asText();
    }

    // ---------------------------------------------------------------- Made, shown once, withdrawn

    @Test
    void aTokenIsShownOnceAndKeptNowhere() throws Exception {
        HttpResponse<String> answer = alice.call("POST", "/api/tokens", BOTH);
        JsonNode made = is(201, answer);
        String token = made.path("token").asText();
        assertEquals(32, Base64.getUrlDecoder().decode(token.replaceFirst("^sg_", "")).length);
        assertEquals(
                "/api/tokens/" + made.path("id").asText(),
                answer.headers().firstValue("Location").orElse(""));
        assertTrue(made.path("lists").isNull() && made.path("usedAt").isNull(), made::toString);
        DoorClient program = by(token);
        is(201, program.call("POST", "/api/tasks", task(list)));
        JsonNode all = is(200, alice.call("GET", "/api/tokens", null)).path("tokens");
        assertEquals(1, all.size());
        assertEquals(made.path("id"), all.at("/0/id"));
        assertFalse(all.at("/0").has("token"));
        keptNowhere(token);
    }

    @Test
    void aRepeatedRequestMakesOneTokenAndDoesNotShowItAgain() throws Exception {
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        JsonNode first = is(201, alice.call("POST", "/api/tokens", READ, key));
        JsonNode again = is(201, alice.call("POST", "/api/tokens", READ, key));
        assertEquals(first.path("id"), again.path("id"));
        assertTrue(first.has("token") && !again.has("token"), again::toString);
        keptNowhere(first.path("token").asText());
        assertEquals(
                1,
                is(200, alice.call("GET", "/api/tokens", null)).path("tokens").size());
        is(422, alice.call("POST", "/api/tokens", BOTH, key));
    }

    @Test
    void ofTokensThatAreMadeAtOnceNoneIsLost() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            asked.add(DoorClient.HTTP.sendAsync(
                    alice.request("POST", "/api/tokens", READ, Map.of()), HttpResponse.BodyHandlers.ofString()));
        }
        for (CompletableFuture<HttpResponse<String>> one : asked) {
            is(201, one.join());
        }
        assertEquals(
                20,
                is(200, alice.call("GET", "/api/tokens", null)).path("tokens").size());
    }

    @Test
    void aTokenThatIsWithdrawnIsGoodNowhereFiveSecondsLater() throws Exception {
        JsonNode made = is(201, alice.call("POST", "/api/tokens", READ));
        DoorClient program = by(made.path("token").asText());
        is(200, program.call("GET", "/api/lists", null));
        String path = "/api/tokens/" + made.path("id").asText();
        is(204, alice.call("DELETE", path, null));
        long withdrawn = System.nanoTime();
        while (program.call("GET", "/api/lists", null).statusCode() == 200) {
            assertTrue(System.nanoTime() - withdrawn < WITHDRAWN_MILLIS * 1_000_000, "it is still good");
            Thread.sleep(50);
        }
        is(401, program.call("GET", "/api/lists", null));
        is(404, alice.call("DELETE", path, null));
        assertEquals(
                0,
                is(200, alice.call("GET", "/api/tokens", null)).path("tokens").size());
        DoorClient bob = DoorClient.like("bob");
        String his = is(201, bob.call("POST", "/api/tokens", READ)).path("id").asText();
        is(404, alice.call("DELETE", "/api/tokens/" + his, null));
    }

    @Test
    void whatIsWrongMakesNoToken() throws Exception {
        wrong("/scopes", alice.call("POST", "/api/tokens", "{\"name\":\"a\"}"));
        wrong("/scopes", alice.call("POST", "/api/tokens", "{\"name\":\"a\",\"scopes\":[]}"));
        wrong("/scopes/0", alice.call("POST", "/api/tokens", "{\"name\":\"a\",\"scopes\":[\"admin\"]}"));
        wrong("/name", alice.call("POST", "/api/tokens", "{\"name\":\"\u200b\",\"scopes\":[\"read\"]}"));
        wrong("/lists", alice.call("POST", "/api/tokens", of("[]")));
        wrong("/lists/1", alice.call("POST", "/api/tokens", of("[\"" + list + "\",\"nope\"]")));
        String his = DoorClient.like("bob").list();
        assertEquals(
                "there is no such list", wrong("/lists/0", alice.call("POST", "/api/tokens", of("[\"" + his + "\"]"))));
        for (String end : List.of("2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "tomorrow")) {
            wrong(
                    "/expires",
                    alice.call(
                            "POST",
                            "/api/tokens",
                            "{\"name\":\"a\",\"scopes\":[\"read\"],\"expires\":\"" + end + "\"}"));
        }
        for (int i = 0; i < 50; i++) {
            is(201, alice.call("POST", "/api/tokens", READ));
        }
        is(422, alice.call("POST", "/api/tokens", READ));
    }

    // ---------------------------------------------------------------- What it is good for

    @Test
    void readChangesNothingWriteShowsNothingAndNeitherReachesWhatIsForPeople() throws Exception {
        DoorClient reader = made(READ);
        DoorClient writer = made("{\"name\":\"w\",\"scopes\":[\"write\"]}");
        DoorClient both = made(BOTH);
        List<String> reads = new ArrayList<>();
        for (Operation operation : operations()) {
            boolean forPrograms = !operation.path.matches(
                    "/(feeds|.well-known|api/(ops|tokens|me/erasure|dev|config|openapi|lists/[^/]+/links)).*");
            int status = call(reader, operation, other, otherTask).statusCode();
            if (status != 403) {
                reads.add(operation.id);
            }
            if (forPrograms) {
                boolean read = status != 403;
                assertEquals(read, call(writer, operation, other, otherTask).statusCode() == 403, operation::toString);
                assertNotEquals(403, call(both, operation, "nope", "nope.1").statusCode(), operation::toString);
            } else if (operation.path.matches("/api/(ops|tokens|me|lists).*")) {
                assertEquals(403, call(both, operation, other, otherTask).statusCode(), operation::toString);
            }
        }
        assertTrue(reads.containsAll(List.of("findTasks", "searchTasks", "getTask", "liveTicket")), reads::toString);
        assertEquals(
                List.of(),
                operations().stream()
                        .filter(one -> reads.contains(one.id) && !one.method.equals("GET"))
                        .map(Operation::id)
                        .filter(id -> !List.of("parseChat", "searchTasks", "liveTicket", "devToken", "mcp")
                                .contains(id))
                        .toList());
        is(404, alice.call("GET", "/api/tasks/" + otherTask + "x", null));
    }

    /** Whatever is added to the contract is called here, on what is in another list. */
    @Test
    void aTokenForAListSeesNothingOfAnyOther() throws Exception {
        DoorClient program = made(of("[\"" + list + "\"]"));
        String inbox = is(200, alice.call("GET", "/api/me", null)).path("inbox").asText();
        is(204, alice.call("PUT", "/api/lists/" + other + "/members/bob", "{\"role\":\"viewer\"}"));
        int limited = 0;
        for (Operation operation : operations()) {
            if (operation.path.matches("/(feeds|.well-known|api/(dev|config|openapi)).*")) {
                continue;
            }
            for (String hidden : List.of(other, inbox)) {
                sidecar.asked.clear();
                HttpResponse<String> answer = call(program, operation, hidden, otherTask);
                String told = operation.id + " " + answer.statusCode() + " " + answer.body();
                boolean named = operation.path.contains("{id}") || operation.id.equals("verifyAudit");
                if (!operation.described.path("x-of-lists").asBoolean()) {
                    assertEquals(403, answer.statusCode(), told);
                } else if (named && !operation.id.equals("createTask")) {
                    assertEquals(404, answer.statusCode(), told);
                    limited++;
                }
                String asked = String.join(" ", sidecar.asked);
                for (String secret : List.of(other, inbox, SECRET)) {
                    assertFalse(answer.body().contains(secret), told);
                    assertFalse(asked.contains(secret), asked);
                }
            }
        }
        assertTrue(limited > 30, "of " + limited);
        wrong("/list", program.call("POST", "/api/tasks", task(other)));
        wrong("/list", program.call("POST", "/api/tasks", "{\"title\":\"into the Inbox\"}"));
        String mine = is(201, program.call("POST", "/api/tasks", task(list)))
                .path("id")
                .asText();
        wrong("/list", program.call("PATCH", "/api/tasks/" + mine, "{\"list\":\"" + other + "\"}"));
        assertEquals(
                List.of(list),
                is(200, program.call("GET", "/api/lists", null)).path("lists").findValuesAsText("id"));
        assertEquals(
                1,
                is(200, program.call("GET", "/api/tasks", null)).path("total").asInt());
        is(200, alice.call("PATCH", "/api/tasks/" + mine, "{\"list\":\"" + other + "\"}"));
        is(404, program.call("GET", "/api/tasks/" + mine, null));
    }

    @Test
    void whatATokenForAListDidIsNotAnsweredToAnother() throws Exception {
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        JsonNode hers = is(201, alice.call("POST", "/api/tasks", task(other), key));
        assertEquals(hers, is(201, made(BOTH).call("POST", "/api/tasks", task(other), key)));
        wrong("/list", made(of("[\"" + list + "\"]")).call("POST", "/api/tasks", task(other), key));
    }

    @Test
    void aTicketSaysWhichTokenItHangsOnAndFitsAnAddressHoweverManyListsThatIsFor() throws Exception {
        JsonNode whole = claims(alice);
        assertEquals("live", whole.path("aud").asText());
        JsonNode limited = claims(made(of("[\"" + list + "\"]")));
        assertEquals("live-lists", limited.path("aud").asText());
        assertFalse(limited.has("lists"), limited::toString);
        assertEquals(64, limited.path("token").asText().length());
        JsonNode all = claims(made(READ));
        assertEquals("live-personal", all.path("aud").asText());
        assertTrue(all.has("token"), all::toString);
        String longest = is(
                        200,
                        made(of("[\"" + list + "\"]"))
                                .call("POST", "/api/live/ticket", null, Map.of("Idempotency-Key", "k")))
                .path("url")
                .asText();
        assertTrue(longest.replaceFirst(".*ticket=", "").length() <= 1_000, longest);
    }

    // ---------------------------------------------------------------- What is told of it

    @Test
    void whatHappensToATokenIsToldInTheInboxAndIsNothingToUndo() throws Exception {
        String inbox = is(200, alice.call("GET", "/api/me", null)).path("inbox").asText();
        JsonNode made = is(201, alice.call("POST", "/api/tokens", READ));
        DoorClient program = by(made.path("token").asText());
        for (int i = 0; i < 5; i++) {
            is(200, program.call("GET", "/api/lists", null));
        }
        String field = "/changed/tokens~1" + made.path("id").asText();
        await("made and used", () -> told(inbox).size() == 3);
        is(204, alice.call("DELETE", "/api/tokens/" + made.path("id").asText(), null));
        List<JsonNode> told = told(inbox);
        assertEquals(4, told.size(), told::toString);
        assertTrue(told.get(1).at(field + "/0").isNull());
        assertEquals("r", told.get(1).at(field + "/1/name").asText());
        assertTrue(told.get(2).at(field + "/0/usedFrom").isNull());
        assertEquals("127.0.0.1", told.get(2).at(field + "/1/usedFrom").asText());
        assertTrue(told.get(3).at(field + "/1").isNull());
        assertFalse(told.toString().contains(made.path("token").asText()));
        JsonNode undone = is(200, alice.call("POST", "/api/undo", null));
        assertEquals(other, undone.at("/undone/list").asText());
    }

    @Test
    void aCallByATokenAsksTheStoreForItOnceInAFewSeconds() throws Exception {
        DoorClient program = made(READ);
        sidecar.calls.clear();
        is(200, program.call("GET", "/api/lists", null));
        await(
                "its use is noted",
                () -> sidecar.calls.stream().anyMatch(call -> call.startsWith("write") && call.contains("tokens")));
        sidecar.calls.clear();
        for (int i = 0; i < 20; i++) {
            is(200, program.call("GET", "/api/lists/" + list, null));
        }
        assertTrue(sidecar.calls.stream().filter("read token"::equals).count() <= 1, sidecar.calls::toString);
        assertFalse(sidecar.calls.toString().contains("write"), sidecar.calls::toString);
        assertEquals(
                "127.0.0.1",
                is(200, alice.call("GET", "/api/tokens", null))
                        .at("/tokens/0/usedFrom")
                        .asText());
    }

    // ---------------------------------------------------------------- Calls

    /** The changes of the Inbox, whole. */
    private List<JsonNode> told(String inbox) {
        List<JsonNode> told = new ArrayList<>();
        for (int seq = 1; sidecar.keys().contains("list/" + inbox + "/change/" + seq); seq++) {
            String key = "list/" + inbox + "/change/" + seq;
            JsonNode stored = Json.read(sidecar.read(List.of(key)).get(key).json(), JsonNode.class);
            told.add(Json.read(stored.path("data").asText(), JsonNode.class));
        }
        return told;
    }

    private void keptNowhere(String token) {
        for (String key : sidecar.keys()) {
            assertFalse(
                    String.valueOf(sidecar.read(List.of(key)).get(key).json()).contains(token), key);
        }
    }

    private static void await(String what, java.util.function.BooleanSupplier holds) throws InterruptedException {
        for (int tries = 0; !holds.getAsBoolean(); tries++) {
            assertTrue(tries < 500, what);
            Thread.sleep(10);
        }
    }

    private static JsonNode claims(DoorClient who) throws Exception {
        String url =
                is(200, who.call("POST", "/api/live/ticket", null)).path("url").asText();
        String claims = url.replaceFirst(".*ticket=", "").split("\\.")[1];
        return Json.read(new String(Base64.getUrlDecoder().decode(claims)), JsonNode.class);
    }

    private DoorClient made(String wanted) throws Exception {
        return by(
                is(201, alice.call("POST", "/api/tokens", wanted)).path("token").asText());
    }

    private DoorClient by(String token) {
        return new DoorClient(alice.name(), "Bearer " + token);
    }

    private static String of(String lists) {
        return "{\"name\":\"l\",\"scopes\":[\"read\",\"write\"],\"lists\":" + lists + "}";
    }

    private static String task(String list) {
        return "{\"title\":\"" + SECRET + "\",\"list\":\"" + list + "\"}";
    }

    private static List<Operation> operations() throws Exception {
        List<Operation> all = new ArrayList<>();
        new YAMLMapper()
                .readTree(Path.of("src/main/resources/openapi.yaml").toFile())
                .path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(call -> {
                    if (call.getValue().has("operationId")) {
                        all.add(new Operation(
                                call.getValue().path("operationId").asText(),
                                call.getKey().toUpperCase(Locale.ROOT),
                                path.getKey(),
                                call.getValue()));
                    }
                }));
        return all;
    }

    private static HttpResponse<String> call(DoorClient who, Operation operation, String list, String task)
            throws Exception {
        String id = operation.path.contains("/lists/")
                ? list
                : operation.path.contains("/reminders/") ? task + ".0123456789.1" : task;
        String query = switch (operation.id) {
            case "verifyAudit" -> "?list=" + list;
            case "findTasks" -> "?q=" + SECRET;
            default -> "";
        };
        boolean calendar = operation.id.equals("putCalendar") || operation.id.equals("previewImport");
        @Nullable
        String body = !operation.hasBody()
                ? null
                : switch (operation.id) {
                    case "putCalendar" -> "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270106\nEND:VEVENT\nEND:VCALENDAR";
                    case "previewImport" -> "BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:t\nEND:VTODO\nEND:VCALENDAR";
                    case "createList", "changeList" -> "{\"name\":\"n\"}";
                    case "searchTasks" -> "{\"filter\":\"text ~ x\"}";
                    case "createFilter", "changeFilter" -> "{\"name\":\"n\",\"filter\":\"text ~ a\"}";
                    case "shareList" -> "{\"role\":\"viewer\"}";
                    case "snoozeReminder" -> "{\"for\":\"PT1H\"}";
                    case "changeMe" -> "{\"timeZone\":\"Europe/Warsaw\"}";
                    case "chat" -> "{\"message\":\"what is due today\"}";
                    case "devToken" -> "{\"user\":\"bob\"}";
                    case "createToken" -> READ;
                    case "createWebhook" -> "{\"url\":\"https://hooks.example.com/x\",\"list\":\"" + list + "\"}";
                    case "changeWebhook" -> "{\"active\":true}";
                    case "createTask" -> "{\"title\":\"t\",\"list\":\"" + list + "\"}";
                    default -> "{\"title\":\"t\"}";
                };
        return who.call(
                operation.method,
                operation
                                .path
                                .replace("{id}", id)
                                .replace("{user}", "bob")
                                .replace("{link}", "nope")
                                .replace("{file}", "A".repeat(43) + ".ics")
                        + query,
                body,
                calendar ? Map.of("Content-Type", "text/calendar") : Map.of());
    }
}
