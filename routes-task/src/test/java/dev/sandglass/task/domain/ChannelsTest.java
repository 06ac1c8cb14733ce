package dev.sandglass.task.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Rejection;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A user says where they want to be told; nothing but a code goes there before they have shown that it is theirs. */
@Tag("FR-003")
class ChannelsTest {
    private static final Instant NOW = Instant.parse("2027-01-31T08:00:00Z");
    private static final Set<String> BINDINGS = Set.of("channel-email", "channel-webhook.hooks.example.com.8443");
    private static final String ALICE = "{\"channels\":{\"email\":{\"address\":\"alice@example.com\"}}}";

    private Channels channels = Channels.none();
    private Map<String, String> codes = Channels.codes();
    private boolean here;

    @Test
    void anAddressIsConfirmedByTheCodeThatWasSentThere() {
        Channels.Patched asked = patch(ALICE, NOW);
        assertEquals(
                "[Code[channel=email, address=alice@example.com, code=" + codes.get("email") + "]]",
                asked.codes().toString());
        assertFalse(channels.isConfirmed());
        assertEquals("{}", channels.confirmed().toString());
        assertFalse(Json.text(channels).contains(String.valueOf(codes.get("email"))), "it is not kept");
        String code =
                String.valueOf(codes.get("email")).toLowerCase(Locale.ROOT).replace("-", " ");
        assertEquals(0, patch(code(code), NOW.plusSeconds(3_599)).codes().size());
        assertEquals(
                "{\"email\":{\"address\":\"alice@example.com\",\"confirmed\":true,\"for\":[\"overdue\",\"reminders\"]}}",
                channels.shown().toString());
        assertEquals(0, patch(ALICE, NOW).codes().size(), "the same is confirmed already");
        patch("{\"channels\":{\"email\":{\"for\":[\"shared\",\"completed\"]}}}", NOW);
        assertEquals(
                "[\"completed\",\"shared\"]",
                channels.confirmed().at("/email/uses").toString());
        patch("{\"channels\":{\"email\":{\"for\":null}}}", NOW);
        assertEquals(
                "[\"overdue\",\"reminders\"]", channels.shown().at("/email/for").toString(), "as at first");
        patch("{\"channels\":{\"email\":{\"for\":[\"overdue\"]}}}", NOW);
        assertEquals("[\"overdue\"]", channels.confirmed().at("/email/uses").toString());
        patch("{\"channels\":{\"email\":{\"address\":\"bob@example.com\"}}}", NOW);
        assertFalse(channels.isConfirmed(), "another address is not");
        patch("{\"channels\":{\"email\":null}}", NOW);
        assertEquals("{}", channels.shown().toString());
    }

    @Test
    void noOtherCodeConfirmsItNorThisOneAfterAnHourOrForAnotherAddress() {
        patch(ALICE, NOW);
        String code = String.valueOf(codes.get("email"));
        assertEquals("/channels/email/code", wrong(code("K7QX-2M9D-HWR4"), NOW));
        assertEquals("/channels/email/code", wrong(code(code), NOW.plusSeconds(3_600)));
        codes = Channels.codes();
        patch("{\"channels\":{\"email\":{\"address\":\"eve@example.com\"}}}", NOW);
        assertEquals("/channels/email/code", wrong(code(code), NOW));
        assertEquals("/channels/webhook", wrong("{\"channels\":{\"webhook\":{\"code\":\"x\"}}}", NOW));
        assertFalse(channels.isConfirmed());
        patch(code(String.valueOf(codes.get("email"))), NOW);
        assertTrue(channels.isConfirmed());
    }

