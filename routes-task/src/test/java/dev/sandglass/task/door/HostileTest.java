package dev.sandglass.task.door;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sandglass.events.Json;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.lang.reflect.Field;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.component.bean.BeanConstants;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Input that a client may send and that must have no meaning, sent to the running service with its sidecar in memory. */
@QuarkusTest
@TestProfile(Local.class)
@Tag("FR-012")
class HostileTest {
    private static final String ORIGIN = "http://127.0.0.1:" + Local.PORT;
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** The headers that have a meaning in the contract, and those that HTTP needs. */
    private static final Set<String> MEANT = Set.of(
            "authorization",
            "content-type",
            "content-length",
            "accept",
            "if-match",
            "if-none-match",
            "idempotency-key",
            "mcp-protocol-version",
            "mcp-method",
            "mcp-name",
            "origin",
            "traceparent",
            "tracestate",
            "host",
            "connection",
            "transfer-encoding",
            "expect",
            "upgrade");

    private static final int HEADERS_AT_ONCE = 85;

    /** Where a name of a header or a property may stand: in a call of Camel's, in an annotation, in simple, in a path, in YAML. */
    private static final List<Pattern> NAMES = List.of(
            Pattern.compile(
                    "(?:[gs]etHeader|removeHeader|header|[gs]etProperty|exchangeProperty|removeProperty)\\(\\s*\"([^\"$]+)\""),
            Pattern.compile("@(?:Header|ExchangeProperty)\\(\"([^\"]+)\"\\)"),
            Pattern.compile("\\$\\{(?:header|headers|exchangeProperty|variable)[.\\[]([\\w.-]+)"),
            Pattern.compile("(?:^|/)\\{([\\w-]+)}"),
            Pattern.compile("(?m)(?:^\\s*|\\{)(?:header|exchangeProperty|name):\\s*\"?([\\w.-]+)"),
            Pattern.compile("Header: \"?([\\w-]+)"));

    @Inject
    DoorSidecar sidecar;

    @TestHTTPResource("/q/metrics")
    URI metrics;

    private int users;
    private String alice;
    private String operator;

    private record Answer(int status, String type, String body) {
        JsonNode json() {
            return Json.read(body, JsonNode.class);
        }
    }

    @BeforeEach
    void signIn() throws Exception {
        alice = token("alice");
        operator = token("olga", "operator");
    }

    private static String token(String user, String... roles) throws Exception {
        JsonNode wanted = Json.object().put("user", user).set("roles", Json.tree(roles));
        return send("POST", "/api/dev/token", "", wanted.toString(), Map.of())
                .json()
                .path("token")
                .asText();
    }

    private static Answer send(String method, String path, String token, String body, Map<String, String> headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(ORIGIN + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        HttpResponse<String> answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(
                answer.statusCode(), answer.headers().firstValue("Content-Type").orElse(""), answer.body());
    }

    private Answer post(String path, String body) throws Exception {
        return send("POST", path, alice, body, Map.of());
    }

    private String list() throws Exception {
        return post("/api/lists", "{\"name\":\"l\"}").json().path("id").asText();
    }

    private String task(String list) throws Exception {
        return post(
                        "/api/tasks",
                        "{\"title\":\"a\",\"due\":\"2037-01-31\",\"recurrence\":\"monthly\",\"list\":\"" + list + "\"}")
                .json()
                .path("id")
                .asText();
    }

    // ---------------------------------------------------------------- Headers

    /** Every name of a header or property that a route, a Kamelet or a bean has, and Camel's own. */
    private static Set<String> names() throws Exception {
        Set<String> names = new TreeSet<>();
        for (Class<?> constants : List.of(Exchange.class, BeanConstants.class, VertxPlatformHttpConstants.class)) {
            for (Field constant : constants.getFields()) {
                if (constant.getType() == String.class) {
                    names.add((String) constant.get(null));
                }
            }
        }
        for (String folder :
                List.of("src/main", "../route-support/src/main", "../dsl-yaml/kamelets", "../dsl-yaml/routes")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                for (Path file : files.filter(it -> it.toString().matches(".*\\.(java|yaml)"))
                        .toList()) {
                    String text = Files.readString(file);
                    for (Pattern pattern : NAMES) {
                        Matcher name = pattern.matcher(text);
                        while (name.find()) {
                            names.add(name.group(1));
                        }
                    }
                }
            }
        }
        names.removeIf(name -> MEANT.contains(name.toLowerCase(Locale.ROOT)) || !name.matches("[\\w.!#$%&'*+^`|~-]+"));
        return names;
    }

