package dev.sandglass.task.door;

import static dev.sandglass.task.door.DoorClient.is;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.task.NullFields;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A task as a client reads and writes it. */
@QuarkusTest
@TestProfile(Local.class)
@Tag("FR-001")
class OneTaskTest {
    private DoorClient alice;

    @BeforeEach
    void signIn() throws Exception {
        alice = DoorClient.like("alice");
    }

    @Test
    void whatAClientHasIsNotSentAgainUntilItIsAnother() throws Exception {
        String task = made("{\"title\":\"a\",\"due\":\"2040-01-01\"}");
        String tag = get(task, "\"0\"").headers().firstValue("ETag").orElseThrow();
        for (String known : new String[] {tag, "W/" + tag, "\"x\", " + tag, "*"}) {
            HttpResponse<String> same = get(task, known);
            assertEquals(304, same.statusCode(), known);
            assertEquals("", same.body());
            assertEquals(tag, same.headers().firstValue("ETag").orElseThrow());
            assertEquals("no-store", same.headers().firstValue("Cache-Control").orElseThrow());
        }
        is(200, alice.call("PATCH", task, "{\"title\":\"b\"}", Map.of("If-None-Match", "*")));
        assertEquals("b", is(200, get(task, tag)).path("title").asText());
    }

    @Test
    void whatIsOverdueIsSentForTheClientMayHaveItFromBefore() throws Exception {
        String task = made("{\"title\":\"a\",\"due\":\"2020-01-01\"}");
        assertEquals(true, is(200, get(task, "*")).path("overdue").asBoolean());
    }

    @Test
    void linesEndAsWeKeepThemHoweverASystemEndsThem() throws Exception {
        String task = made("{\"title\":\"a\",\"description\":\"a\\r\\nb\\rc\\n\\r\\n\"}");
        assertEquals(
                "a\nb\nc\n\n", is(200, get(task, "\"0\"")).path("description").asText());
        assertEquals(
                "d\ne",
                is(200, alice.call("PATCH", task, "{\"description\":\"d\\r\\ne\"}"))
                        .path("description")
                        .asText());
    }

    /** Clients that send a whole task have null where they have nothing. */
    @Test
    void nullInANewTaskIsAsIfTheFieldWereNotGiven() throws Exception {
        List<String> fields = NullFields.OF_A_NEW_TASK;
        String nulls = fields.stream().map(field -> ",\"" + field + "\":null").collect(Collectors.joining());
        JsonNode without = is(200, get(made("{\"title\":\"a\"}"), "\"0\""));
        JsonNode with = is(200, get(made("{\"title\":\"a\"" + nulls + "}"), "\"0\""));
        fields.forEach(field -> assertEquals(without.get(field), with.get(field), field));
        is(422, alice.call("POST", "/api/tasks", "{\"title\":null}"));
    }

    private String made(String task) throws Exception {
        return "/api/tasks/"
                + is(201, alice.call("POST", "/api/tasks", task)).path("id").asText();
    }

    private HttpResponse<String> get(String task, String known) throws Exception {
        return alice.call("GET", task, null, Map.of("If-None-Match", known));
    }
}