    @Test
    void tenCodesADayAreSentForAUserWhateverTheyAreFor() {
        for (int i = 0; i < 10; i++) {
            patch("{\"channels\":{\"email\":{\"address\":\"stranger" + i + "@example.com\"}}}", NOW.plusSeconds(i));
        }
        assertEquals("/channels", wrong(ALICE, NOW.plusSeconds(11)));
        patch("{\"channels\":null}", NOW.plusSeconds(12));
        assertEquals("/channels", wrong(ALICE, NOW.plusSeconds(13)), "nor after they are taken away");
        assertEquals(1, patch(ALICE, NOW.plus(Duration.ofDays(1))).codes().size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ntfy    | home                                   | the operator of this Sandglass has set up no ntfy server: it takes the component channel-ntfy (docs/operations.md, Channels)
            webhook | https://hooks.example.com/a            | the operator of this Sandglass has not set up webhooks to this host and port: it takes the component channel-webhook.hooks.example.com (docs/operations.md, Channels)
            webhook | http://127.0.0.1:3500/v1.0/state       | the operator of this Sandglass has not set up webhooks to this host and port: it takes the component channel-webhook.127.0.0.1.3500 (docs/operations.md, Channels)
            webhook | http://169.254.169.254/latest          | the operator of this Sandglass has not set up webhooks to this host and port: it takes the component channel-webhook.169.254.169.254 (docs/operations.md, Channels)
            webhook | http://kubernetes.default.svc/api      | the operator of this Sandglass has not set up webhooks to this host and port: it takes the component channel-webhook.kubernetes.default.svc (docs/operations.md, Channels)
            """)
    void whereTheOperatorHasSetUpNothingNothingIsSent(String channel, String address, String why) {
        String patch = "{\"channels\":{\"" + channel + "\":{\"address\":\"" + address + "\"}}}";
        assertEquals(why, assertThrows(Rejection.class, () -> patch(patch, NOW)).getMessage());
        assertEquals(
                1,
                patch("{\"channels\":{\"webhook\":{\"address\":\"https://hooks.example.com:8443/a?b\"}}}", NOW)
                        .codes()
                        .size());
    }

    @Test
    void whereARunIsAWebhookOfThisMachineTakesNoBinding() {
        here = true;
        String hook = "{\"channels\":{\"webhook\":{\"address\":\"http://localhost:9999/a\"%s}}}";
        assertEquals("/channels/webhook/for", wrong(hook.formatted(",\"for\":[\"reminders\",\"shared\"]"), NOW));
        assertEquals(
                1, patch(hook.formatted(",\"for\":[\"overdue\"]"), NOW).codes().size());
        assertEquals("/channels/webhook/for", wrong("{\"channels\":{\"webhook\":{\"for\":[\"completed\"]}}}", NOW));
        assertEquals(
                "/channels/webhook/address",
                wrong("{\"channels\":{\"webhook\":{\"address\":\"http://192.168.0.1/\"}}}", NOW));
        here = false;
        assertEquals("/channels/webhook/address", wrong(hook.formatted("").replace("9999", "9998"), NOW));
    }

    @Test
    void anAddressThatAnEarlierVersionTookIsWrongWhereItIsLookedAt() {
        here = true;
        channels = Json.read(
                "{\"v\":1,\"channels\":{\"webhook\":{\"address\":\"http://localhost:99999/\",\"uses\":[]}},\"asked\":[]}",
                Channels.class);
        assertEquals("/channels/webhook/address", wrong("{\"channels\":{\"webhook\":{\"for\":[\"completed\"]}}}", NOW));
        patch("{\"channels\":{\"webhook\":{\"address\":\"http://localhost:9999/\"}}}", NOW);
    }

    @Test
    void quietHoursAreTwoTimesOfDay() {
        patch("{\"quiet\":{\"from\":\"22:00\",\"to\":\"07:00\"}}", NOW);
        patch("{}", NOW);
        assertEquals("{\"from\":\"22:00\",\"to\":\"07:00\"}", Json.text(channels.quiet()));
        assertEquals("/quiet", wrong("{\"quiet\":{\"from\":\"22:00\",\"to\":\"22:00\"}}", NOW));
        patch("{\"quiet\":{\"to\":\"08:00\"}}", NOW);
        assertEquals("{\"from\":\"22:00\",\"to\":\"08:00\"}", Json.text(channels.quiet()), "the other stays");
        patch("{\"quiet\":null}", NOW);
        assertEquals(Channels.none(), channels);
        assertEquals("/quiet/from", wrong("{\"quiet\":{\"to\":\"08:00\"}}", NOW));
    }

    private Channels.Patched patch(String patch, Instant now) {
        Channels.Patched patched = channels.patched(Json.read(patch, JsonNode.class), BINDINGS, here, codes, now);
        channels = Json.read(Json.text(patched.channels()), Channels.class);
        return patched;
    }

    private String wrong(String patch, Instant now) {
        Rejection why = assertThrows(Rejection.class, () -> patch(patch, now));
        return why.more().at("/errors/0/pointer").asText();
    }

    private static String code(String code) {
        return "{\"channels\":{\"email\":{\"code\":\"" + code + "\"}}}";
    }
}
