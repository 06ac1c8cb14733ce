package dev.sandglass.task.door;

import static dev.sandglass.task.door.DoorClient.is;
import static dev.sandglass.task.door.DoorClient.wrong;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Filters as a client meets them: in an address, in a body, saved. */
@QuarkusTest
@TestProfile(Local.class)
@Tag("FR-006")
class FiltersTest {
    private static final Map<String, String> NONE = Map.of();

    private DoorClient alice;

    @BeforeEach
    void signIn() throws Exception {
        alice = DoorClient.like("alice");
    }

    // ---------------------------------------------------------------- Finding

    @Test
    void aFilterAWordAndAParameterHoldTogether() throws Exception {
        task("{\"title\":\"Pay rent\",\"priority\":\"high\",\"tags\":[\"Home\"]}");
        task("{\"title\":\"Pay taxes\",\"priority\":\"urgent\"}");
        task("{\"title\":\"Rest\"}");
        assertEquals(List.of("Pay taxes", "Pay rent"), titles(find("priority >= high", "&sort=-priority")));
        assertEquals(List.of("Pay rent"), titles(find("priority >= high", "&q=rent")));
        assertEquals(List.of("Pay rent"), titles(find("tag = HOME", "")));
        assertEquals(List.of("Pay taxes", "Rest"), titles(find("not tag = home", "&sort=title")));
        assertEquals(List.of("Rest"), titles(find("list = INBOX and not text ~ \"pay \"", "")));
        assertEquals(List.of("Pay taxes"), titles(find("priority >= high", "&priority=urgent")));
    }

    @Test
    void aSemicolonInAnAddressIsLookedFor() throws Exception {
        task("{\"title\":\"a;b\"}");
        task("{\"title\":\"a\"}");
        assertEquals(List.of("a;b"), titles(is(200, alice.call("GET", "/api/tasks?q=a;b", null))));
    }

    @Test
    void aBodyFindsWhatAnAddressFindsAndOneCursorGoesOnInBoth() throws Exception {
        for (String title : List.of("c", "a", "b")) {
            task("{\"title\":\"" + title + "\"}");
        }
        String body = "{\"filter\":\"title in [a,\\nb,c]\",\"sort\":\"-title,due\",\"limit\":1%s}";
        JsonNode first = is(200, alice.call("POST", "/api/tasks/search", body.formatted(""), NONE));
        assertEquals(List.of("c"), titles(first));
        assertEquals(3, first.path("total").asInt());
        String cursor = first.path("next").asText();
        JsonNode second =
                is(200, alice.call("POST", "/api/tasks/search", body.formatted(",\"cursor\":\"" + cursor + '"'), NONE));
        assertEquals(List.of("b"), titles(second));
        assertEquals(second, find("title in [a, b, c]", "&sort=-title,due&limit=1&cursor=" + cursor));
        assertEquals(
                3,
                is(200, alice.call("POST", "/api/tasks/search", "{}", NONE))
                        .path("total")
                        .asInt());

        assertEquals(first, is(200, alice.call("POST", "/api/tasks/search", body.formatted(",\"cursor\":null"), NONE)));
        wrong("/cursor", alice.call("POST", "/api/tasks/search", "{\"cursor\":\"" + cursor + "\"}", NONE));
        String other = cursor.substring(0, cursor.length() - 1) + (cursor.endsWith("A") ? "B" : "A");
        wrong("/cursor", alice.call("POST", "/api/tasks/search", body.formatted(",\"cursor\":\"" + other + '"'), NONE));
        alice = DoorClient.like("alice");
        wrong(
                "/cursor",
                alice.call("POST", "/api/tasks/search", body.formatted(",\"cursor\":\"" + cursor + '"'), NONE));
    }

