package dev.sandglass.task.door;

import static dev.sandglass.task.door.DoorClient.is;
import static dev.sandglass.task.door.DoorClient.wrong;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users read and change their own settings. */
@QuarkusTest
@TestProfile(Local.class)
class MeTest {
    @Inject
    DoorSidecar sidecar;

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
        assertEquals(
                "Pacific/Honolulu",
                is(200, patch("{\"timeZone\":\"HST\"}")).path("timeZone").asText());
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
    void aPageThatHasNobodyYetIsToldHowOneSignsIn() throws Exception {
        assertEquals(
                Json.read("{\"issuer\":null,\"clientId\":null,\"scopes\":[\"openid\"],\"demo\":true}", JsonNode.class),
                is(200, new DoorClient("nobody", "").call("GET", "/api/config", null)));
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

    @Test
    void anAddressIsSentACodeByReminderAndConfirmedByIt() throws Exception {
        JsonNode asked = is(200, patch(mail(alice.name() + "@example.com")));
        assertEquals(asked, is(200, alice.call("GET", "/api/me", null)));
        assertEquals(false, asked.at("/channels/email/confirmed").asBoolean());
        JsonNode order = orders().get(0);
        assertEquals("email", order.path("channel").asText());
        assertEquals(alice.name() + "@example.com", order.path("address").asText());
        assertEquals(
                "is not the last code that was sent to this address, or its hour is over",
                wrong("/channels/email/code", patch("{\"channels\":{\"email\":{\"code\":\"K7QX-2M9D-HWR4\"}}}")));
        String code = order.path("code").asText();
        JsonNode me =
                is(200, patch("{\"channels\":{\"email\":{\"code\":\"" + code + "\"}},\"timeZone\":\"Asia/Tokyo\"}"));
        assertEquals(true, me.at("/channels/email/confirmed").asBoolean());
        assertEquals("Asia/Tokyo", me.path("timeZone").asText());
        is(200, patch("{\"quiet\":{\"from\":\"22:00\",\"to\":\"07:00\"}}"));
        assertEquals(
                "22:00",
                is(200, alice.call("GET", "/api/me", null)).at("/quiet/from").asText());
        assertEquals(
                "{}",
                is(200, patch("{\"channels\":{\"email\":null}}"))
                        .path("channels")
                        .toString());
        assertEquals(1, orders().size());
    }

    @Test
    void underAKeyACodeIsSentOnceAndWithReminderAwayNone() throws Exception {
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        String body = mail(alice.name() + "@example.com");
        sidecar.away.add("reminder");
        is(503, alice.call("PATCH", "/api/me", body, key));
        sidecar.away.clear();
        assertEquals(
                "{}",
                is(200, alice.call("GET", "/api/me", null)).path("channels").toString());
        JsonNode first = is(200, alice.call("PATCH", "/api/me", body, key));
        assertEquals(first, is(200, alice.call("PATCH", "/api/me", body, key)));
        assertEquals(1, orders().size());
    }

    @Test
    void ofQuietHoursOneTimeMayBeChanged() throws Exception {
        assertEquals("from is needed", wrong("/quiet/from", patch("{\"quiet\":{\"to\":\"08:00\"}}")));
        assertEquals("to is needed", wrong("/quiet/to", patch("{\"quiet\":{\"from\":\"22:00\"}}")));
        wrong("/quiet/from", patch("{\"quiet\":{}}"));
        assertTrue(wrong("/quiet/from", patch("{\"quiet\":{\"from\":\"24:00\",\"to\":\"07:00\"}}"))
                .startsWith("must be a time of day"));
        is(200, patch("{\"quiet\":{\"from\":\"22:00\",\"to\":\"07:00\"}}"));
        assertEquals(
                "{\"from\":\"22:00\",\"to\":\"08:00\"}",
                is(200, patch("{\"quiet\":{\"to\":\"08:00\"}}")).path("quiet").toString());
        wrong("/quiet", patch("{\"quiet\":{\"to\":\"22:00\"}}"));
        wrong("/quiet/to", patch("{\"quiet\":{\"to\":null}}"));
        assertEquals(
                "{\"from\":\"22:00\",\"to\":\"08:00\"}",
                is(200, patch("{\"quiet\":{}}")).path("quiet").toString());
        assertTrue(is(200, patch("{\"quiet\":null}")).path("quiet").isNull());
    }

    @Test
    void reminderLooksAgainAtWhatWaitsOnceQuietHoursOrTheTimeZoneAreOthers() throws Exception {
        is(200, patch("{\"quiet\":{\"from\":\"22:00\",\"to\":\"07:00\"}}"));
        assertEquals(0, woken(), "for who has no channels nothing waits");
        is(200, patch(mail(alice.name() + "@example.com")));
        is(200, patch("{\"locale\":\"de\",\"muted\":[]}"));
        wrong("/quiet", patch("{\"quiet\":{\"to\":\"22:00\"}}"));
        assertEquals(0, woken(), "they are as they were");
        is(200, patch("{\"quiet\":{\"to\":\"06:00\"}}"));
        is(200, patch("{\"timeZone\":\"Asia/Tokyo\"}"));
        is(200, patch("{\"channels\":{\"webhook\":{\"address\":\"https://hooks.example.com/a\"}},\"quiet\":null}"));
        assertEquals(3, woken());
    }

    @Test
    void withReminderAwayQuietHoursAreChangedAllTheSame() throws Exception {
        is(200, patch(mail(alice.name() + "@example.com")));
        sidecar.away.add("reminder");
        JsonNode me = is(200, patch("{\"quiet\":{\"from\":\"22:00\",\"to\":\"07:00\"}}"));
        sidecar.away.clear();
        assertEquals(1, woken(), "it was asked");
        assertEquals("22:00", me.at("/quiet/from").asText());
        assertEquals(me, is(200, alice.call("GET", "/api/me", null)));
    }

    @Test
    void whatIsNoAddressOrHasNoBindingIsWrong() throws Exception {
        assertEquals(
                "the operator of this Sandglass has set up no ntfy server: it takes the component channel-ntfy"
                        + " (docs/operations.md, Channels)",
                wrong("/channels/ntfy/address", patch("{\"channels\":{\"ntfy\":{\"address\":\"home\"}}}")));
        wrong(
                "/channels/webhook/address",
                patch("{\"channels\":{\"webhook\":{\"address\":\"http://127.0.0.1:3500/v1.0\"}}}"));
        wrong("/channels/email/address", patch(mail("alice@example.com\\nBcc: eve@example.com")));
        wrong("/channels/email", patch("{\"channels\":{\"email\":{\"for\":[\"reminders\"]}}}"));
        wrong("/channels/sms", patch("{\"channels\":{\"sms\":{\"address\":\"1\"}}}"));
        wrong("/channels/email/for/0", patch("{\"channels\":{\"email\":{\"for\":[\"all\"]}}}"));
        wrong("/quiet/to", patch("{\"quiet\":{\"from\":\"22:00\",\"to\":\"7\"}}"));
        wrong("/quiet", patch("{\"quiet\":{\"from\":\"22:00\",\"to\":\"22:00\"}}"));
        assertEquals(List.of(), orders());
    }

    private static String mail(String address) {
        return "{\"channels\":{\"email\":{\"address\":\"" + address + "\"}}}";
    }

    /** The codes that reminder was to send for alice. */
    private List<JsonNode> orders() {
        String of = "reminder internal/channels/code ";
        return sidecar.asked.stream()
                .filter(asked -> asked.startsWith(of) && asked.contains(alice.name()))
                .map(asked -> Json.read(asked.substring(of.length()), JsonNode.class))
                .toList();
    }

    /** How often reminder was to look again at what waits for alice. */
    private long woken() {
        return sidecar.asked.stream()
                .filter(("reminder internal/wake {\"user\":\"" + alice.name() + "\"}")::equals)
                .count();
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
