package dev.sandglass.task.identity;

import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Secrets;
import java.util.List;

/** Who is who in the local profile, for tests of what stands on it. */
public final class TestIdentity {
    public final Identity identity;
    private final Tokens tokens = TokensTest.local();

    public TestIdentity() {
        identity = new Identity(tokens, new Pseudonyms(new Secrets(new MemoryDapr(1)), false, true));
    }

    /** The value of {@code Authorization} of somebody with these roles. */
    public String signedIn(String... roles) {
        return "Bearer " + tokens.issue("olga", List.of(roles));
    }
}
