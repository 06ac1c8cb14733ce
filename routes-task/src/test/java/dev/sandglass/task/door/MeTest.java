package dev.sandglass.task.door;

import static dev.sandglass.task.door.DoorClient.is;
import static dev.sandglass.task.door.DoorClient.wrong;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What users say of themselves. */
@QuarkusTest
@TestProfile(Local.class)
class MeTest {
    private DoorClient alice;
    private String list;

    @BeforeEach
    void signIn() throws Exception {
        alice = DoorClient.like("alice");
        list = alice.list();
    }

    @Test
    void listsAreMutedUntilTheyAreNot() throws Exception {
        assertEquals(List.of(), muted());
        assertEquals(is(200, patch("{\"muted\":[\"" + list + "\"]}")), is(200, alice.call("GET", "/api/me", null)));
        is(200, patch("{\"timeZone\":\"Asia/Tokyo\"}"));
        assertEquals(List.of(list), muted());
        is(200, patch("{\"muted\":null}"));
        assertEquals(List.of(), muted());
        JsonNode me = is(200, patch("{\"muted\":[\"" + list + "\"]}"));
        assertEquals("Asia/Tokyo", me.path("timeZone").asText());
        is(200, patch("{\"muted\":[]}"));
        assertEquals(List.of(), muted());
    }

    @Test
    void aLanguageIsChosenAndTakenBack() throws Exception {
        assertEquals(
                "en", is(200, alice.call("GET", "/api/me", null)).path("locale").asText());
        assertEquals(
                "de-AT", is(200, patch("{\"locale\":\"de-AT\"}")).path("locale").asText());
        JsonNode said = is(200, alice.call("POST", "/api/chat", "{\"message\":\"Milch kaufen morgen\"}"));
        assertEquals(
                "Hinzugefügt: „Milch kaufen“, fällig morgen.",
                said.path("reply").asText());
        is(200, patch("{\"muted\":[]}"));
        assertEquals(
                "de-AT",
                is(200, alice.call("GET", "/api/me", null)).path("locale").asText());
        assertEquals(
                "must be a language tag, as de or en-GB", wrong("/locale", patch("{\"locale\":\"Deutsch, bitte\"}")));
        assertEquals("en", is(200, patch("{\"locale\":null}")).path("locale").asText());
    }

    @Test
    void weeksBeginAsOneSays() throws Exception {
        assertTrue(is(200, alice.call("GET", "/api/me", null)).path("weekStart").isNull());
        assertEquals(
                "sunday",
                is(200, patch("{\"weekStart\":\"sunday\"}")).path("weekStart").asText());
        wrong("/weekStart", patch("{\"weekStart\":\"Sunday\"}"));
        assertTrue(is(200, patch("{\"weekStart\":null}")).path("weekStart").isNull());
    }

    @Test
    void aListOfOthersIsAsGoodAsNoneAndOneThatIsGoneStaysMuted() throws Exception {
        DoorClient bob = DoorClient.like("bob");
        assertEquals(
                "there is no such list",
                wrong("/muted/0", bob.call("PATCH", "/api/me", "{\"muted\":[\"" + list + "\"]}")));
        wrong("/muted/1", patch("{\"muted\":[\"" + list + "\",\"nope\"]}"));
        wrong("/muted", patch("{\"muted\":[\"" + list + "\",\"" + list + "\"]}"));
        wrong("/muted", patch("{\"muted\":\"" + list + "\"}"));
        assertEquals(List.of(), muted());
        is(204, alice.call("PUT", "/api/lists/" + list + "/members/" + bob.name(), "{\"role\":\"viewer\"}"));
        is(200, bob.call("PATCH", "/api/me", "{\"muted\":[\"" + list + "\"]}"));
        assertEquals(List.of(), muted(), "each their own");
        is(200, patch("{\"muted\":[\"" + list + "\"]}"));
        is(204, alice.call("DELETE", "/api/lists/" + list, null));
        is(200, patch("{\"muted\":[\"" + list + "\"]}"));
    }

    private HttpResponse<String> patch(String body) throws Exception {
        return alice.call("PATCH", "/api/me", body);
    }

    private List<String> muted() throws Exception {
        return is(200, alice.call("GET", "/api/me", null))
                .path("muted")
                .valueStream()
                .map(JsonNode::asText)
                .toList();
    }
}
