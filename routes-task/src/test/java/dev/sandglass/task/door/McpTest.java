package dev.sandglass.task.door;

import static dev.sandglass.task.door.DoorClient.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.sandglass.events.Json;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An assistant's program at {@code /mcp}: the protocol, each tool, and whose rights it has. */
@QuarkusTest
@TestProfile(Local.class)
@Tag("FR-012")
@Tag("FR-013")
class McpTest {
    private static final String NEW = "2026-07-28";
    private static final String OLD = "2025-11-25";
    private static final String META = "io.modelcontextprotocol/";
    private static final List<String> TOOLS = List.of(
            "add_tasks",
            "find_tasks",
            "get_task",
            "update_tasks",
            "complete_tasks",
            "reopen_tasks",
            "skip_task",
            "delete_tasks",
            "find_lists",
            "add_list",
            "share_list",
            "task_history",
            "undo");
    private static final List<String> READING = List.of("find_tasks", "get_task", "find_lists", "task_history");

    @Inject
    DoorSidecar sidecar;

    private DoorClient alice;
    private DoorClient bob;
    private String list;

    @BeforeEach
    void signIn() throws Exception {
        alice = DoorClient.like("alice");
        bob = DoorClient.like("bob");
        list = alice.list();
    }

    @AfterEach
    void allIsWell() {
        sidecar.fail(0);
        sidecar.away.clear();
    }

    // ---------------------------------------------------------------- Messages

    private static ObjectNode message(String method, String params) {
        return Json.object()
                .put("jsonrpc", "2.0")
                .put("id", 7)
                .put("method", method)
                .set("params", Json.read(params, JsonNode.class));
    }

    private static ObjectNode modern(String method, String params) {
        ObjectNode message = message(method, params);
        ((ObjectNode) message.path("params"))
                .putObject("_meta")
                .put(META + "protocolVersion", NEW)
                .putObject(META + "clientCapabilities");
        return message;
    }

    private static Map<String, String> headers(JsonNode message) {
        Map<String, String> headers = new HashMap<>(Map.of(
                "MCP-Protocol-Version",
                NEW,
                "Mcp-Method",
                message.path("method").asText(),
                "Accept",
                "application/json, text/event-stream"));
        if (message.at("/params/name").isTextual()) {
            headers.put("Mcp-Name", message.at("/params/name").asText());
        }
        return headers;
    }

    private static HttpResponse<String> post(DoorClient who, Object body, Map<String, String> headers)
            throws Exception {
        return who.call("POST", "/mcp", body.toString(), headers);
    }

    /** The result of a request of the newest revision. */
    private static JsonNode ask(DoorClient who, String method, String params) throws Exception {
        ObjectNode message = modern(method, params);
        JsonNode answer = is(200, post(who, message, headers(message)));
        assertEquals(7, answer.path("id").asInt());
        assertFalse(answer.has("error"), answer::toString);
        assertEquals("complete", answer.at("/result/resultType").asText());
        assertEquals(
                "sandglass",
                answer.at("/result/_meta")
                        .path(META + "serverInfo")
                        .path("name")
                        .asText());
        return answer.path("result");
    }

    /** The result of a tool; what is structured in it is as the tool's own schema says. */
    private static JsonNode tool(DoorClient who, String name, String arguments) throws Exception {
        return tool(who, name, arguments, Map.of());
    }

    private static JsonNode tool(DoorClient who, String name, String arguments, Map<String, String> more)
            throws Exception {
        ObjectNode message = modern("tools/call", "{\"name\":\"" + name + "\",\"arguments\":" + arguments + "}");
        Map<String, String> headers = headers(message);
        headers.putAll(more);
        JsonNode result = is(200, post(who, message, headers)).path("result");
        JsonNode texts = result.path("content");
        assertEquals("text", texts.at("/0/type").asText(), result::toString);
        JsonNode structured = result.path("structuredContent");
        if (!structured.isMissingNode()) {
            assertEquals(
                    structured,
                    Json.read(texts.get(texts.size() - 1).path("text").asText(), JsonNode.class),
                    "older clients read the text");
            assertEquals(
                    Set.of(),
                    JsonSchemaFactory.getInstance(VersionFlag.V202012)
                            .getSchema(described(name).path("outputSchema"))
                            .validate(structured),
                    structured::toString);
        }
        return result;
    }

    /** The structured content in the result of a tool that does all it is to do. */
    private static JsonNode done(DoorClient who, String name, String arguments) throws Exception {
        JsonNode result = tool(who, name, arguments);
        assertFalse(result.path("isError").asBoolean(), result::toString);
        assertEquals(1, result.path("content").size(), "nothing is left to tell in words");
        return result.path("structuredContent");
    }

