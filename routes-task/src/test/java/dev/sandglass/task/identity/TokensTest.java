package dev.sandglass.task.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Problem;
import dev.sandglass.support.Secrets;
import dev.sandglass.support.SidecarUp;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The three steps of exchanging a key (docs/operations.md), with a replica that is a step behind at each. */
class TokensTest {
    private static final String OLD = "b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xkLW9sZC0";
    private static final String NEW = "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldy0";

    @Test
    void nobodyIsSignedOutWhileTheKeyIsExchanged() {
        List<String> steps = List.of(OLD, OLD + "," + NEW, NEW + ", " + OLD);
        for (int step = 1; step < steps.size(); step++) {
            Tokens behind = replica(steps.get(step - 1));
            Tokens ahead = replica(steps.get(step));
            assertEquals("alice", behind.verify(ahead.issue("alice", List.of())).user());
            assertEquals("alice", ahead.verify(behind.issue("alice", List.of())).user());
        }
    }

    @Test
    void aKeyThatIsGoneSignsNobodyIn() {
        String old = replica(OLD).issue("alice", List.of());
        Tokens after = replica(NEW);
        assertEquals(401, assertThrows(Problem.class, () -> after.verify(old)).status());
    }

    @Test
    void aSecretWithoutAKeyStopsTheStart() {
        assertEquals(
                "the secret token-key is empty",
                assertThrows(IllegalStateException.class, () -> replica(" , ")).getMessage());
    }

    /** The tokens of the local profile, signed with a key of no one else's, for tests of what stands on them. */
    static Tokens local() {
        return replica(OLD);
    }

    private static Tokens replica(String keys) {
        MemoryDapr dapr = new MemoryDapr(1);
        dapr.secret("token-key", keys);
        Tokens tokens = new Tokens(
                dapr,
                new Secrets(dapr),
                Optional.of("local"),
                Optional.empty(),
                Optional.empty(),
                "issuer",
                "jwks.json",
                "sub",
                "roles");
        tokens.prepare(new SidecarUp());
        return tokens;
    }
}