    @Test
    void aSearchWithAKeyIsAnsweredTheSameAgain() throws Exception {
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        JsonNode first = is(200, alice.call("POST", "/api/tasks/search", "{\"filter\":\"title = a\"}", key));
        task("{\"title\":\"a\"}");
        assertEquals(first, is(200, alice.call("POST", "/api/tasks/search", "{\"filter\":\"title = a\"}", key)));
        is(422, alice.call("POST", "/api/tasks/search", "{\"filter\":\"title = b\"}", key));
    }

    @Test
    void whatIsWrongIsToldWithItsCharacter() throws Exception {
        String told = "character 12: expected one of low, medium, high, urgent";
        assertEquals(told, wrong("/filter", get("?filter=" + escaped("priority = highest"))));
        String body = "{\"name\":\"n\",\"filter\":\"priority = highest\"}";
        assertEquals(told, wrong("/filter", alice.call("POST", "/api/filters", body, NONE)));
        assertEquals(
                told,
                wrong("/filter", alice.call("POST", "/api/tasks/search", "{\"filter\":\"priority = highest\"}", NONE)));
        wrong("/filter", get("?filter="));
        wrong("/filter", get("?filter=" + escaped("title = a".repeat(1_000))));
        wrong("/filter", get("?filter=" + escaped("title = \u0007")));
        wrong("/sort", alice.call("POST", "/api/tasks/search", "{\"sort\":\"due,-due\"}", NONE));
        wrong("/sort", alice.call("POST", "/api/tasks/search", "{\"sort\":[\"due\"]}", NONE));
        wrong("/limit", alice.call("POST", "/api/tasks/search", "{\"limit\":0}", NONE));
        wrong("/q", alice.call("POST", "/api/tasks/search", "{\"q\":\"a\"}", NONE));
        is(405, alice.call("GET", "/api/tasks/search", null, NONE));
    }

    // ---------------------------------------------------------------- Saved

    @Test
    void aFilterIsSavedChangedAndDeleted() throws Exception {
        assertEquals(List.of(), names());
        JsonNode week = save("This week", "due < today + 7d", "\"due,-priority\"");
        JsonNode all = save("\ud83c\udfe0".repeat(100), "title ~ a", null);
        assertEquals("created", all.path("sort").asText());
        JsonNode usual = save("Usual", "title ~ a", "null");
        assertEquals("created", usual.path("sort").asText());
        is(204, alice.call("DELETE", "/api/filters/" + usual.path("id").asText(), null, NONE));
        assertEquals("due,-priority", week.path("sort").asText());
        assertEquals(List.of("This week", all.path("name").asText()), names());
        String path = "/api/filters/" + week.path("id").asText();
        JsonNode changed = is(200, alice.call("PATCH", path, "{\"name\":\"Soon\",\"sort\":null}", NONE));
        assertEquals(week.path("id"), changed.path("id"));
        assertEquals("Soon", changed.path("name").asText());
        assertEquals("due < today + 7d", changed.path("filter").asText());
        assertEquals("created", changed.path("sort").asText());
        assertEquals(List.of("Soon", all.path("name").asText()), names());
        is(204, alice.call("DELETE", path, null, NONE));
        is(404, alice.call("DELETE", path, null, NONE));
        is(404, alice.call("PATCH", path, "{}", NONE));
        assertEquals(List.of(all.path("name").asText()), names());
    }

    @Test
    void anothersFilterIsNotThere() throws Exception {
        String path =
                "/api/filters/" + save("Mine", "title ~ a", null).path("id").asText();
        DoorClient owner = alice;
        alice = DoorClient.like("alice");
        assertEquals(List.of(), names());
        is(404, alice.call("PATCH", path, "{\"name\":\"Yours\"}", NONE));
        is(404, alice.call("DELETE", path, null, NONE));
        alice = owner;
        assertEquals(List.of("Mine"), names());
    }

