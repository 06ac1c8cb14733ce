package dev.sandglass.task.door;

import static dev.sandglass.task.door.DoorClient.is;
import static dev.sandglass.task.door.DoorClient.wrong;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.task.door.DoorSidecar.Posted;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On a machine that is its users' own, as where {@code ./run} is used, their webhooks may be there without a binding. */
@QuarkusTest
@TestProfile(WebhooksHereTest.ThisMachine.class)
@Tag("FR-012")
class WebhooksHereTest {
    /** As {@code dapr/dapr.yaml} has it. */
    public static class ThisMachine extends Local {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
            settings.put("sandglass.task.webhooks-to-this-machine", "true");
            return settings;
        }
    }

    @Inject
    DoorSidecar sidecar;

    @Test
    void aChangeIsPostedStraightToThisMachineSignedAndTriedAgain() throws Exception {
        DoorClient alice = DoorClient.like("alice");
        String list = alice.list();
        String url = "http://localhost:9999/hook?a=b";
        JsonNode made =
                is(201, alice.call("POST", "/api/webhooks", "{\"url\":\"" + url + "\",\"list\":\"" + list + "\"}"));
        sidecar.answers.put("/hook", 500);
        is(201, alice.call("POST", "/api/tasks", "{\"title\":\"a\",\"list\":\"" + list + "\"}"));
        await(() -> deliveries(alice, made).path("reason").asText().equals("the server answered 500"));
        sidecar.answers.put("/hook", 200);
        await(() -> deliveries(alice, made).path("status").asText().equals("delivered"));
        Posted post = sidecar.posts.get(sidecar.posts.size() - 1);
        assertEquals(url, post.binding());
        assertEquals("application/cloudevents+json", post.with().get("Content-Type"));
        assertTrue(post.with().get("X-Sandglass-Signature").startsWith("sha256="));
        assertEquals(made.path("id").asText() + ".3", post.with().get("X-Sandglass-Delivery"));
        assertEquals(3, post.with().size(), post.with()::toString);
    }

    @Test
    void otherHostsAreTheOperatorsAllTheSame() throws Exception {
        DoorClient alice = DoorClient.like("alice");
        String list = alice.list();
        for (String url : List.of("http://192.168.0.1:80/", "http://localhost.example.com/", "https://example.com/")) {
            wrong("/url", alice.call("POST", "/api/webhooks", "{\"url\":\"" + url + "\",\"list\":\"" + list + "\"}"));
        }
    }

    @Test
    void aUrlThatDaprWouldNotPostToAsItIsIsNone() throws Exception {
        DoorClient alice = DoorClient.like("alice");
        String list = alice.list();
        String elsewhere = "http://localhost:9999/a%2Fb/";
        for (String none : List.of(
                elsewhere,
                "http://localhost:99999/",
                "http://localhost:0/",
                "http://127.0.0.1:-1/",
                "http://localhost/%2Fb")) {
            wrong("/url", alice.call("POST", "/api/webhooks", "{\"url\":\"" + none + "\",\"list\":\"" + list + "\"}"));
        }
        JsonNode made = is(
                201,
                alice.call(
                        "POST",
                        "/api/webhooks",
                        "{\"url\":\"http://127.0.0.1:9999/a%2Fb%23\",\"list\":\"" + list + "\"}"));
        wrong(
                "/url",
                alice.call("PATCH", "/api/webhooks/" + made.path("id").asText(), "{\"url\":\"" + elsewhere + "\"}"));
    }

    private interface Question {
        boolean yes() throws Exception;
    }

    private static JsonNode deliveries(DoorClient who, JsonNode webhook) throws Exception {
        return is(200, who.call("GET", "/api/webhooks/" + webhook.path("id").asText() + "/deliveries", null))
                .at("/deliveries/0");
    }

    private static void await(Question question) throws Exception {
        for (long until = System.nanoTime() + 20_000_000_000L; !question.yes(); Thread.sleep(50)) {
            assertTrue(System.nanoTime() < until, "in 20 seconds");
        }
    }
}
