package dev.sandglass.task.door;

import static dev.sandglass.task.door.DoorClient.is;
import static dev.sandglass.task.door.DoorClient.wrong;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryLetters;
import dev.sandglass.support.domain.Letter;
import dev.sandglass.task.door.DoorSidecar.Posted;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Changes of a list, posted to a URL of its owner's. */
@QuarkusTest
@TestProfile(Local.class)
@Tag("FR-012")
class WebhooksTest {
    private static final String SECRET = "0123456789abcdef";

    @Inject
    DoorSidecar sidecar;

    @TestHTTPResource("/")
    URI own;

    private DoorClient alice;
    private String list;
    private String path;

    @BeforeEach
    void signIn() throws Exception {
        alice = DoorClient.like("alice");
        list = alice.list();
        path = "/" + UUID.randomUUID();
    }

    // ---------------------------------------------------------------- What is posted

    @Test
    void eachChangeIsPostedOnceInOrderSignedAsACloudEvent() throws Exception {
        task(alice, "before");
        JsonNode made = webhook("");
        assertTrue(made.path("active").asBoolean());
        String task = task(alice, "a");
        is(200, alice.call("PATCH", "/api/tasks/" + task, "{\"title\":\"b – ł\"}"));
        is(200, alice.call("POST", "/api/tasks/" + task + "/complete", null));
        await("all", () -> posts().size() == 3);
        assertEquals(List.of("task.created", "task.updated", "task.completed"), types());
        for (Posted post : posts()) {
            JsonNode event = post.json();
            assertEquals("channel-webhook.hooks.example.com", post.binding());
            assertEquals("application/cloudevents+json", post.with().get("Content-Type"));
            assertEquals(
                    "sha256=" + hmac(made.path("secret").asText(), post.body()),
                    post.with().get("X-Sandglass-Signature"));
            assertEquals(
                    made.path("id").asText() + "." + event.at("/data/seq").asLong(),
                    post.with().get("X-Sandglass-Delivery"));
            assertEquals(
                    list + "/" + event.at("/data/seq").asLong(),
                    event.path("id").asText());
            assertEquals("1.0", event.path("specversion").asText());
            assertEquals(task, event.path("subject").asText());
        }
        assertEquals("b – ł", posts().get(1).json().at("/data/task/title").asText());
        await("it is written down", () -> deliveries(made).size() == 3);
        JsonNode last = deliveries(made).get(0);
        assertEquals(
                posts().get(2).with().get("X-Sandglass-Delivery"),
                last.path("id").asText());
        assertEquals("task.completed delivered 1", shown(last));
        Thread.sleep(1_500);
        assertEquals(3, posts().size());
    }

    @Test
    void onlyTheChangesThatAreAskedForCome() throws Exception {
        JsonNode made = webhook(",\"types\":[\"task.deleted\"],\"secret\":\"" + SECRET + "\"");
        String task = task(alice, "a");
        is(204, alice.call("DELETE", "/api/tasks/" + task, null));
        await("it", () -> deliveries(made).size() == 1);
        assertEquals(List.of("task.deleted"), types());
        assertEquals(
                "sha256=" + hmac(SECRET, posts().get(0).body()),
                posts().get(0).with().get("X-Sandglass-Signature"));
        is(200, patch(made, "{\"types\":[\"list.shared\"]}"));
        task(alice, "b");
        is(204, alice.call("PUT", "/api/lists/" + list + "/members/bob", "{\"role\":\"viewer\"}"));
        await("the share", () -> types().equals(List.of("task.deleted", "list.shared")));
    }

    // ---------------------------------------------------------------- Failures

