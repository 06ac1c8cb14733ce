package dev.sandglass.task.door;

import static dev.sandglass.task.door.DoorClient.is;
import static dev.sandglass.task.door.DoorClient.wrong;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files come in as they are and go out as an archive: what HTTP has to do with it. */
@QuarkusTest
@TestProfile(Local.class)
@Tag("FR-012")
class ImportsTest {
    private static final String FILE = "/api/imports";

    private DoorClient alice;

    @BeforeEach
    void signIn() throws Exception {
        alice = DoorClient.like("alice");
    }

    private HttpResponse<String> send(byte[] file, String type) throws Exception {
        HttpRequest request = alice.request("POST", FILE, "", Map.of("Content-Type", type));
        return DoorClient.HTTP.send(
                HttpRequest.newBuilder(request, (name, value) -> true)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(file))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> send(String file) throws Exception {
        return send(file.getBytes(UTF_8), "text/plain");
    }

    private byte[] export(DoorClient who) throws Exception {
        HttpResponse<byte[]> answer = DoorClient.HTTP.send(
                who.request("GET", "/api/export", null, Map.of("Accept", "application/zip")),
                HttpResponse.BodyHandlers.ofByteArray());
        assertEquals(200, answer.statusCode());
        assertEquals(
                "application/zip", answer.headers().firstValue("Content-Type").orElse(""));
        assertEquals("no-store", answer.headers().firstValue("Cache-Control").orElse(""));
        return answer.body();
    }

    private static byte[] zip(String name, String text) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    private JsonNode tasks() throws Exception {
        return is(200, alice.call("GET", "/api/tasks", null)).path("tasks");
    }

    private HttpResponse<String> apply(JsonNode shown, Map<String, String> headers) throws Exception {
        return alice.call("POST", FILE + "/" + shown.path("id").asText() + "/apply", null, headers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/octet-stream", "application/json", "text/csv; charset=utf-8"})
    void whatItIsItsContentSays(String type) throws Exception {
        JsonNode shown = is(201, send("\ufeff(A) Zażółć +x\n".getBytes(UTF_8), type));
        assertEquals("todo.txt", shown.path("format").asText());
        assertEquals("Zażółć", shown.at("/entries/0/becomes/title").asText());
        assertEquals(0, tasks().size());
    }

    @Test
    void anArchiveComesInAsItsBytes() throws Exception {
        byte[] file = zip("Work [1].csv", "TYPE,CONTENT,PRIORITY,INDENT\ntask,a,1,1\n");
        JsonNode shown = is(201, send(file, "application/zip"));
        assertEquals("todoist", shown.path("format").asText());
        JsonNode counts = is(200, apply(shown, Map.of()));
        assertEquals(Json.read("{\"made\":1,\"updated\":0,\"skipped\":0,\"failed\":0}", JsonNode.class), counts);
        assertEquals(shown.at("/lists/0/id"), tasks().at("/0/list"));
        assertEquals(1, is(200, apply(shown, Map.of())).path("skipped").asInt());
    }

    /** As long as real ones are: Taskwarrior says all that it knows of a task. */
    @Test
    void aFileOfFiveThousandTasksIsTaken() throws Exception {
        String file = IntStream.range(0, 5_000)
                .mapToObj(i ->
                        ("{\"id\":%d,\"description\":\"Call somebody back about number %d of the things that are still open\","
                                        + "\"entry\":\"20260101T080000Z\",\"modified\":\"20260101T080000Z\",\"project\":\"Home.Garden\","
                                        + "\"priority\":\"H\",\"due\":\"20400131T080000Z\",\"status\":\"pending\",\"tags\":[\"next\",\"phone\"],"
                                        + "\"annotations\":[{\"entry\":\"20260101T080000Z\",\"description\":\"%s\"}],"
                                        + "\"uuid\":\"%08d-0000-4000-8000-000000000000\",\"urgency\":15.9}")
                                .formatted(i + 1, i, "she was not there, try again. ".repeat(10), i))
                .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
        assertTrue(file.length() > 3_000_000, () -> "" + file.length());
        JsonNode shown = is(201, send(file.getBytes(UTF_8), "application/json"));
        assertEquals(5_000, shown.path("entries").size());
    }

    @Test
    void aRepeatedRequestIsAnsweredAsTheFirstWas() throws Exception {
        JsonNode shown = is(201, send("a\n"));
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        JsonNode first = is(200, apply(shown, key));
        is(200, alice.call("POST", "/api/undo", null));
        assertEquals(first, is(200, apply(shown, key)), "and nothing is done again");
        assertEquals(0, tasks().size());
    }

    @Test
    void whatCannotBeReadIsRefusedAndNothingIsKept() throws Exception {
        is(415, send("a\n".getBytes(UTF_8), "application/xml"));
        is(415, send("a\n".getBytes(UTF_8), "text/plain; charset=utf-16"));
        is(400, send(""));
        JsonNode large = is(413, send("a".repeat(4_000_001)));
        assertTrue(large.path("detail").asText().contains("4 MB at most: zip it"), large::toString);
        assertTrue(wrong("", send("[".repeat(10_000))).contains("nested"));
        assertTrue(wrong("", send(new byte[] {(byte) 0xff, (byte) 0xfe, 'a', 0}, "text/plain"))
                .contains("UTF-8"));
        assertTrue(wrong("", send(zip("a.csv", "0".repeat(6_000_001)), "application/zip"))
                .contains("unpacks"));
        wrong("/list", alice.call("POST", FILE + "?list=nope", "a\n", Map.of("Content-Type", "text/plain")));
        is(404, alice.call("POST", FILE + "/nope/apply", null));
    }

    @Test
    void programsDoWhatTheirTokensAreFor() throws Exception {
        DoorClient reads = token("[\"read\"]", "");
        DoorClient writes = token("[\"write\"]", "");
        DoorClient ofAList = token("[\"read\",\"write\"]", ",\"lists\":[\"" + alice.list() + "\"]");
        Map<String, String> plain = Map.of("Content-Type", "text/plain");
        is(403, reads.call("POST", FILE, "a\n", plain));
        is(201, writes.call("POST", FILE, "a\n", plain));
        is(403, ofAList.call("POST", FILE, "a\n", plain));
        is(403, writes.call("GET", "/api/export", null));
        is(403, ofAList.call("GET", "/api/export", null));
        export(reads);
    }

    private DoorClient token(String scopes, String lists) throws Exception {
        JsonNode made =
                is(201, alice.call("POST", "/api/tokens", "{\"name\":\"t\",\"scopes\":" + scopes + lists + "}"));
        return new DoorClient(alice.name(), "Bearer " + made.path("token").asText());
    }

    @Test
    void everythingComesOutInOneArchive() throws Exception {
        String list = alice.list();
        is(
                201,
                alice.call(
                        "POST", "/api/tasks", "{\"title\":\"seen\",\"due\":\"2040-01-01\",\"list\":\"" + list + "\"}"));
        is(201, alice.call("POST", "/api/filters", "{\"name\":\"f\",\"filter\":\"title = a\"}"));
        DoorClient bob = DoorClient.like("bob");
        is(201, bob.call("POST", "/api/tasks", "{\"title\":\"hidden\"}"));
        Map<String, String> files = new TreeMap<>();
        byte[] archive = export(alice);
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry file = zip.getNextEntry(); file != null; file = zip.getNextEntry()) {
                files.put(file.getName(), new String(zip.readAllBytes(), UTF_8));
            }
        }
        assertEquals(6, files.size(), () -> files.keySet().toString());
        JsonNode manifest = Json.read(files.get("sandglass.json"), JsonNode.class);
        assertEquals(alice.name(), manifest.at("/settings/user").asText());
        assertEquals("title = a", manifest.at("/filters/0/filter").asText());
        assertEquals("Inbox", manifest.at("/lists/0/name").asText());
        String home = manifest.at("/lists/1/file").asText();
        assertEquals("lists/Home-" + list + ".json", home);
        assertEquals(
                "seen",
                Json.read(files.get(home), JsonNode.class).at("/tasks/0/title").asText());
        assertTrue(files.get(home.replace(".json", ".ics")).contains("SUMMARY:seen"));
        assertTrue(files.containsKey("audit.jsonl"));
        assertTrue(files.values().stream().noneMatch(text -> text.contains("hidden")));
        assertEquals(
                "sandglass",
                is(201, send(archive, "application/zip")).path("format").asText());
        assertEquals("sandglass", is(201, send(files.get(home))).path("format").asText(), "and each list by itself");
    }
}
