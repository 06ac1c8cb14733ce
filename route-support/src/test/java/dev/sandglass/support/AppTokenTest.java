package dev.sandglass.support;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The callers that a service's own port lets in, also during an exchange of the app token (docs/operations.md). */
class AppTokenTest {
    private static final OpenPaths NONE = new OpenPaths(Optional.empty(), Optional.empty());

    @Test
    void aSidecarWithEitherTokenIsLetInMeanwhile() {
        AppToken guard = guard("after,before");
        assertTrue(guard.isOurs("before"));
        assertTrue(guard.isOurs("after"));
        assertFalse(guard.isOurs("after,before"));
    }

    @Test
    void otherwiseThereIsOneAndNothingElseWillDo() {
        AppToken guard = guard("after");
        assertTrue(guard.isOurs("after"));
        assertFalse(guard.isOurs("before"));
        assertFalse(guard.isOurs(""));
        assertFalse(guard.isOurs(null));
    }

    @Test
    void inKubernetesItIsTheOneItsSidecarWasStartedWith() {
        AppToken guard = new AppToken(new Secrets(), Optional.of("of the pod"), NONE);
        guard.learn(new SidecarUp());
        assertTrue(guard.isOurs("of the pod"));
        assertFalse(guard.isOurs("another"));
    }

    @Test
    void beforeItIsKnownNobodyIs() {
        assertFalse(new AppToken(new Secrets(), Optional.empty(), NONE).isOurs(""));
    }

    /** Dapr gives the token away to foreign servers it posts to. */
    @Test
    void whoHasTheTokenMustBeHereToo() {
        assertTrue(AppToken.isHere("127.0.0.1"));
        assertTrue(AppToken.isHere("0:0:0:0:0:0:0:1"));
        assertTrue(AppToken.isHere("::ffff:127.0.0.1"));
        assertFalse(AppToken.isHere("10.1.2.3"));
        assertFalse(AppToken.isHere("2001:db8::1"));
    }

    private static AppToken guard(String tokens) {
        Secrets secrets = new Secrets();
        secrets.learn("app-token", tokens);
        AppToken guard = new AppToken(secrets, Optional.empty(), NONE);
        guard.learn(new SidecarUp());
        return guard;
    }
}
