package dev.sandglass.task.routes.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Problem;
import dev.sandglass.support.Secrets;
import dev.sandglass.support.SidecarUp;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.camel.MemoryComponent;
import dev.sandglass.support.routes.Flows;
import dev.sandglass.task.memory.IssuerKeys;
import dev.sandglass.task.memory.PersonalTokens;
import io.vertx.core.Future;
import java.security.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.impl.DefaultCamelContext;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The three steps of exchanging a key (docs/operations.md), with a replica that is a step behind at each. */
class TokensTest {
    private static final List<DefaultCamelContext> CONTEXTS = new ArrayList<>();
    static final String OLD = "b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xkLW9sZC0";
    private static final HmacKey KEY = new HmacKey(Base64.getUrlDecoder().decode(OLD));
    private static final String NEW = "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldy0";

    @AfterAll
    static void stop() {
        CONTEXTS.forEach(DefaultCamelContext::stop);
    }

    @Test
    void nobodyIsSignedOutWhileTheKeyIsExchanged() {
        List<String> steps = List.of(OLD, OLD + "," + NEW, NEW + ", " + OLD);
        for (int step = 1; step < steps.size(); step++) {
            Tokens behind = replica(steps.get(step - 1));
            Tokens ahead = replica(steps.get(step));
            assertEquals("alice", user(behind, ahead.issue("alice", List.of())));
            assertEquals("alice", user(ahead, behind.issue("alice", List.of())));
        }
    }

    @Test
    void aKeyThatIsGoneSignsNobodyIn() {
        String old = replica(OLD).issue("alice", List.of());
        Tokens after = replica(NEW);
        assertEquals(401, refused(after, old));
    }

    @Test
    void aSecretWithoutAKeyStopsTheStart() {
        assertEquals(
                "the secret token-key is empty",
                assertThrows(IllegalStateException.class, () -> replica(" , ")).getMessage());
    }

    @Test
    @Tag("FR-010")
    void rolesThatAreNoneAreNoMistakeOfOurs() throws Exception {
        Tokens tokens = local();
        Map<Object, Set<String>> told = new LinkedHashMap<>();
        told.put(List.of("operator", "x"), Set.of("operator", "x"));
        told.put("operator", Set.of("operator"));
        told.put(Arrays.asList((Object) null), Set.of());
        told.put(Arrays.asList("operator", null, 5, Map.of("a", 1), List.of("operator")), Set.of("operator"));
        told.put(5, Set.of());
        told.put(true, Set.of());
        told.put(Map.of("operator", true), Set.of());
        told.put(List.of(), Set.of());
        told.put(List.of(List.of(List.of("operator"))), Set.of());
        told.put(Collections.nCopies(5_000, "x"), Set.of("x"));
        for (Map.Entry<Object, Set<String>> claim : told.entrySet()) {
            String token = signed(Map.of("sub", "alice", "roles", claim.getKey()), null, KEY);
            assertEquals(
                    claim.getValue(),
                    tokens.verify(token, "here").result().roles(),
                    claim.getKey().toString());
        }
        Map<String, Object> none = new HashMap<>(Map.of("sub", "alice"));
        none.put("roles", null);
        assertEquals(
                Set.of(),
                tokens.verify(signed(none, null, KEY), "here").result().roles());
    }

    @Test
    void aTokenNamesAUser() throws Exception {
        Tokens tokens = local();
        for (String name : List.of(
                "auth0|123", "a||b", "jane@example.com", "Jane Doe", "józef", "CN=Jane,OU=x", "x".repeat(255))) {
            assertEquals(name, user(tokens, signed(Map.of("sub", name), null, KEY)));
        }
        for (Object name : Arrays.asList(
                "", " ", " a", "a\n", "a\u0000", "a\u200b", "x".repeat(256), "ł".repeat(128), 5, List.of("a"), true)) {
            assertEquals(401, refused(tokens, signed(Map.of("sub", name), null, KEY)), name.toString());
        }
        assertEquals(401, refused(tokens, signed(Map.of(), null, KEY)));
        Map<String, Object> none = new HashMap<>();
        none.put("sub", null);
        assertEquals(401, refused(tokens, signed(none, null, KEY)));
    }