    @Test
    void whatIsAskedTwiceWithAKeyIsDoneOnce() throws Exception {
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        String body = "{\"name\":\"a\",\"filter\":\"title = a\"}";
        JsonNode made = is(201, alice.call("POST", "/api/filters", body, key));
        assertEquals(made, is(201, alice.call("POST", "/api/filters", body, key)));
        assertEquals(List.of("a"), names());
        String path = "/api/filters/" + made.path("id").asText();
        is(204, alice.call("DELETE", path, null, key));
        is(204, alice.call("DELETE", path, null, key));
        assertNotEquals(made, save("a", "title = a", null));
    }

    @Test
    void filtersHaveAnEndInNumberAndSize() throws Exception {
        String longest = "title = " + "x".repeat(1_992);
        for (int i = 0; i < 49; i++) {
            save("n", longest, null);
        }
        String one = save("n", "title = a", null).path("id").asText();
        is(422, alice.call("POST", "/api/filters", "{\"name\":\"n\",\"filter\":\"" + longest + "\"}", NONE));
        is(422, alice.call("PATCH", "/api/filters/" + one, "{\"filter\":\"" + longest + "\"}", NONE));
        for (int i = 50; i < 100; i++) {
            save("n", "title = a", null);
        }
        is(422, alice.call("POST", "/api/filters", "{\"name\":\"n\",\"filter\":\"title = a\"}", NONE));
        is(200, alice.call("PATCH", "/api/filters/" + one, "{\"name\":\"m\"}", NONE));
        assertEquals(100, names().size());
    }

    @Test
    void whatIsWrongIsNotSaved() throws Exception {
        wrong("/name", alice.call("POST", "/api/filters", "{\"filter\":\"title = a\"}", NONE));
        wrong("/name", alice.call("POST", "/api/filters", "{\"name\":\"\u200b\",\"filter\":\"title = a\"}", NONE));
        wrong(
                "/name",
                alice.call(
                        "POST",
                        "/api/filters",
                        "{\"name\":\"" + "x".repeat(101) + "\",\"filter\":\"title = a\"}",
                        NONE));
        wrong("/filter", alice.call("POST", "/api/filters", "{\"name\":\"a\"}", NONE));
        wrong(
                "/sort",
                alice.call("POST", "/api/filters", "{\"name\":\"a\",\"filter\":\"title = a\",\"sort\":\"x\"}", NONE));
        wrong(
                "/id",
                alice.call("POST", "/api/filters", "{\"id\":\"a\",\"name\":\"a\",\"filter\":\"title = a\"}", NONE));
        String path = "/api/filters/" + save("a", "title = a", null).path("id").asText();
        wrong("/filter", alice.call("PATCH", path, "{\"filter\":\"title\"}", NONE));
        wrong("/name", alice.call("PATCH", path, "{\"name\":null}", NONE));
        assertEquals(List.of("a"), names());
    }

    // ---------------------------------------------------------------- Calls

    private void task(String body) throws Exception {
        is(201, alice.call("POST", "/api/tasks", body, NONE));
    }

    private JsonNode save(String name, String filter, String sort) throws Exception {
        String body = "{\"name\":\"" + name + "\",\"filter\":\"" + filter + '"'
                + (sort == null ? "}" : ",\"sort\":" + sort + "}");
        return is(201, alice.call("POST", "/api/filters", body, NONE));
    }

    private List<String> names() throws Exception {
        return texts(is(200, alice.call("GET", "/api/filters", null, NONE)).path("filters"), "name");
    }

    private JsonNode find(String filter, String more) throws Exception {
        return is(200, get("?filter=" + escaped(filter) + more));
    }

    private HttpResponse<String> get(String query) throws Exception {
        return alice.call("GET", "/api/tasks" + query, null, NONE);
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static List<String> titles(JsonNode page) {
        return texts(page.path("tasks"), "title");
    }

    private static List<String> texts(JsonNode all, String field) {
        return StreamSupport.stream(all.spliterator(), false)
                .map(one -> one.path(field).asText())
                .toList();
    }
}