    /** The text that a model is told of a call that does nothing. */
    private static String refused(DoorClient who, String name, String arguments) throws Exception {
        JsonNode result = tool(who, name, arguments);
        assertTrue(result.path("isError").asBoolean(), result::toString);
        return result.at("/content/0/text").asText();
    }

    private static final Map<String, JsonNode> DESCRIBED = new HashMap<>();

    private static JsonNode described(String tool) throws Exception {
        if (DESCRIBED.isEmpty()) {
            ask(DoorClient.like("reader"), "tools/list", "{}")
                    .path("tools")
                    .forEach(one -> DESCRIBED.put(one.path("name").asText(), one));
        }
        return DESCRIBED.get(tool);
    }

    private String added(String fields) throws Exception {
        return done(alice, "add_tasks", "{\"tasks\":[" + fields + "]}")
                .at("/tasks/0/id")
                .asText();
    }

    private String added() throws Exception {
        return added("{\"title\":\"a\",\"list\":\"" + list + "\"}");
    }

    private static List<String> texts(JsonNode of, String field) {
        return of.valueStream().map(one -> one.path(field).asText()).toList();
    }

    // ---------------------------------------------------------------- The protocol

    @Test
    void theNewestRevisionNeedsNoBeginning() throws Exception {
        JsonNode about = ask(alice, "server/discover", "{}");
        assertEquals(List.of(NEW, OLD, "2025-06-18"), Json.read(about.path("supportedVersions"), List.class));
        assertTrue(about.at("/capabilities/tools").isObject()
                && about.at("/capabilities").size() == 1);
        assertTrue(about.path("instructions").asText().contains("undo"));
        assertTrue(about.path("ttlMs").asInt() > 0);
        assertEquals("public", about.path("cacheScope").asText());
    }

    @ParameterizedTest
    @CsvSource({"2025-11-25, 2025-11-25", "2025-06-18, 2025-06-18", "2025-03-26, 2025-11-25", "x, 2025-11-25"})
    void olderOnesBeginWithoutASession(String wanted, String given) throws Exception {
        HttpResponse<String> answer = post(
                alice,
                message(
                        "initialize",
                        "{\"protocolVersion\":\"" + wanted
                                + "\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}"),
                Map.of());
        JsonNode result = is(200, answer).path("result");
        assertEquals(given, result.path("protocolVersion").asText());
        assertEquals("sandglass", result.at("/serverInfo/name").asText());
        assertTrue(result.at("/capabilities/tools").isObject());
        assertFalse(result.has("resultType"));
        assertTrue(answer.headers().firstValue("Mcp-Session-Id").isEmpty());

        Map<String, String> version = Map.of("MCP-Protocol-Version", given);
        HttpResponse<String> taken =
                post(alice, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}", version);
        assertEquals(202, taken.statusCode());
        assertEquals("", taken.body());
        assertEquals(
                Json.object(),
                is(200, post(alice, message("ping", "{}"), version)).path("result"));
        JsonNode listed =
                is(200, post(alice, message("tools/list", "{}"), version)).path("result");
        assertEquals(TOOLS, texts(listed.path("tools"), "name"));
        assertFalse(listed.has("ttlMs"));
        JsonNode called = is(200, post(alice, message("tools/call", "{\"name\":\"find_lists\"}"), version));
        assertEquals(
                "Inbox", called.at("/result/structuredContent/lists/0/name").asText());
    }

    @Test
    void ofWhatIsNoMessageItIsSaidWhere() throws Exception {
        assertEquals(
                "A message of JSON-RPC 2.0 is needed: the body must be object",
                is(400, post(alice, "[]", Map.of())).at("/error/message").asText());
    }