    @Test
    void whatIsNotTakenIsTriedAgainWithTheSameIdAndWhatIsBehindItWaits() throws Exception {
        JsonNode made = webhook("");
        sidecar.answers.put(path, 500);
        task(alice, "a");
        task(alice, "b");
        await("a failure", () -> deliveries(made).size() == 1);
        JsonNode waiting = deliveries(made).get(0);
        assertEquals("task.created waiting 1", shown(waiting));
        assertEquals("the server answered 500", waiting.path("reason").asText());
        assertFalse(waiting.path("next").isNull());
        sidecar.answers.remove(path);
        await(
                "both",
                () -> deliveries(made).size() == 2
                        && shown(deliveries(made).get(0)).contains("delivered"));
        assertEquals(List.of("a", "a", "b"), titles());
        assertEquals(
                posts().get(0).with().get("X-Sandglass-Delivery"),
                posts().get(1).with().get("X-Sandglass-Delivery"));
        assertEquals("task.created delivered 2", shown(deliveries(made).get(1)));
    }

    @Test
    void whatIsRefusedForGoodIsADeadLetterThatCanBeSentAgainAndTheOthersGoOn() throws Exception {
        JsonNode made = webhook("");
        sidecar.answers.put(path, 422);
        task(alice, "a");
        await("it is set aside", () -> !letters(made).isEmpty());
        sidecar.answers.remove(path);
        task(alice, "b");
        await("the next", () -> deliveries(made).size() == 2);
        assertEquals("task.created delivered 1", shown(deliveries(made).get(0)));
        assertEquals("task.created failed 1", shown(deliveries(made).get(1)));
        Letter letter = letters(made).get(0);
        assertEquals("the server answered 422", letter.why());
        sidecar.answers.put(path, 503);
        assertFalse(again(letter));
        sidecar.answers.remove(path);
        assertTrue(again(letter));
        assertEquals(letter.event(), posts().get(posts().size() - 1).body());
        assertEquals(
                deliveries(made).get(1).path("id").asText(),
                posts().get(posts().size() - 1).with().get("X-Sandglass-Delivery"));
        assertEquals("task.created delivered 2", shown(deliveries(made).get(1)));
        is(204, alice.call("DELETE", at(made), null));
        int before = posts().size();
        assertTrue(again(letter), "settled");
        assertEquals(before, posts().size());
    }

    @Test
    void aWebhookThatTakesNothingStopsAndGoesOnWhereItStopped() throws Exception {
        JsonNode made = webhook("");
        sidecar.answers.put(path, 500);
        task(alice, "a");
        task(alice, "b");
        await("it stops", () -> !hers().get(0).path("active").asBoolean());
        assertEquals(1, letters(made).size());
        assertEquals("the server answered 500", hers().get(0).path("reason").asText());
        assertEquals("task.created failed 3", shown(deliveries(made).get(1)));
        sidecar.answers.remove(path);
        int before = posts().size();
        task(alice, "c");
        Thread.sleep(1_500);
        assertEquals(before, posts().size());
        assertTrue(is(200, patch(made, "{\"active\":true}")).path("reason").isNull());
        await("what came meanwhile", () -> posts().size() == before + 3);
        assertEquals(
                List.of("b", "c"),
                posts().stream()
                        .skip(before)
                        .filter(post -> post.json().path("type").asText().startsWith("task"))
                        .map(post -> post.json().at("/data/task/title").asText())
                        .toList());
        is(200, patch(made, "{\"active\":false}"));
        assertEquals("you have stopped it", hers().get(0).path("reason").asText());
    }

    @Test
    void tenChangesOnEndThatAreRefusedStopIt() throws Exception {
        JsonNode made = webhook("");
        sidecar.answers.put(path, 410);
        for (int i = 0; i < 12; i++) {
            task(alice, "t" + i);
        }
        await("it stops", () -> !hers().get(0).path("active").asBoolean());
        assertTrue(letters(made).size() >= 10);
    }