    @Test
    void aCharsetMeansNothingWhereNothingIsToBeRead() throws Exception {
        for (String path : List.of("/api/chat", "/api/dev/token", "/api/tasks")) {
            Answer answer = send("POST", path, alice, null, Map.of("Content-Type", "application/json; charset=x"));
            assertTrue(answer.status() == 400 || answer.status() == 422, answer::toString);
        }
    }

    @Test
    void theNamesThatWereAttackedAreAmongThoseThatAreTried() throws Exception {
        Set<String> names = names();
        assertTrue(
                names.containsAll(Set.of(
                        "id",
                        "user",
                        "list",
                        "request",
                        "query",
                        "service",
                        "method",
                        "limit",
                        "topic",
                        "CamelHttpPath",
                        "CamelHttpMethod",
                        "CamelHttpRawQuery",
                        "CamelCharsetName",
                        "CamelBeanMethodName",
                        "CamelVertxPlatformHttpAuthenticatedUser")),
                names::toString);
    }

    @Test
    void aHeaderOfNoNameThatARouteOrABeanReadsMeansAnything() throws Exception {
        List<String> names = new ArrayList<>(names());
        JsonNode paths = new YAMLMapper()
                .readTree(Path.of("src/main/resources/openapi.yaml").toFile())
                .path("paths");
        List<String> different = new ArrayList<>();
        int tried = 0;
        for (Map.Entry<String, JsonNode> path : paths.properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                String method = operation.getKey().toUpperCase(Locale.ROOT);
                if (!method.matches("GET|POST|PUT|PATCH|DELETE")) {
                    continue;
                }
                String plain = call(method, path.getKey(), operation.getValue(), Map.of());
                for (int from = 0; from < names.size(); from += HEADERS_AT_ONCE) {
                    Map<String, String> headers = new TreeMap<>();
                    names.subList(from, Math.min(names.size(), from + HEADERS_AT_ONCE))
                            .forEach(name -> headers.put(name, name.equals("user") ? "zz" : "a||b"));
                    String odd = call(method, path.getKey(), operation.getValue(), headers);
                    tried++;
                    if (!odd.equals(plain)) {
                        different.add(method + " " + path.getKey() + "\n  " + plain + "\n  " + odd);
                    }
                }
            }
        }
        System.out.printf("%d names of headers, %d calls%n", names.size(), tried);
        assertEquals(List.of(), different);
        assertTrue(tried > 29);
    }

    /** The result of one call on its own data, without the parts that differ each time. */
    private String call(String method, String path, JsonNode operation, Map<String, String> headers) throws Exception {
        String user = "visitor-" + users++ + "-";
        alice = token(user);
        String list = list();
        String task = task(list);
        String id = path.contains("/lists/")
                ? list
                : path.contains("/ops/") ? "audit.1" : path.contains("/reminders/") ? task + ".0123456789.1" : task;
        String query = switch (operation.path("operationId").asText()) {
            case "verifyAudit" -> "?list=" + list;
            case "findTasks" -> "?limit=1&q=a&filter=text~a&list=" + list;
            case "findAudit" -> "?limit=1&actor=" + user + "&list=" + list;
            case "listChanges" -> "?after=1";
            default -> "";
        };
        JsonNode content = operation.at("/requestBody/content");
        String body = content.isMissingNode()
                ? null
                : switch (operation.path("operationId").asText()) {
                    case "createList", "changeList" -> "{\"name\":\"n\"}";
                    case "searchTasks" -> "{\"filter\":\"text ~ a\",\"limit\":1}";
                    case "createFilter", "changeFilter" -> "{\"name\":\"n\",\"filter\":\"text ~ a\"}";
                    case "shareList" -> "{\"role\":\"viewer\"}";
                    case "snoozeReminder" -> "{\"for\":\"PT1H\"}";
                    case "changeMe" -> "{\"timeZone\":\"Europe/Warsaw\"}";
                    case "chat" -> "{\"message\":\"buy milk tomorrow\"}";
                    case "devToken" -> "{\"user\":\"bob\"}";
                    case "mcp" -> "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\"}";
                    case "createToken" -> "{\"name\":\"n\",\"scopes\":[\"read\"]}";
                    default -> "{\"title\":\"t\"}";
                };
        sidecar.asked.clear();
        Answer answer = send(
                method,
                path.replace("{id}", id)
                                .replace("{user}", "bob")
                                .replace("{link}", "nope")
                                .replace("{file}", "A".repeat(43) + ".ics")
                        + query,
                path.contains("/ops/") ? operator : alice,
                body,
                headers);
        String after = send("GET", "/api/lists/" + list, alice, null, Map.of()).body
                + send("GET", "/api/tasks/" + task, alice, null, Map.of()).body;
        // Of an archive ids and times cannot be taken out.
        String shown = answer.type.equals("application/zip") ? "" : answer.body;
        String told =
                answer.status + " " + answer.type + " " + shown + " " + after + " " + new TreeSet<>(sidecar.asked);
        return told.replace(list, "LIST")
                .replace(user, "USER")
                .replaceAll(
                        "\"(id|series|inbox|next|token|ticket|url|createdAt|conversation|hash|key)\":\"[^\"]+\"",
                        "\"$1\":…")
                .replaceAll("list[\\\\\"]+:[\\\\\"]+[\\w.-]+", "list:…")
                .replaceAll("\\[[\\\\\"]+[\\w\\\\\",.-]+\\]", "[…]")
                .replaceAll("\"hash\\\\?\":\\\\?\"\\w+", "hash")
                .replaceAll("\"total\":\\d+", "total")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "NOW");
    }

    @Test
    void aHeaderIsNoPartOfThePath() throws Exception {
        String list = list();
        assertEquals(200, send("GET", "/api/lists/" + list, alice, null, Map.of("id", "a||b")).status);
        send("PUT", "/api/lists/" + list + "/members/bob", alice, "{\"role\":\"viewer\"}", Map.of("user", "zz"));
        JsonNode members =
                send("GET", "/api/lists/" + list, alice, null, Map.of()).json().path("members");
        assertEquals(Json.read("{\"alice\":\"owner\",\"bob\":\"viewer\"}", JsonNode.class), members);
    }

    // ---------------------------------------------------------------- Bodies

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'{\"title\":\"a\"}'",
                "{\"title\":\"a\"} x",
                "{\"title\":\"a\",\"title\":\"b\"}",
                "{'title':'a'}",
                "{\"title\":",
                "\"x",
                "nul",
                "",
                " "
            })
    void whatIsNoJsonIs400InOurWords(String body) throws Exception {
        Answer answer = post("/api/tasks", body);
        assertEquals(400, answer.status, answer.body);
        assertEquals("Bad Request", answer.json().path("title").asText());
        for (String word : List.of(
                "Unexpected",
                "character (",
                "token",
                "JsonToken",
                "INCLUDE",
                "Source",
                "StreamReadFeature",
                "Exception")) {
            assertFalse(answer.body.contains(word), answer.body);
        }
        if (!body.isBlank()) {
            assertTrue(answer.body.matches(".*\\(line \\d+, column \\d+\\).*"), answer.body);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"x\"",
                "\"{\\\"title\\\":\\\"a\\\"}\"",
                "null",
                "5",
                "[]",
                "true",
                "\"\"",
                "[{\"title\":\"a\"}]"
            })
    void whatIsNoObjectIs422(String body) throws Exception {
        for (String path : List.of("/api/tasks", "/api/lists", "/api/chat", "/api/dev/token")) {
            Answer answer = post(path, body);
            assertEquals(422, answer.status, answer.body);
            assertTrue(answer.body.contains("must be object"), answer.body);
        }
    }

    @Test
    void textArrivesAsItWasWritten() throws Exception {
        for (String title : List.of(
                "'quoted'", "\"quoted\"", "${body}", "{{user.name}}", "RAW(x)", "a&b=c?d#e%25+f", "$simple{1}", "$")) {
            JsonNode task = post("/api/tasks", Json.object().put("title", title).toString())
                    .json();
            assertEquals(title, task.path("title").asText());
            String found = send("GET", "/api/tasks/" + task.path("id").asText(), alice, null, Map.of())
                    .json()
                    .path("title")
                    .asText();
            assertEquals(title, found);
        }
    }

    // ---------------------------------------------------------------- Answers

    @ParameterizedTest
    @ValueSource(
            strings = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "BREW", "get"})
    void everyMethodOnEveryPathIsAnsweredWithAProblemOrWhatIsThere(String method) throws Exception {
        for (String path : List.of(
                "/",
                "/app.js",
                "/index.html",
                "/nope.js",
                "/nope",
                "/nope/",
                "/api",
                "/api/",
                "/api/nope",
                "/api/tasks",
                "/api/me",
                "/q/health",
                "/hooks/in/x",
                "/hooks/x",
                "/internal/heads",
                "/events/task-events",
                "/job/x",
                "/index.html/",
                "/META-INF/x")) {
            Answer answer = send(method, path, alice, null, Map.of());
            if (answer.status >= 400 && !method.equals("HEAD")) {
                assertEquals("application/problem+json", answer.type, method + " " + path + ": " + answer);
                assertEquals(answer.status, answer.json().path("status").asInt());
                assertTrue(answer.status < 500, answer.body);
            }
            if (method.equals("POST") && !path.startsWith("/api/")
                    || path.startsWith("/q/")
                    || path.startsWith("/internal")) {
                assertTrue(answer.status >= 400, method + " " + path + " " + answer);
            }
        }
    }

    @Test
    void whateverAFileIsAskedForIsAnswered() throws Exception {
        for (Map<String, String> headers : List.of(
                Map.of("Range", "bytes=99999999-"),
                Map.of("Range", "bytes=5-2"),
                Map.of("Range", "x"),
                Map.of("If-None-Match", "\""),
                Map.of("If-Modified-Since", "x"),
                Map.of("Accept", "x"),
                Map.of("Accept-Encoding", ";;;q=x"))) {
            Answer answer = send("GET", "/app.js", "", null, headers);
            assertTrue(answer.status < 500, headers + " " + answer.status);
            if (answer.status >= 400) {
                assertEquals("application/problem+json", answer.type, headers + ": " + answer);
            }
        }
    }

    @Test
    void aTimeOfTheAuditIsPassedOnAsAnInstantAndWhatIsNoneIs422() throws Exception {
        sidecar.asked.clear();
        assertEquals(200, send("GET", "/api/audit?from=2027-01-31T08:00:00%2B01:00", alice, null, Map.of()).status);
        assertTrue(sidecar.asked.toString().contains("\"from\":\"2027-01-31T07:00:00Z\""), sidecar.asked.toString());
        for (String wrong : List.of("2027-01-31%2008:00:00Z", "2016-12-31T18:59:60-05:00", "2027-01-31T08:00:00")) {
            assertEquals(422, send("GET", "/api/audit?from=" + wrong, alice, null, Map.of()).status, wrong);
            assertEquals(422, send("GET", "/api/audit?to=" + wrong, alice, null, Map.of()).status, wrong);
        }
    }

    @Test
    void aCursorThatWasTamperedWithIs422Everywhere() throws Exception {
        String list = list();
        task(list);
        task(list);
        String good = send("GET", "/api/tasks?limit=1&list=" + list, alice, null, Map.of())
                .json()
                .path("next")
                .asText();
        assertEquals(
                200, send("GET", "/api/tasks?limit=1&list=" + list + "&cursor=" + good, alice, null, Map.of()).status);
        String audits = send("GET", "/api/audit", alice, null, Map.of())
                .json()
                .path("next")
                .asText();
        assertTrue(audits.startsWith("abc."), audits);
        sidecar.asked.clear();
        assertEquals(200, send("GET", "/api/audit?cursor=" + audits, alice, null, Map.of()).status);
        assertTrue(sidecar.asked.toString().contains("\"cursor\":\"abc\""), sidecar.asked.toString());
        assertFalse(
                sidecar.asked.toString().contains("\"list\":"),
                "audit holds a cursor against the list that was asked for");
        assertEquals(200, send("GET", "/api/audit?list=" + list, alice, null, Map.of()).status);
        assertTrue(sidecar.asked.toString().contains("\"list\":\"" + list + "\""), sidecar.asked.toString());
        for (String path : List.of("/api/tasks", "/api/audit", "/api/ops/dead-letters")) {
            for (String cursor : List.of(
                    "x",
                    "eyJhdCI6bnVsbH0",
                    "0_0_0_0_0",
                    good + "x",
                    "x" + audits,
                    "a".repeat(1000),
                    "a".repeat(999) + ".")) {
                Answer answer = send("GET", path + "?cursor=" + cursor, operator, null, Map.of());
                assertEquals(422, answer.status, path + " " + cursor + " " + answer.body);
                assertEquals("/cursor", answer.json().at("/errors/0/pointer").asText());
            }
        }
    }

    @Test
    void issuersNameUsersAsTheyLike() throws Exception {
        String list = list();
        for (String user : List.of(
                "auth0%7C123", "a%7C%7Cb", "a%2Fb", "jane@example.com", "Jane%20Doe", "j%C3%B3zef", "%25", "a+b")) {
            String path = "/api/lists/" + list + "/members/" + user;
            assertEquals(204, send("PUT", path, alice, "{\"role\":\"viewer\"}", Map.of()).status, user);
            assertEquals(204, send("DELETE", path, alice, null, Map.of()).status, user);
        }
    }

    private static void raw(String request) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", Local.PORT)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            assertTrue(
                    new String(socket.getInputStream().readAllBytes(), ISO_8859_1).contains("problem+json"), request);
        }
    }

    @Test
    void differentPathsAreNotDifferentLabels() throws Exception {
        for (int i = 0; i < 15; i++) {
            for (String path : List.of(
                    "/api/tasks/x." + (i + 1),
                    "/api/nope" + i,
                    "/nope" + i,
                    "/nope" + i + ".js",
                    "/hooks/in/n" + i,
                    "/api/lists/l" + i + "/members/u" + i)) {
                send("GET", path, i % 2 == 0 ? alice : "wrong", null, Map.of());
                send("BREW" + i, path, "", null, Map.of());
            }
            for (String start : List.of(
                    "CONNECT nope" + i + ":80",
                    "OPTIONS *",
                    "GET /api/tasks/%zz" + i,
                    "GET /%zz" + i,
                    "POST /nope" + i + ".js",
                    "GET /api/nope" + i + "/../../nope" + i)) {
                raw(start + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            }
            raw("GET /nope" + i + " HTTP/1.1\r\nHost: x\r\nExpect: x\r\nConnection: close\r\n\r\n");
            CLIENT.send(
                    HttpRequest.newBuilder(metrics.resolve("/nope" + i)).build(),
                    HttpResponse.BodyHandlers.discarding());
        }
        String text = CLIENT.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        Set<String> labels = new TreeSet<>();
        Matcher label = Pattern.compile("(?m)^http_server_requests_seconds_count\\{.*uri=\"([^\"]*)\"")
                .matcher(text);
        while (label.find()) {
            labels.add(label.group(1));
        }
        assertTrue(labels.contains("/api/tasks/{id}"), labels::toString);
        assertTrue(labels.stream().noneMatch(it -> it.contains("nope") || it.matches(".*\\d.*")), labels::toString);
        Set<String> methods = new TreeSet<>();
        Matcher method = Pattern.compile("(?m)^http_server_requests_seconds_count\\{method=\"([^\"]*)\"")
                .matcher(text);
        while (method.find()) {
            methods.add(method.group(1));
        }
        assertTrue(methods.size() < 12, methods::toString);
    }
}
