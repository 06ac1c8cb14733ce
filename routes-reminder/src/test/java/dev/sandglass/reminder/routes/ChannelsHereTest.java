package dev.sandglass.reminder.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.support.routes.CallsService;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On a machine that is its users' own, as where {@code ./run} is used, a webhook there takes no binding. */
@QuarkusTest
@TestProfile(ChannelsHereTest.ThisMachine.class)
@Tag("FR-003")
class ChannelsHereTest extends CallsService {
    /** As {@code dapr/dapr.yaml} has it. */
    public static class ThisMachine implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("sandglass.reminder.webhooks-to-this-machine", "true");
        }
    }

    @Inject
    ReminderSidecar dapr;

    private String ask(String url) {
        return ask(
                        "internal/channels/code",
                        "{\"channel\":\"webhook\",\"address\":\"" + url + "\",\"code\":\"K7QX-2M9D-HWR4\"}")
                .toString();
    }

    @Test
    void aMessageGoesStraightToThisMachineAndToOthersByTheirBinding() {
        assertEquals("{}", ask("http://localhost:9999/a?b=c"));
        String here = dapr.sent.get(0);
        assertTrue(
                here.startsWith(
                        "http://localhost:9999/a?b=c {Content-Type=application/json, X-Sandglass-Delivery=confirm}"),
                here);
        assertTrue(here.contains("\"code\":\"K7QX-2M9D-HWR4\""), here);
        dapr.refusals.put("http://localhost:9999/a", "410");
        assertEquals("{\"reason\":\"the server answered 410\"}", ask("http://localhost:9999/a"));
        assertEquals("{}", ask("https://hooks.example.com/a"));
        assertTrue(dapr.sent.get(1).startsWith("channel-webhook.hooks.example.com "), dapr.sent.get(1));
    }
}