    @Test
    void whatIsTakenAwayWhileItWaitsIsShownAsFailedAndDoesNotStopTheWebhook() throws Exception {
        JsonNode made = webhook("");
        is(200, patch(made, "{\"active\":false}"));
        long before = seq();
        for (int i = 0; i < 20; i++) {
            task(alice, "t" + i);
            sidecar.tamper("list/" + list + "/change/" + seq(), null);
        }
        task(alice, "kept");
        is(200, patch(made, "{\"active\":true}"));
        await("the last", () -> titles().contains("kept"));
        await("all are written down", () -> deliveries(made).size() >= 22);
        List<JsonNode> gone = new ArrayList<>();
        deliveries(made).forEach(one -> {
            if (one.path("status").asText().equals("failed")) {
                gone.add(one);
            }
        });
        assertEquals(20, gone.size());
        assertEquals(list + "/" + (before + 1), gone.get(19).path("event").asText());
        assertEquals(
                "it was taken away before it was posted",
                gone.get(0).path("reason").asText());
        assertTrue(hers().get(0).path("active").asBoolean());
        assertEquals(0, letters(made).size());
    }

    // ---------------------------------------------------------------- Who, and where

    @Test
    void theOwnerAloneHasWebhooksOfAList() throws Exception {
        DoorClient bob = DoorClient.like("bob");
        assertEquals("there is no such list", wrong("/list", bob.call("POST", "/api/webhooks", body(list, ""))));
        is(204, alice.call("PUT", "/api/lists/" + list + "/members/" + bob.name(), "{\"role\":\"editor\"}"));
        is(403, bob.call("POST", "/api/webhooks", body(list, "")));
        JsonNode made = webhook("");
        assertEquals(
                0,
                is(200, bob.call("GET", "/api/webhooks", null)).path("webhooks").size());
        is(404, bob.call("GET", at(made) + "/deliveries", null));
        is(404, bob.call("PATCH", at(made), "{\"active\":false}"));
        is(404, bob.call("DELETE", at(made), null));
        task(bob, "by an editor");
        await("it", () -> posts().size() == 1);
    }

    @Test
    void whatAMemberDidIsPostedAlsoWhereTheyHaveLeftMeanwhile() throws Exception {
        DoorClient bob = DoorClient.like("bob");
        is(204, alice.call("PUT", "/api/lists/" + list + "/members/" + bob.name(), "{\"role\":\"editor\"}"));
        JsonNode made = webhook("");
        sidecar.answers.put(path, 500);
        task(bob, "by bob");
        await("a try", () -> deliveries(made).size() == 1);
        is(204, bob.call("DELETE", "/api/lists/" + list + "/members/" + bob.name(), null));
        sidecar.answers.remove(path);
        await("both", () -> types().contains("list.unshared"));
        assertTrue(titles().contains("by bob"));
    }

    @Test
    void thePostsGoToHostsOfTheOperatorsAlone() throws Exception {
        for (String url : List.of(
                "http://127.0.0.1:3500/v1.0/metadata",
                "https://evil.example.com/a",
                "https://hooks.example.com:8443/a",
                "https://hooks.example.com@evil.example.com/",
                "https://hooks.example.com/a/../b",
                "file:///etc/passwd",
                "")) {
            wrong("/url", alice.call("POST", "/api/webhooks", "{\"url\":\"" + url + "\",\"list\":\"" + list + "\"}"));
        }
        JsonNode made = webhook("");
        wrong("/url", patch(made, "{\"url\":\"https://evil.example.com/a\"}"));
        assertEquals(made.path("url"), hers().get(0).path("url"));
    }

    @Test
    void whatIsNoWebhookChangesNothing() throws Exception {
        wrong("/types/0", alice.call("POST", "/api/webhooks", body(list, ",\"types\":[\"list.deleted\"]")));
        is(422, alice.call("POST", "/api/webhooks", body(list, ",\"types\":[]")));
        wrong("/secret", alice.call("POST", "/api/webhooks", body(list, ",\"secret\":\"short\"")));
        wrong("/on", alice.call("POST", "/api/webhooks", body(list, ",\"on\":true")));
        wrong("/list", alice.call("POST", "/api/webhooks", "{\"url\":\"https://hooks.example.com\"}"));
        is(404, alice.call("DELETE", "/api/webhooks/nope", null));
        is(404, alice.call("PATCH", "/api/webhooks/" + list + ".nope", "{}"));
        assertEquals(0, hers().size());
        for (int i = 0; i < 20; i++) {
            webhook("");
        }
        is(422, alice.call("POST", "/api/webhooks", body(list, "")));
        assertEquals(20, hers().size());
    }