    /** The header alone, and {@code _meta} alone, are looked at as ever. */
    @Test
    void whoNamesNoRevisionIsServedAsAnOlderOneIs() throws Exception {
        Map<String, String> old = Map.of("MCP-Protocol-Version", OLD);
        for (ObjectNode message : List.of(
                message("ping", "{}"),
                message("tools/list", "{}"),
                message("tools/call", "{\"name\":\"find_lists\"}"),
                message("tools/call", "{\"name\":\"find_lists\",\"_meta\":{\"progressToken\":1}}"),
                message("server/discover", "{}"))) {
            JsonNode answer = is(200, post(alice, message, Map.of()));
            assertEquals(is(200, post(alice, message, old)), answer, message::toString);
        }
        JsonNode bare = is(200, post(alice, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}", Map.of()));
        assertEquals(TOOLS, texts(bare.at("/result/tools"), "name"));
        for (String revision : List.of(NEW, OLD, "1900-01-01")) {
            ObjectNode message = modern("tools/list", "{}");
            ((ObjectNode) message.at("/params/_meta")).put(META + "protocolVersion", revision);
            assertEquals(
                    -32020,
                    is(400, post(alice, message, Map.of())).at("/error/code").asInt(),
                    message::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "DELETE", "PUT"})
    void thereIsNeitherAStreamNorASessionToEnd(String method) throws Exception {
        HttpResponse<String> answer =
                alice.call(method, "/mcp", null, Map.of("Accept", "text/event-stream", "Mcp-Session-Id", "x"));
        assertEquals(405, answer.statusCode());
        assertEquals("OPTIONS, POST", answer.headers().firstValue("Allow").orElse(""));
    }

    @Test
    void everyToolIsDescribed() throws Exception {
        JsonNode tools = ask(alice, "tools/list", "{}").path("tools");
        assertEquals(TOOLS, texts(tools, "name"));
        for (JsonNode tool : tools) {
            String all = tool.toString();
            assertTrue(tool.path("description").asText().length() > 20, all);
            assertFalse(tool.path("title").asText().isEmpty(), all);
            for (String schema : List.of("inputSchema", "outputSchema")) {
                assertEquals("object", tool.path(schema).path("type").asText(), all);
                for (String word : List.of("$ref", "pattern", "x-error")) {
                    assertEquals(List.of(), tool.path(schema).findValues(word), all);
                }
            }
            assertFalse(tool.at("/inputSchema/additionalProperties").asBoolean(true), all);
            JsonNode hints = tool.path("annotations");
            assertEquals(
                    READING.contains(tool.path("name").asText()),
                    hints.path("readOnlyHint").asBoolean(),
                    all);
            for (String hint : List.of("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint")) {
                assertTrue(hints.path(hint).isBoolean(), all);
            }
        }
        assertTrue(tools.at("/0/outputSchema/properties/tasks/items/properties/description")
                .isObject());
        assertTrue(tools.at("/0/inputSchema/properties/tasks/items/properties/due/description")
                .isTextual());
    }

    /** A tool that is in the list has a file with its route and one that describes it. */
    @Test
    void eachToolIsARouteWithItsDescriptionBeside() {
        for (String tool : TOOLS) {
            String name = "src/main/resources/routes/tool-" + tool.replace('_', '-');
            assertTrue(Files.exists(Path.of(name + ".camel.yaml")), name);
            assertTrue(Files.exists(Path.of(name + ".yaml")), name);
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, tools/call, get_task, -32020",
                "2025-11-25, tools/call, get_task, -32020",
                "2026-07-28, -, get_task, -32020",
                "2026-07-28, tools/list, get_task, -32020",
                "2026-07-28, tools/call, -, -32020",
                "2026-07-28, tools/call, undo, -32020",
                "2026-07-28, tools/call, =?base64?dW5kbw==?=, -32020",
                "2026-07-28, tools/call, =?base64?%%%?=, -32020"
            })
    void headersSayWhatTheMessageSays(
            @Nullable String version, @Nullable String method, @Nullable String name, int code) throws Exception {
        ObjectNode message = modern("tools/call", "{\"name\":\"get_task\",\"arguments\":{\"id\":\"a.1\"}}");
        Map<String, String> headers = new HashMap<>();
        Map<String, @Nullable String> given = new HashMap<>();
        given.put("MCP-Protocol-Version", version);
        given.put("Mcp-Method", method);
        given.put("Mcp-Name", name);
        given.forEach((header, value) -> {
            if (value != null) {
                headers.put(header, value);
            }
        });
        JsonNode answer = is(400, post(alice, message, headers));
        assertEquals(code, answer.at("/error/code").asInt(), answer::toString);
        assertEquals(7, answer.path("id").asInt());
    }

    @Test
    void aNameThatNoHeaderHoldsIsEncoded() throws Exception {
        ObjectNode message = modern("tools/call", "{\"name\":\"find_lists\"}");
        Map<String, String> headers = headers(message);
        headers.put("Mcp-Name", "=?base64?ZmluZF9saXN0cw==?=");
        is(200, post(alice, message, headers));
    }

    @Test
    void aRevisionThatIsNotHereIsAnsweredByThoseThatAre() throws Exception {
        ObjectNode message = modern("tools/list", "{}");
        ((ObjectNode) message.at("/params/_meta")).put(META + "protocolVersion", "1900-01-01");
        Map<String, String> headers = headers(message);
        headers.put("MCP-Protocol-Version", "1900-01-01");
        for (ObjectNode one : List.of(message, message("tools/list", "{}"))) {
            JsonNode error = is(400, post(alice, one, headers)).path("error");
            assertEquals(-32022, error.path("code").asInt());
            assertEquals("1900-01-01", error.at("/data/requested").asText());
            assertEquals(NEW, error.at("/data/supported/0").asText());
        }
        JsonNode bare = is(400, post(alice, message("tools/list", "{}"), headers(message("tools/list", "{}"))));
        assertEquals(-32602, bare.at("/error/code").asInt(), "what it can do is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ | -32700",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"} | -32700",
                "[] | -32600",
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}] | -32600",
                "{\"id\":1,\"method\":\"ping\"} | -32600",
                "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"} | -32600",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"} | -32600",
                "{\"jsonrpc\":\"2.0\",\"id\":1} | -32600",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}} | -32600",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]} | -32600",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"nope\":1} | -32600"
            })
    void whatIsNoMessageIsRefused(String body, int code) throws Exception {
        JsonNode answer = is(400, post(alice, body, Map.of("MCP-Protocol-Version", OLD)));
        assertEquals(code, answer.at("/error/code").asInt(), answer::toString);
        assertEquals("2.0", answer.path("jsonrpc").asText());
    }

    @Test
    void whatIsNotThereIsAnErrorOfTheProtocol() throws Exception {
        for (String method : List.of("nope", "initialize", "ping", "resources/list", "subscriptions/listen")) {
            ObjectNode message = modern(method, "{}");
            assertEquals(
                    -32601,
                    is(404, post(alice, message, headers(message)))
                            .at("/error/code")
                            .asInt(),
                    method);
        }
        for (String method : List.of("nope", "server/discover")) {
            assertEquals(
                    -32601,
                    is(200, post(alice, message(method, "{}"), Map.of("MCP-Protocol-Version", OLD)))
                            .at("/error/code")
                            .asInt(),
                    method);
        }
        ObjectNode unknown = modern("tools/call", "{\"name\":\"drop_tasks\",\"arguments\":{}}");
        JsonNode error = is(200, post(alice, unknown, headers(unknown))).path("error");
        assertEquals(-32602, error.path("code").asInt());
        assertTrue(error.path("message").asText().contains("drop_tasks"));
        ObjectNode odd = modern("tools/call", "{\"name\":\"undo\",\"arguments\":[]}");
        assertEquals(
                -32602,
                is(400, post(alice, odd, headers(odd))).at("/error/code").asInt());
    }

    @Test
    void pagesOfOthersDoNotCallAndWhoHasNoTokenIsTold() throws Exception {
        ObjectNode message = modern("tools/list", "{}");
        for (String foe : List.of("https://foe.example", "null", "http://127.0.0.1:1")) {
            Map<String, String> headers = headers(message);
            headers.put("Origin", foe);
            is(403, post(alice, message, headers));
        }
        Map<String, String> own = headers(message);
        own.put("Origin", "http://127.0.0.1:" + Local.PORT);
        is(200, post(alice, message, own));
        HttpResponse<String> nobody = post(new DoorClient("", ""), message, headers(message));
        is(401, nobody);
        assertEquals("Bearer", nobody.headers().firstValue("WWW-Authenticate").orElse(""));
        is(404, alice.call("GET", "/.well-known/oauth-protected-resource", null));
        is(406, post(alice, message, Map.of("Accept", "text/event-stream")));
        is(415, alice.call("POST", "/mcp", message.toString(), Map.of("Content-Type", "text/plain")));
        is(413, post(alice, "\"" + "a".repeat(1_000_001) + "\"", Map.of()));
    }

    // ---------------------------------------------------------------- Tools

    @Test
    void tasksAreAddedEachByItself() throws Exception {
        sidecar.calls.clear();
        JsonNode result = tool(
                alice,
                "add_tasks",
                "{\"tasks\":[{\"title\":\"a\",\"list\":\"home\",\"due\":\"2040-01-01\",\"recurrence\":\"daily\"},{\"title\":\"\"},"
                        + "{\"title\":\"b\",\"list\":\"nope\"},{\"title\":\"c\"},5,{\"title\":\"d\",\"status\":\"open\"}]}");
        JsonNode told = result.path("structuredContent");
        assertFalse(result.path("isError").asBoolean());
        assertEquals(List.of("a", "c"), texts(told.path("tasks"), "title"));
        assertEquals(list, told.at("/tasks/0/list").asText(), "by its name, in any case");
        assertEquals(List.of("1", "2", "4", "5"), texts(told.path("failed"), "entry"));
        assertEquals("/title", told.at("/failed/0/problem/errors/0/pointer").asText());
        assertEquals(
                "there is no list “nope”", told.at("/failed/1/problem/detail").asText());
        assertEquals("must be object", told.at("/failed/2/problem/detail").asText());
        assertEquals(
                "status is the server's to set",
                told.at("/failed/3/problem/detail").asText());
        String words = result.at("/content/0/text").asText();
        assertTrue(words.startsWith("2 done, 4 not.\nEntry 1: /title must have"), words);
        assertEquals(
                2,
                sidecar.calls.stream().filter("write change list task"::equals).count());
        assertTrue(refused(alice, "add_tasks", "{\"tasks\":[{\"title\":\"\"}]}").startsWith("0 done, 1 not."));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | tasks is needed",
                "{\"tasks\":[]} | must have at least 1",
                "{\"tasks\":[{\"title\":\"a\"}],\"list\":\"x\"} | there is no field list",
                "{\"tasks\":[{\"title\":\"a\"}],\"idempotency_key\":\"\"} | must be 1 to 200 characters of ASCII",
                "{\"tasks\":[{\"title\":\"a\"}],\"idempotency_key\":\"über\"} | must be 1 to 200 characters of ASCII",
                "{\"tasks\":{}} | must be array"
            })
    void argumentsThatAreWrongAsAWholeDoNothing(String arguments, String why) throws Exception {
        sidecar.calls.clear();
        String told = refused(alice, "add_tasks", arguments);
        assertTrue(told.contains(why) && told.endsWith("Mend that and call again."), told);
        assertFalse(sidecar.calls.toString().contains("write"), sidecar.calls::toString);
    }

    @Test
    void aCallHasFiftyEntriesAtMost() throws Exception {
        String many = "{\"title\":\"a\"},".repeat(51);
        String told = refused(alice, "add_tasks", "{\"tasks\":[" + many.substring(0, many.length() - 1) + "]}");
        assertTrue(told.contains("50 entries"), told);
    }

    @Test
    void whatIsRepeatedWithItsKeyIsDoneOnce() throws Exception {
        String two = "{\"tasks\":[{\"title\":\"a\"},{\"title\":\"a\"}],\"idempotency_key\":\"k\"}";
        JsonNode first = done(alice, "add_tasks", two).path("tasks");
        assertEquals(2, new HashSet<>(texts(first, "id")).size());
        assertEquals(first, done(alice, "add_tasks", two).path("tasks"));
        JsonNode other =
                tool(alice, "add_tasks", two.replaceFirst("\"a\"", "\"b\"")).path("structuredContent");
        assertEquals(422, other.at("/failed/0/problem/status").asInt(), other::toString);
        assertEquals(1, other.path("tasks").size());

        Map<String, String> header = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        String one = "{\"tasks\":[{\"title\":\"h\"}]}";
        assertEquals(
                tool(alice, "add_tasks", one, header).path("structuredContent"),
                tool(alice, "add_tasks", one, header).path("structuredContent"));

        String daily = added("{\"title\":\"r\",\"due\":\"2040-01-01\",\"recurrence\":\"daily\"}");
        String skip = "{\"id\":\"" + daily + "\",\"idempotency_key\":\"s\"}";
        assertEquals(done(alice, "skip_task", skip), done(alice, "skip_task", skip));
        assertEquals(
                "2040-01-02",
                done(alice, "get_task", "{\"id\":\"" + daily + "\"}")
                        .path("due")
                        .asText());
        String name = "{\"name\":\"L\",\"idempotency_key\":\"l\"}";
        assertEquals(done(alice, "add_list", name), done(alice, "add_list", name));
    }

    @Test
    void tasksAreFoundAPageAtATime() throws Exception {
        done(
                alice,
                "add_tasks",
                "{\"tasks\":[{\"title\":\"one\",\"tags\":[\"x\"],\"list\":\"" + list
                        + "\",\"priority\":\"high\"},{\"title\":\"two\",\"list\":\"" + list
                        + "\"},{\"title\":\"three\",\"due\":\"2040-01-01\"}]}");
        assertEquals(3, done(alice, "find_tasks", "{}").path("total").asInt());
        JsonNode page = done(alice, "find_tasks", "{\"list\":[\"Home\"],\"sort\":\"title\",\"limit\":1}");
        assertEquals(List.of("one"), texts(page.path("tasks"), "title"));
        JsonNode next = done(
                alice,
                "find_tasks",
                "{\"list\":[\"" + list + "\"],\"sort\":\"title\",\"limit\":1,\"cursor\":\""
                        + page.path("next").asText() + "\"}");
        assertEquals(List.of("two"), texts(next.path("tasks"), "title"));
        assertTrue(next.path("next").isNull());
        assertEquals(
                List.of("one"),
                texts(
                        done(
                                        alice,
                                        "find_tasks",
                                        "{\"q\":\"on\",\"tag\":[\"x\",\"y\"],\"priority\":[\"high\"],\"status\":\"open\",\"overdue\":false}")
                                .path("tasks"),
                        "title"));
        assertEquals(
                List.of("three"),
                texts(
                        done(
                                        alice,
                                        "find_tasks",
                                        "{\"filter\":\"due is null or due > 2039-12-31\",\"due_after\":\"2039-01-01\",\"due_before\":\"2041-01-01\"}")
                                .path("tasks"),
                        "title"));
        assertEquals(
                done(alice, "find_tasks", "{}").path("total"),
                done(alice, "find_tasks", "{\"tag\":[],\"priority\":[],\"list\":[]}")
                        .path("total"),
                "an array that names nothing is as if it were not given");
        assertTrue(refused(alice, "find_tasks", "{\"filter\":\"due <\"}").startsWith("/filter "));
        assertTrue(refused(alice, "find_tasks", "{\"cursor\":\"abc.def\"}").startsWith("/cursor "));
        assertTrue(refused(alice, "find_tasks", "{\"list\":[\"nope\"]}").startsWith("/list "));
        assertTrue(refused(alice, "find_tasks", "{\"limit\":101}").startsWith("/limit "));
        assertTrue(refused(alice, "find_tasks", "{\"due_after\":\"soon\"}").startsWith("/due_after "));
    }

    @Test
    void listsOfOneNameAreToldApartById() throws Exception {
        String other = alice.list();
        String told = refused(alice, "add_tasks", "{\"tasks\":[{\"title\":\"a\",\"list\":\"Home\"}]}");
        assertTrue(told.contains("2 lists are called “Home”") && told.contains(list) && told.contains(other), told);
        assertEquals(
                other,
                done(alice, "add_tasks", "{\"tasks\":[{\"title\":\"a\",\"list\":\"" + other + "\"}]}")
                        .at("/tasks/0/list")
                        .asText());
    }

    @Test
    void tasksAreUpdatedAndMoved() throws Exception {
        String id = added("{\"title\":\"a\",\"due\":\"2040-01-02\",\"recurrence\":\"weekly\"}");
        JsonNode result = tool(
                alice,
                "update_tasks",
                "{\"tasks\":[{\"id\":\"" + id
                        + "\",\"title\":\"b\",\"list\":\"Home\",\"priority\":\"urgent\"},{\"id\":\"" + id
                        + "x\",\"title\":\"b\"},{\"title\":\"no id\"}]}");
        JsonNode told = result.path("structuredContent");
        assertEquals(list, told.at("/tasks/0/list").asText());
        assertEquals("b", told.at("/tasks/0/title").asText());
        assertEquals(id + "x", told.at("/failed/0/id").asText());
        assertEquals(404, told.at("/failed/0/problem/status").asInt());
        assertEquals("id is needed", told.at("/failed/1/problem/detail").asText());
        assertTrue(result.at("/content/0/text").asText().contains("find_tasks"));
        JsonNode moved = done(
                alice,
                "update_tasks",
                "{\"tasks\":[{\"id\":\"" + id
                        + "\",\"due\":\"2040-01-03\",\"following\":true,\"priority\":null,\"list\":null}]}");
        assertEquals("medium", moved.at("/tasks/0/priority").asText());
        assertFalse(list.equals(moved.at("/tasks/0/list").asText()), "null is the Inbox");
        JsonNode made = done(alice, "add_tasks", "{\"tasks\":[{\"title\":\"c\",\"priority\":null,\"list\":null}]}");
        assertEquals(moved.at("/tasks/0/list"), made.at("/tasks/0/list"));
        assertEquals(
                "2040-01-10",
                done(alice, "skip_task", "{\"id\":\"" + id + "\"}").path("due").asText(),
                "the rule moved too");
    }

    @Test
    void aCompletionSaysTheDateToComeAndMayBeTakenBack() throws Exception {
        String weekly = added("{\"title\":\"w\",\"due\":\"2040-01-02\",\"recurrence\":\"weekly\"}");
        String once = added();
        String both = "{\"ids\":[\"" + weekly + "\",\"" + once + "\",\"nope.1\"]}";
        JsonNode told = tool(alice, "complete_tasks", both).path("structuredContent");
        assertEquals("2040-01-09", told.at("/tasks/0/next").asText());
        assertFalse(told.at("/tasks/1").has("next"));
        assertEquals("nope.1", told.at("/failed/0/id").asText());
        assertEquals(
                "completed",
                tool(alice, "complete_tasks", both)
                        .at("/structuredContent/tasks/1/status")
                        .asText(),
                "twice is the same as once");
        JsonNode open = done(alice, "reopen_tasks", "{\"ids\":[\"" + weekly + "\",\"" + once + "\"]}");
        assertEquals(List.of("open", "open"), texts(open.path("tasks"), "status"));
        JsonNode skipped = done(alice, "skip_task", "{\"id\":\"" + weekly + "\"}");
        assertEquals("2040-01-02", skipped.path("skipped").asText());
        assertEquals("2040-01-09", skipped.path("due").asText());
        assertTrue(refused(alice, "skip_task", "{\"id\":\"" + once + "\"}").contains("does not recur"));
    }

    @Test
    void whatIsDeletedComesBackByUndo() throws Exception {
        String a = added();
        String b = added();
        JsonNode gone = tool(alice, "delete_tasks", "{\"ids\":[\"" + a + "\",\"" + b + "\",\"nope.1\"]}")
                .path("structuredContent");
        assertEquals(List.of(a, b), Json.read(gone.path("deleted"), List.class));
        assertEquals(1, gone.path("failed").size());
        assertTrue(
                refused(alice, "get_task", "{\"id\":\"" + b + "\"}").startsWith("There is no such task. Look for it"));
        JsonNode back = done(alice, "undo", "{}");
        assertEquals(b, back.at("/tasks/0/id").asText());
        assertEquals(list, back.at("/undone/list").asText());
        assertEquals(a, done(alice, "undo", "{}").at("/tasks/0/id").asText());
        assertEquals(
                "a",
                done(alice, "get_task", "{\"id\":\"" + a + "\"}").path("title").asText());
        assertTrue(refused(DoorClient.like("carol"), "undo", "{}").contains("Nothing is left"));
    }

    @Test
    void undoTellsThatItTakesBackTheNameOfAListToo() throws Exception {
        is(200, alice.call("PATCH", "/api/lists/" + list, "{\"name\":\"Flat\"}"));
        JsonNode back = done(alice, "undo", "{}");
        assertEquals(list, back.at("/undone/list").asText());
        assertTrue(back.path("tasks").isEmpty());
        assertTrue(texts(done(alice, "find_lists", "{}").path("lists"), "name").contains("Home"));
        String told = described("undo").path("description").asText();
        assertTrue(told.contains("what a list says of itself"), told);
        assertFalse(told.contains("not undone"), told);
    }

    @Test
    void listsAreFoundMadeAndShared() throws Exception {
        String made =
                done(alice, "add_list", "{\"name\":\"Groceries\"}").path("id").asText();
        assertEquals(
                List.of("Inbox", "Groceries", "Home"),
                texts(done(alice, "find_lists", "{}").path("lists"), "name"));
        String share = "{\"list\":\"groceries\",\"user\":\"" + bob.name() + "\",\"role\":\"viewer\"}";
        assertEquals(
                Json.object().put("list", made).put("user", bob.name()).put("role", "viewer"),
                done(alice, "share_list", share));
        assertEquals(
                List.of("Inbox", "Groceries"),
                texts(done(bob, "find_lists", "{}").path("lists"), "name"));
        assertTrue(refused(bob, "share_list", share).contains("Only the owner"));
        assertTrue(refused(alice, "share_list", share.replace("groceries", "Inbox"))
                .contains("cannot be shared"));
        assertTrue(
                refused(alice, "share_list", share.replace("viewer", "owner")).startsWith("/role "));
        assertTrue(refused(alice, "share_list", share.replace(bob.name(), " ")).startsWith("/user "));
        assertTrue(refused(alice, "add_list", "{\"name\":\"\\u200b\"}").startsWith("/name "));
    }

    @Test
    void theHistoryComesFromTheAuditAndMayBeAway() throws Exception {
        String id = added();
        sidecar.asked.clear();
        assertTrue(done(alice, "task_history", "{\"id\":\"" + id + "\"}")
                .path("entries")
                .isEmpty());
        assertTrue(sidecar.asked.get(0).startsWith("audit internal/history"), sidecar.asked::toString);
        sidecar.away.add("audit");
        String told = refused(alice, "task_history", "{\"id\":\"" + id + "\"}");
        assertTrue(told.endsWith("Wait a moment and call again."), told);
    }

    @Test
    void whileTheStoreIsAwayTheWholeCallIsToBeTriedAgain() throws Exception {
        ObjectNode message = modern("tools/call", "{\"name\":\"find_lists\"}");
        sidecar.fail(1);
        HttpResponse<String> answer = post(alice, message, headers(message));
        assertFalse(is(503, answer).has("outcome"), "nothing was done");
        assertEquals("1", answer.headers().firstValue("Retry-After").orElse(""));
    }

    // ---------------------------------------------------------------- Rights

    private DoorClient program(String scopes, String lists) throws Exception {
        return new DoorClient(
                alice.name(),
                "Bearer "
                        + is(
                                        201,
                                        alice.call(
                                                "POST",
                                                "/api/tokens",
                                                "{\"name\":\"p\",\"scopes\":" + scopes + lists + "}"))
                                .path("token")
                                .asText());
    }

    @Test
    void aTokenThatReadsChangesNothing() throws Exception {
        DoorClient reader = program("[\"read\"]", "");
        assertEquals(READING, texts(ask(reader, "tools/list", "{}").path("tools"), "name"));
        String id = added();
        assertEquals(
                "a",
                done(reader, "get_task", "{\"id\":\"" + id + "\"}")
                        .path("title")
                        .asText());
        Map<String, String> wanted = Map.of(
                "add_tasks", "{\"tasks\":[{\"title\":\"x\"}]}",
                "update_tasks", "{\"tasks\":[{\"id\":\"" + id + "\",\"title\":\"x\"}]}",
                "complete_tasks", "{\"ids\":[\"" + id + "\"]}",
                "reopen_tasks", "{\"ids\":[\"" + id + "\"]}",
                "skip_task", "{\"id\":\"" + id + "\"}",
                "delete_tasks", "{\"ids\":[\"" + id + "\"]}",
                "add_list", "{\"name\":\"x\"}",
                "share_list", "{\"list\":\"" + list + "\",\"user\":\"bob\",\"role\":\"viewer\"}",
                "undo", "{}");
        assertEquals(TOOLS.size() - READING.size(), wanted.size());
        sidecar.calls.clear();
        for (Map.Entry<String, String> one : wanted.entrySet()) {
            assertEquals(
                    "This token may not write. Do not try again; tell the user.",
                    refused(reader, one.getKey(), one.getValue()));
        }
        assertFalse(sidecar.calls.toString().contains("write change"), sidecar.calls::toString);
        ObjectNode message = modern("tools/list", "{}");
        is(403, post(program("[\"write\"]", ""), message, headers(message)));
    }

    @Test
    void aTokenForAListHasNoOther() throws Exception {
        String other =
                done(alice, "add_list", "{\"name\":\"Other\"}").path("id").asText();
        String hidden = added("{\"title\":\"hidden\",\"list\":\"" + other + "\"}");
        String seen = added();
        DoorClient program = program("[\"read\",\"write\"]", ",\"lists\":[\"" + list + "\"]");
        assertFalse(
                texts(ask(program, "tools/list", "{}").path("tools"), "name").contains("undo"));
        assertEquals(List.of("Home"), texts(done(program, "find_lists", "{}").path("lists"), "name"));
        assertEquals(List.of(seen), texts(done(program, "find_tasks", "{}").path("tasks"), "id"));
        assertTrue(refused(program, "find_tasks", "{\"list\":[\"Other\"]}").contains("there is no list"));
        assertTrue(refused(program, "get_task", "{\"id\":\"" + hidden + "\"}").contains("no such task"));
        assertTrue(
                refused(program, "task_history", "{\"id\":\"" + hidden + "\"}").contains("no such task"));
        String ids = "{\"ids\":[\"" + hidden + "\"]}";
        for (String tool : List.of("complete_tasks", "reopen_tasks", "delete_tasks")) {
            assertTrue(refused(program, tool, ids).contains("no such task"), tool);
        }
        for (String place : List.of("Other", other, "Inbox")) {
            assertTrue(
                    refused(program, "add_tasks", "{\"tasks\":[{\"title\":\"x\",\"list\":\"" + place + "\"}]}")
                            .contains("there is no list"),
                    place);
            assertTrue(
                    refused(
                                    program,
                                    "update_tasks",
                                    "{\"tasks\":[{\"id\":\"" + seen + "\",\"list\":\"" + place + "\"}]}")
                            .contains("there is no list"),
                    place);
        }
        assertTrue(refused(program, "add_tasks", "{\"tasks\":[{\"title\":\"into the Inbox\"}]}")
                .contains("no such list"));
        assertTrue(refused(program, "undo", "{}").contains("some lists alone"));
        assertTrue(refused(program, "add_list", "{\"name\":\"x\"}").contains("some lists alone"));
        assertEquals(
                "hidden",
                done(alice, "get_task", "{\"id\":\"" + hidden + "\"}")
                        .path("title")
                        .asText());
    }

    @Test
    void whatIsNotTheUsersIsNotThereAndAViewerReads() throws Exception {
        String id = added();
        String one = "{\"id\":\"" + id + "\"}";
        String ids = "{\"ids\":[\"" + id + "\"]}";
        assertTrue(refused(bob, "get_task", one).contains("no such task"));
        assertTrue(refused(bob, "complete_tasks", ids).contains("no such task"));
        done(alice, "share_list", "{\"list\":\"" + list + "\",\"user\":\"" + bob.name() + "\",\"role\":\"viewer\"}");
        assertEquals("a", done(bob, "get_task", one).path("title").asText());
        assertTrue(refused(bob, "complete_tasks", ids).contains("You may read this list, not change it"));
        assertTrue(refused(bob, "add_tasks", "{\"tasks\":[{\"title\":\"x\",\"list\":\"Home\"}]}")
                .contains("not change it"));
    }
}
