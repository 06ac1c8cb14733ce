package dev.sandglass.task.door;

import static dev.sandglass.task.door.DoorClient.is;
import static dev.sandglass.task.door.DoorClient.wrong;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each limit for people counts characters (code points), in any script: at its edge it is taken, beyond it is told with its unit. */
@QuarkusTest
@TestProfile(Local.class)
@Tag("FR-008")
class LimitsTest {
    private DoorClient alice;

    @BeforeEach
    void signIn() throws Exception {
        alice = DoorClient.like("alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"😀", "क", "漢", "é", "x"})
    void ofATaskMadeAndChanged(String letter) throws Exception {
        JsonNode made = is(201, post(task(letter, 500, 16_000, 50)));
        String path = "/api/tasks/" + made.path("id").asText();
        assertEquals(letter.repeat(500), made.path("title").asText());
        assertEquals(letter.repeat(16_000), made.path("description").asText());
        assertEquals(letter.repeat(50), made.at("/tags/0").asText());
        is(200, alice.call("PATCH", path, task(letter, 500, 16_000, 50)));
        assertEquals(told(500), wrong("/title", post(task(letter, 501, 16_000, 50))));
        assertEquals(told(16_000), wrong("/description", alice.call("PATCH", path, task(letter, 500, 16_001, 50))));
        assertEquals(told(50), wrong("/tags/0", alice.call("PATCH", path, task(letter, 500, 16_000, 51))));
        String tag = URLEncoder.encode(letter.repeat(50), StandardCharsets.UTF_8);
        JsonNode found = is(200, alice.call("GET", "/api/tasks?tag=" + tag, null));
        assertEquals(1, found.path("total").asInt());
    }

    @ParameterizedTest
    @ValueSource(strings = {"😀", "क", "漢"})
    void ofTheNameOfAList(String letter) throws Exception {
        String body = Json.text(Map.of("name", letter.repeat(200)));
        JsonNode list = is(201, alice.call("POST", "/api/lists", body));
        assertEquals(letter.repeat(200), list.path("name").asText());
        String more = Json.text(Map.of("name", letter.repeat(201)));
        assertEquals(told(200), wrong("/name", alice.call("POST", "/api/lists", more)));
        String path = "/api/lists/" + list.path("id").asText();
        assertEquals(told(200), wrong("/name", alice.call("PATCH", path, more)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"😀", "क", "漢"})
    void ofWordsInChat(String letter) throws Exception {
        String tag = letter.equals("😀") ? letter.repeat(50) : "a" + letter.repeat(49);
        JsonNode added = say("add " + letter.repeat(500) + " #" + tag).at("/tasks/0");
        assertEquals(letter.repeat(500), added.path("title").asText());
        assertEquals(tag, added.at("/tags/0").asText());
        assertEquals(0, say("add " + letter.repeat(501)).path("tasks").size());
        assertEquals(0, say("add milk #" + tag + letter).path("tasks").size());
        assertTrue(say(letter.repeat(2_001)).path("reply").asText().contains("2,000 characters"));
        assertEquals(told(4_000), wrong("/message", alice.call("POST", "/api/chat", message(letter.repeat(4_001)))));
    }

    private static String told(int most) {
        return "must have at most " + most + " characters (Unicode code points), this has " + (most + 1);
    }

    private static String task(String letter, int title, int description, int tag) {
        return Json.text(Map.of(
                "title",
                letter.repeat(title),
                "description",
                letter.repeat(description),
                "tags",
                List.of(letter.repeat(tag))));
    }

    private HttpResponse<String> post(String task) throws Exception {
        return alice.call("POST", "/api/tasks", task);
    }

    private static String message(String said) {
        return Json.text(Map.of("message", said));
    }

    private JsonNode say(String said) throws Exception {
        return is(200, alice.call("POST", "/api/chat", message(said)));
    }
}