    @Test
    void theSecretIsInTheFirstAnswerAlone() throws Exception {
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        HttpResponse<String> first = alice.call("POST", "/api/webhooks", body(list, ""), key);
        JsonNode made = is(201, first);
        assertEquals(at(made), first.headers().firstValue("Location").orElse("").replaceFirst("^https?://[^/]*", ""));
        String secret = made.path("secret").asText();
        assertEquals(43, secret.length());
        JsonNode again = is(201, alice.call("POST", "/api/webhooks", body(list, ""), key));
        assertEquals(made.path("id"), again.path("id"));
        assertFalse(again.has("secret"));
        assertEquals(1, hers().size());
        task(alice, "a");
        await("it", () -> deliveries(made).size() == 1);
        String all = hers() + " " + deliveries(made) + " "
                + patch(made, "{\"types\":null}").body()
                + sidecar.posts
                + alice.call("GET", "/api/lists/" + list + "/changes?after=0", null)
                        .body();
        assertFalse(all.contains(secret));
    }

    @Test
    void membersAreToldThatAListLeavesTheHouseAndUndoPassesThatOver() throws Exception {
        String task = task(alice, "a");
        JsonNode made = webhook("");
        is(204, alice.call("DELETE", at(made), null));
        JsonNode changes = is(200, alice.call("GET", "/api/lists/" + list + "/changes?after=0", null))
                .path("changes");
        assertEquals(4, changes.size());
        String key = "list/" + list + "/change/3";
        JsonNode told = Json.read(
                Json.read(sidecar.read(List.of(key)).get(key).json(), JsonNode.class)
                        .path("data")
                        .asText(),
                JsonNode.class);
        JsonNode both = told.path("changed").path("webhooks/" + made.path("id").asText());
        assertTrue(both.get(0).isNull());
        assertEquals("hooks.example.com", both.get(1).path("host").asText());
        assertFalse(both.toString().contains(path));
        JsonNode undone = is(200, alice.call("POST", "/api/undo", null));
        assertEquals(2, undone.at("/undone/seq").asInt());
        is(404, alice.call("GET", "/api/tasks/" + task, null));
    }

    // ---------------------------------------------------------------- Its end

    @Test
    void aListTakesItsWebhooksWithIt() throws Exception {
        JsonNode made = webhook("");
        String other = alice.list();
        is(201, alice.call("POST", "/api/webhooks", body(other, "")));
        is(204, alice.call("DELETE", "/api/lists/" + list, null));
        assertEquals(List.of(other), hers().findValuesAsText("list"));
        is(404, alice.call("GET", at(made) + "/deliveries", null));
        Thread.sleep(500);
        assertEquals(List.of(), posts());
        assertEquals(
                List.of(),
                sidecar.keys().stream()
                        .filter(key -> key.startsWith("webhook/" + list))
                        .toList());
        assertFalse(sidecar.keys().stream()
                .filter(key -> key.startsWith("webhook-owners/"))
                .anyMatch(key -> sidecar.read(List.of(key)).get(key).json().contains(list)));
    }

    @Test
    void whatIsDeletedGetsNothingMore() throws Exception {
        JsonNode made = webhook("");
        sidecar.answers.put(path, 500);
        task(alice, "a");
        await("a failure", () -> deliveries(made).size() == 1);
        is(204, alice.call("DELETE", at(made), null));
        is(404, alice.call("DELETE", at(made), null));
        sidecar.answers.remove(path);
        int before = posts().size();
        task(alice, "b");
        Thread.sleep(2_500);
        assertEquals(before, posts().size());
    }

