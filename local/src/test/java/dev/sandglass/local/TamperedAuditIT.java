package dev.sandglass.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Somebody with access to the database alters the audit behind its back, and verifying names what they did. */
@ExtendWith(Stack.class)
@Tag("FR-007")
@Tag("SC-006")
@Tag(Stack.BESIDE_ANOTHER)
class TamperedAuditIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int LENGTH = 6;

    private Person alice;
    private String list;

    @BeforeEach
    void aListThatIsKeptWhole() throws Exception {
        alice = Person.like("alice");
        list = alice.list("editor");
        for (int i = 2; i <= LENGTH; i++) {
            alice.task(list, "task " + i);
        }
        Stack.await("the audit", SOON, () -> verify().path("complete").asBoolean());
        assertEquals(LENGTH, verify().path("entries").asInt());
    }

    @Test
    void aChangedEntryIsNamed() throws Exception {
        ObjectNode kept = entry(3);
        kept.put("change", kept.path("change").asText().replace("task 3", "task 4"));
        store(Map.of(key(3), kept));
        assertNamed(3, "altered");
    }

    @Test
    void aForgedEntryWhoseOwnHashesFitIsNamed() throws Exception {
        store(Map.of(key(3), forged(3)));
        assertNamed(3, "altered");
    }

    @Test
    void aRemovedEntryIsNamed() throws Exception {
        remove(key(4));
        assertNamed(4, "missing");
    }

    @Test
    void theRemovedLastEntryIsNamed() throws Exception {
        remove(key(LENGTH));
        assertNamed(LENGTH, "missing");
    }

    @Test
    void reorderedEntriesAreNamed() throws Exception {
        store(Map.of(key(2), entry(5), key(5), entry(2)));
        assertNamed(2, "altered");
    }

    @Test
    void anInventedEntryIsNamedOnceItsNumberIsGiven() throws Exception {
        store(Map.of(key(LENGTH + 1), forged(LENGTH)));
        assertTrue(verify().path("complete").asBoolean(), "it is no part of the list yet");
        alice.task(list, "the true one");
        Stack.await("the audit", SOON, () -> verify().path("first").path("seq").asInt() == LENGTH + 1);
        assertNamed(LENGTH + 1, "altered");
    }

    @Test
    void aHoleIsFetchedFromTaskAndClosesByItself() throws Exception {
        // As if its events had never come: nothing is kept above the second.
        store(Map.of("cursor/" + list, Api.JSON.createObjectNode().put("v", 1).put("seq", 2)));
        for (int seq = 3; seq <= LENGTH; seq++) {
            remove(key(seq));
        }
        Stack.await("the hole is closed", SOON, () -> verify().path("complete").asBoolean());
        assertEquals(LENGTH, verify().path("entries").asInt());
        assertTrue(entry(3).path("change").asText().contains("task 3"));
    }

    private void assertNamed(int seq, String why) throws Exception {
        JsonNode verdict = verify();
        assertEquals(false, verdict.path("complete").asBoolean(true), verdict::toString);
        assertEquals(
                "{\"seq\":" + seq + ",\"why\":\"" + why + "\"}",
                verdict.path("first").toString());
    }

    private JsonNode verify() throws Exception {
        return alice.api().get("/api/audit/verify?list=" + list).with(200);
    }

    // ---------------------------------------------------------------- The store, past the service

    private String key(int seq) {
        return "entry/" + list + "/" + seq;
    }

    private ObjectNode entry(int seq) throws Exception {
        ObjectNode wanted = Api.JSON.createObjectNode();
        wanted.putArray("keys").add(key(seq));
        return (ObjectNode) call("bulk", wanted).get(0).path("data");
    }

    /** Another actor, and hashes that fit. */
    private ObjectNode forged(int seq) throws Exception {
        ObjectNode change =
                (ObjectNode) Api.JSON.readTree(entry(seq).path("change").asText());
        change.put("actor", "mallory");
        ObjectNode content = change.deepCopy();
        content.remove("prev");
        content.remove("hash");
        String hash = sha256(new JsonCanonicalizer(content.toString()).getEncodedUTF8());
        change.put("hash", sha256((change.path("prev").asText() + hash).getBytes(UTF_8)));
        return Api.JSON.createObjectNode().put("v", 1).put("content", hash).put("change", change.toString());
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static void store(Map<String, JsonNode> values) throws Exception {
        ObjectNode transaction = Api.JSON.createObjectNode();
        ArrayNode operations = transaction.putArray("operations");
        values.forEach((key, value) -> operations
                .addObject()
                .put("operation", "upsert")
                .putObject("request")
                .put("key", key)
                .set("value", value));
        call("transaction", transaction);
    }

    private static void remove(String key) throws Exception {
        ObjectNode transaction = Api.JSON.createObjectNode();
        transaction
                .putArray("operations")
                .addObject()
                .put("operation", "delete")
                .putObject("request")
                .put("key", key);
        call("transaction", transaction);
    }

    /** Asks the state store by the audit's own sidecar. */
    private static JsonNode call(String what, JsonNode body) throws Exception {
        int port = Stack.part("audit-sidecar").path("port").asInt();
        HttpResponse<String> answer = Api.CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1.0/state/state/" + what))
                        .timeout(Duration.ofSeconds(10))
                        .header("Content-Type", "application/json")
                        .header("dapr-api-token", Stack.secret("dapr-api-token"))
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertTrue(answer.statusCode() < 300, () -> answer.statusCode() + " " + answer.body());
        return answer.body().isEmpty() ? Api.JSON.createObjectNode() : Api.JSON.readTree(answer.body());
    }
}
