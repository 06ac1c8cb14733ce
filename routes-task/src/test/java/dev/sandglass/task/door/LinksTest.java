package dev.sandglass.task.door;

import static dev.sandglass.task.door.DoorClient.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A list by a private link: who makes one, who withdraws it, and what somebody has who finds it. */
@QuarkusTest
@TestProfile(Local.class)
@Tag("FR-013")
class LinksTest {
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
        is(
                201,
                alice.call(
                        "POST", "/api/tasks", "{\"title\":\"seen\",\"due\":\"2040-01-01\",\"list\":\"" + list + "\"}"));
        is(201, alice.call("POST", "/api/tasks", "{\"title\":\"hidden\",\"list\":\"" + alice.list() + "\"}"));
    }

    private JsonNode link(DoorClient who) throws Exception {
        return is(201, who.call("POST", path(), null));
    }

    private String path() {
        return "/api/lists/" + list + "/links";
    }

    private static HttpResponse<String> get(String url, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return DoorClient.HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private void share(String role) throws Exception {
        is(204, alice.call("PUT", "/api/lists/" + list + "/members/" + bob.name(), "{\"role\":\"" + role + "\"}"));
    }

    @Test
    void whoHasTheLinkReadsThisListAndNothingElse() throws Exception {
        JsonNode made = link(alice);
        String url = made.path("url").asText();
        assertTrue(url.startsWith("http://127.0.0.1:" + Local.PORT + "/feeds/"), url);
        HttpResponse<String> todos = get(url);
        assertEquals(200, todos.statusCode(), todos.body());
        assertEquals(
                Map.of(
                        "content-type", "text/calendar; charset=utf-8",
                        "cache-control", "no-store",
                        "x-robots-tag", "noindex"),
                Map.of(
                        "content-type",
                                todos.headers().firstValue("Content-Type").orElse(""),
                        "cache-control",
                                todos.headers().firstValue("Cache-Control").orElse(""),
                        "x-robots-tag",
                                todos.headers().firstValue("X-Robots-Tag").orElse("")));
        assertTrue(todos.body().contains("BEGIN:VTODO") && todos.body().contains("SUMMARY:seen"), todos.body());
        assertFalse(todos.body().contains("hidden"));
        String events = get(url + "?as=events").body();
        assertTrue(events.contains("BEGIN:VEVENT") && !events.contains("VTODO"), events);
        assertEquals(422, get(url + "?as=journal").statusCode());
        assertEquals(422, get(url + "?list=x").statusCode());
        String secret = url.replaceFirst(".*/", "").replace(".ics", "");
        for (String key : sidecar.keys()) {
            assertFalse((key + sidecar.read(List.of(key)).get(key).json()).contains(secret), key);
        }
        String origin = url.replaceFirst("/feeds.*", "");
        assertEquals(
                401,
                get(origin + "/api/lists/" + list, "Authorization", "Bearer " + secret)
                        .statusCode());
        assertEquals(404, get(origin + "/feeds/" + secret).statusCode());
        assertEquals(404, get(origin + "/feeds/" + "A".repeat(43) + ".ics").statusCode());
        assertEquals(
                404, get(origin + "/feeds/../feeds/" + "A".repeat(42) + ".ics").statusCode());
    }

    @Test
    void whatIsKnownIsNotReadAgain() throws Exception {
        String url = link(alice).path("url").asText();
        String tag = get(url).headers().firstValue("ETag").orElseThrow();
        assertNotEquals(
                tag, get(url + "?as=events").headers().firstValue("ETag").orElseThrow());
        HttpResponse<String> same = get(url, "If-None-Match", "\"x\", W/" + tag);
        assertEquals(304, same.statusCode());
        assertEquals("", same.body());
        assertEquals(tag, same.headers().firstValue("ETag").orElseThrow());
        is(201, alice.call("POST", "/api/tasks", "{\"title\":\"b\",\"list\":\"" + list + "\"}"));
        assertEquals(200, get(url, "If-None-Match", tag).statusCode());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/calendar | 200",
                "text/calendar, */*;q=0.1 | 200",
                "text/* | 200",
                "application/json | 406",
                "application/problem+json | 200"
            })
    void itIsACalendarForThoseWhoTakeOne(String accept, int status) throws Exception {
        assertEquals(
                status, get(link(alice).path("url").asText(), "Accept", accept).statusCode());
    }

    @Test
    void aLinkIsGoodUntilItIsWithdrawnOrItsMakerIsNoMember() throws Exception {
        is(404, bob.call("POST", path(), null));
        share("viewer");
        JsonNode his = link(bob);
        JsonNode hers = link(alice);
        String url = his.path("url").asText();
        assertEquals(200, get(url).statusCode());
        assertEquals(1, is(200, bob.call("GET", path(), null)).path("links").size());
        assertEquals(2, is(200, alice.call("GET", path(), null)).path("links").size());
        is(404, bob.call("DELETE", path() + "/" + hers.path("id").asText(), null));
        is(204, alice.call("DELETE", "/api/lists/" + list + "/members/" + bob.name(), null));
        assertEquals(404, get(url).statusCode());
        share("editor");
        assertEquals(200, get(url).statusCode());
        is(204, alice.call("DELETE", path() + "/" + his.path("id").asText(), null));
        assertEquals(404, get(url).statusCode());
        is(404, alice.call("DELETE", path() + "/" + his.path("id").asText(), null));
        is(204, alice.call("DELETE", "/api/lists/" + list, null));
        assertEquals(404, get(hers.path("url").asText()).statusCode());
    }

    @Test
    void aRepeatedRequestMakesOneLinkAndALotAreTooMany() throws Exception {
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        JsonNode first = is(201, alice.call("POST", path(), null, key));
        JsonNode again = is(201, alice.call("POST", path(), null, key));
        assertEquals(first.path("id"), again.path("id"));
        assertTrue(first.has("url") && !again.has("url"), again::toString);
        for (int i = 1; i < 10; i++) {
            link(alice);
        }
        is(422, alice.call("POST", path(), null));
    }

    @Test
    void aLinkIsToldToTheMembersAndIsNothingToUndo() throws Exception {
        link(alice);
        JsonNode changes = is(200, alice.call("GET", "/api/lists/" + list + "/changes?after=2", null))
                .path("changes");
        assertEquals(List.of("list.updated"), changes.findValuesAsText("event"));
        is(200, alice.call("POST", "/api/undo", null));
    }

    @Test
    void aPersonalTokenMakesNoLink() throws Exception {
        String token = is(201, alice.call("POST", "/api/tokens", "{\"name\":\"a\",\"scopes\":[\"read\",\"write\"]}"))
                .path("token")
                .asText();
        is(403, new DoorClient(alice.name(), "Bearer " + token).call("POST", path(), null));
    }
}