    @Test
    void aTokenIsGoodForTheWebhooksOfItsLists() throws Exception {
        JsonNode made = webhook("");
        String other = alice.list();
        DoorClient program = by("[\"" + other + "\"]", "\"read\",\"write\"");
        assertEquals(
                0,
                is(200, program.call("GET", "/api/webhooks", null))
                        .path("webhooks")
                        .size());
        is(404, program.call("DELETE", at(made), null));
        wrong("/list", program.call("POST", "/api/webhooks", body(list, "")));
        is(201, program.call("POST", "/api/webhooks", body(other, "")));
        assertEquals(
                1,
                is(200, program.call("GET", "/api/webhooks", null))
                        .path("webhooks")
                        .size());
        DoorClient reader = by("null", "\"read\"");
        assertEquals(
                2,
                is(200, reader.call("GET", "/api/webhooks", null))
                        .path("webhooks")
                        .size());
        is(403, reader.call("POST", "/api/webhooks", body(list, "")));
        is(403, reader.call("DELETE", at(made), null));
    }

    // ---------------------------------------------------------------- Calls

    private DoorClient by(String lists, String scopes) throws Exception {
        String wanted = "{\"name\":\"p\",\"scopes\":[" + scopes + "],\"lists\":" + lists + "}";
        return new DoorClient(
                alice.name(),
                "Bearer "
                        + is(201, alice.call("POST", "/api/tokens", wanted.replace(",\"lists\":null", "")))
                                .path("token")
                                .asText());
    }

    private String body(String of, String more) {
        return "{\"url\":\"https://hooks.example.com" + path + "\",\"list\":\"" + of + "\"" + more + "}";
    }

    private JsonNode webhook(String more) throws Exception {
        return is(201, alice.call("POST", "/api/webhooks", body(list, more)));
    }

    private static String at(JsonNode webhook) {
        return "/api/webhooks/" + webhook.path("id").asText();
    }

    private HttpResponse<String> patch(JsonNode webhook, String patch) throws Exception {
        return alice.call("PATCH", at(webhook), patch);
    }

    private JsonNode hers() throws Exception {
        return is(200, alice.call("GET", "/api/webhooks", null)).path("webhooks");
    }

    private JsonNode deliveries(JsonNode webhook) throws Exception {
        return is(200, alice.call("GET", at(webhook) + "/deliveries", null)).path("deliveries");
    }

    private static String shown(JsonNode delivery) {
        return delivery.path("type").asText() + " " + delivery.path("status").asText() + " "
                + delivery.path("tries").asInt();
    }

    private String task(DoorClient who, String title) throws Exception {
        return is(201, who.call("POST", "/api/tasks", "{\"title\":\"" + title + "\",\"list\":\"" + list + "\"}"))
                .path("id")
                .asText();
    }

    private List<Posted> posts() {
        return sidecar.posts.stream()
                .filter(post -> path.equals(post.with().get("path")))
                .toList();
    }

    private List<String> types() {
        List<String> types = new ArrayList<>();
        posts().forEach(post -> types.add(post.json().path("type").asText()));
        return types;
    }

    private List<String> titles() {
        return posts().stream()
                .map(post -> post.json().at("/data/task/title").asText())
                .toList();
    }

    /** The list's number now. */
    private long seq() throws Exception {
        return is(200, alice.call("GET", "/api/lists/" + list, null))
                .path("seq")
                .asLong();
    }

    private List<Letter> letters(JsonNode webhook) {
        return MemoryLetters.in(sidecar).stream()
                .filter(letter -> letter.source().equals(webhook.path("id").asText()))
                .toList();
    }

    /** As an operator has it sent again. */
    private boolean again(Letter letter) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(own.resolve("/" + letter.path()))
                .header("dapr-api-token", DoorSidecar.APP_TOKEN)
                .POST(HttpRequest.BodyPublishers.ofString(letter.event()))
                .build();
        return DoorClient.HTTP
                        .send(request, HttpResponse.BodyHandlers.ofString())
                        .statusCode()
                == 200;
    }

    private static String hmac(String secret, String body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(body.getBytes(UTF_8)));
    }

    private static void await(String what, Callable<Boolean> holds) throws Exception {
        for (int tries = 0; !holds.call(); tries++) {
            assertTrue(tries < 1_500, what);
            Thread.sleep(10);
        }
    }
}