    // ---------------------------------------------------------------- An issuer's keys

    @Test
    void whoeverNamesAKeyThatIsNotKnownMakesTheKeysBeFetchedOnceForAll() throws Exception {
        Issuer issuer = new Issuer();
        Tokens tokens = of(issuer);
        // Signing takes its time.
        List<String> signed = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            signed.add(issuer.token("k1", "u" + i));
            signed.add(issuer.token("none" + i, "x"));
        }
        List<Future<Tokens.Bearer>> waiting =
                signed.stream().map(token -> tokens.verify(token, "here")).toList();
        assertTrue(waiting.stream().noneMatch(Future::isComplete), "nobody holds a thread meanwhile");
        issuer.answer.countDown();
        for (int i = 0; i < 20; i++) {
            assertEquals("u" + i, await(waiting.get(2 * i)).result().user());
            assertEquals(401, ((Problem) await(waiting.get(2 * i + 1)).cause()).status());
        }
        assertEquals(1, issuer.asked.get());
        for (int i = 0; i < 20; i++) {
            assertEquals(
                    "u" + i,
                    await(tokens.verify(signed.get(2 * i), "here")).result().user());
            assertEquals(
                    401,
                    ((Problem) await(tokens.verify(signed.get(2 * i + 1), "here"))
                                    .cause())
                            .status());
        }
        assertEquals(1, issuer.asked.get(), "not again so soon");
    }

    @Test
    void anIssuerThatIsAwaySignsNobodyOut() throws Exception {
        Issuer issuer = new Issuer();
        issuer.answer.countDown();
        issuer.away = true;
        Tokens tokens = of(issuer);
        String token = issuer.token("k1", "alice");
        for (int i = 0; i < 50; i++) {
            assertEquals(
                    Unavailable.class,
                    await(tokens.verify(token, "here")).cause().getClass());
        }
        assertTrue(issuer.asked.get() < 25, "asked " + issuer.asked);
        issuer.away = false;
        Thread.sleep(1_100);
        assertEquals("alice", await(tokens.verify(token, "here")).result().user());
    }

    @Test
    void aTokenIsForNowAndForUs() throws Exception {
        Tokens tokens = local();
        long now = Instant.now().getEpochSecond();
        Map<String, Object> endless = new HashMap<>(Map.of("sub", "alice"));
        endless.put("exp", null);
        for (Map<String, ?> wrong : List.of(
                Map.of("sub", "alice", "exp", now - 60),
                Map.of("sub", "alice", "nbf", now + 60),
                Map.of("sub", "alice", "iss", "https://id.example"),
                endless)) {
            assertEquals(401, refused(tokens, signed(wrong, null, KEY)), wrong.toString());
        }

        Issuer issuer = new Issuer();
        issuer.answer.countDown();
        Tokens ours = of(issuer, Optional.of("sandglass"));
        Map<String, Object> claims = new HashMap<>(Map.of("iss", "https://id.example", "sub", "alice"));
        Key key = issuer.key.getPrivateKey();
        assertEquals(401, refusedInTheEnd(ours, signed(claims, "k1", key)), "for nobody");
        claims.put("aud", "another");
        assertEquals(401, refusedInTheEnd(ours, signed(claims, "k1", key)), "for another");
        claims.put("aud", List.of("another", "sandglass"));
        assertEquals(
                "alice",
                await(ours.verify(signed(claims, "k1", key), "here")).result().user());
        // Everybody has the public key: as the secret of an HMAC it signs nothing.
        Key known = new HmacKey(issuer.key.getPublicKey().getEncoded());
        assertEquals(401, refusedInTheEnd(ours, signed(claims, "k1", known)), "by the public key");
    }

    private static int refusedInTheEnd(Tokens tokens, String token) throws Exception {
        return ((Problem) await(tokens.verify(token, "here")).cause()).status();
    }

    private static <T> Future<T> await(Future<T> future) throws Exception {
        for (int tries = 0; !future.isComplete() && tries < 500; tries++) {
            Thread.sleep(10);
        }
        assertTrue(future.isComplete());
        return future;
    }

    /** One issuer with the key {@code k1}, which answers when it is let. */
    private static final class Issuer extends MemoryDapr {
        private final AtomicInteger asked = new AtomicInteger();
        private final CountDownLatch answer = new CountDownLatch(1);
        private final RsaJsonWebKey key;
        private volatile boolean away;

        Issuer() throws JoseException {
            super(1);
            key = RsaJwkGenerator.generateJwk(2048);
            key.setKeyId("k1");
        }

        String token(String keyId, String user) throws JoseException {
            return signed(Map.of("iss", "https://id.example", "sub", user), keyId, key.getPrivateKey());
        }

        @Override
        public JsonNode invoke(String app, String verb, String path, @Nullable String body, @Nullable Duration limit) {
            asked.incrementAndGet();
            try {
                answer.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (away) {
                throw new Unavailable(app, null);
            }
            return Json.read(new JsonWebKeySet(key).toJson(), JsonNode.class);
        }
    }

    private static Tokens of(Issuer issuer) throws Exception {
        return of(issuer, Optional.empty());
    }

    private static Tokens of(Issuer issuer, Optional<String> audience) throws Exception {
        IssuerKeys keys = new IssuerKeys();
        DefaultCamelContext camel = new DefaultCamelContext();
        Flows.prepare(camel, issuer, "task");
        camel.addComponent("memory", new MemoryComponent());
        camel.getRegistry().bind("issuerKeys", keys);
        camel.getPropertiesComponent().addOverrideProperty("sandglass.identity.keys-app", "issuer");
        camel.getPropertiesComponent().addOverrideProperty("sandglass.identity.keys-path", "jwks.json");
        Flows.load(camel, "fetch-issuer-keys");
        camel.start();
        CONTEXTS.add(camel);
        Tokens tokens = new Tokens(
                new Secrets(),
                keys,
                new PersonalTokens(),
                Optional.empty(),
                Optional.of("https://id.example"),
                audience,
                "sub",
                "roles");
        tokens.prepare(new SidecarUp());
        return tokens;
    }

    private static String signed(Map<String, ?> claims, @Nullable String keyId, Key key) throws JoseException {
        ObjectNode payload = Json.object()
                .put("iss", "sandglass-local")
                .put("exp", Instant.now().getEpochSecond() + 60);
        claims.forEach((name, value) -> payload.set(name, Json.tree(value)));
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(payload.toString());
        if (keyId != null) {
            signature.setKeyIdHeaderValue(keyId);
        }
        signature.setAlgorithmHeaderValue(
                key instanceof HmacKey ? AlgorithmIdentifiers.HMAC_SHA256 : AlgorithmIdentifiers.RSA_USING_SHA256);
        signature.setKey(key);
        return signature.getCompactSerialization();
    }

    private static String user(Tokens tokens, String token) {
        return tokens.verify(token, "here").result().user();
    }

    private static int refused(Tokens tokens, String token) {
        return ((Problem) tokens.verify(token, "here").cause()).status();
    }

    /** The tokens of the local profile, signed with a key of no one else's, for tests of what stands on them. */
    static Tokens local() {
        return replica(OLD);
    }

    private static Tokens replica(String keys) {
        Secrets secrets = new Secrets();
        secrets.learn("token-key", keys);
        Tokens tokens = new Tokens(
                secrets,
                new IssuerKeys(),
                new PersonalTokens(),
                Optional.of("local"),
                Optional.empty(),
                Optional.empty(),
                "sub",
                "roles");
        tokens.prepare(new SidecarUp());
        return tokens;
    }
}
