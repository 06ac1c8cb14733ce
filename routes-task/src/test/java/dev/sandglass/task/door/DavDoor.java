package dev.sandglass.task.door;

import static dev.sandglass.task.door.DoorClient.is;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.Json;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** Somebody with a list, and a program of theirs that speaks CalDAV at the public origin. */
abstract class DavDoor {
    DoorClient alice;
    DoorClient dav;
    String home;
    String list;

    @BeforeEach
    void signIn() throws Exception {
        alice = DoorClient.like("alice");
        list = alice.list();
        dav = basic(alice.name(), token(Map.of("name", "phone", "scopes", List.of("read", "write"))));
        home = "/dav/calendars/" + alice.name() + "/";
    }

    String token(Map<String, ?> wanted) throws Exception {
        return is(201, alice.call("POST", "/api/tokens", Json.text(wanted)))
                .path("token")
                .asText();
    }

    static DoorClient basic(String user, String token) {
        return new DoorClient(
                user, "Basic " + Base64.getEncoder().encodeToString((user + ":" + token).getBytes(UTF_8)));
    }

    static HttpResponse<String> call(
            DoorClient who, String method, String path, @Nullable String body, String... headers) throws Exception {
        Map<String, String> all = new HashMap<>();
        if (body != null) {
            all.put("Content-Type", body.startsWith("BEGIN") ? "text/calendar; charset=utf-8" : "application/xml");
        }
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return who.call(method, path, body, all);
    }

    HttpResponse<String> call(String method, String path, @Nullable String body, String... headers) throws Exception {
        return call(dav, method, path, body, headers);
    }

    static void assertStatus(int status, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
    }

    static void assertHas(HttpResponse<String> answer, String... texts) {
        for (String text : texts) {
            assertTrue(answer.body().contains(text), () -> text + " is missing in " + answer.body());
        }
    }
}
