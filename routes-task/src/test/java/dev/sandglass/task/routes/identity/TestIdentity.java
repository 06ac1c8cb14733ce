package dev.sandglass.task.routes.identity;

import dev.sandglass.support.Secrets;
import dev.sandglass.support.SidecarUp;
import java.util.List;

/** The identities of the local profile, for tests of classes that use them. */
public final class TestIdentity {
    public final Tokens tokens = TokensTest.local();
    public final Cursors cursors;

    public TestIdentity() {
        Secrets secrets = new Secrets();
        secrets.learn("ticket-key", TokensTest.OLD);
        cursors = new Cursors(secrets);
        cursors.learn(new SidecarUp());
    }

    /** The value of {@code Authorization} of somebody with these roles. */
    public String signedIn(String... roles) {
        return as("olga", roles);
    }

    public String as(String user, String... roles) {
        return "Bearer " + tokens.issue(user, List.of(roles));
    }
}
