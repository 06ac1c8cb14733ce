package dev.sandglass.task.memory;

import dev.sandglass.support.Unavailable;
import dev.sandglass.support.memory.Backlog;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.security.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/**
 * Holds the issuer's public keys (JWKS, RFC 7517). A route fetches them when a token names an unknown one: one fetch for all calls that
 * wait, and then a pause, because any client can name a key.
 */
@Singleton
@Named("issuerKeys")
public class IssuerKeys implements Backlog, VerificationKeyResolver {
    /** How long the keys are not fetched again, and after a failure. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private static final Duration FAILED_PAUSE = Duration.ofSeconds(1);

    /** The time at which the keys were asked for. */
    private final BlockingQueue<Instant> wanted = new LinkedBlockingQueue<>();

    private volatile JwksVerificationKeyResolver known = new JwksVerificationKeyResolver(List.of());
    private volatile CompletableFuture<Void> fetch = CompletableFuture.completedFuture(null);
    private long fetchedAt = System.nanoTime() - PAUSE.toNanos();

    @Override
    public Key resolveKey(JsonWebSignature signature, List<JsonWebStructure> nesting) throws UnresolvableKeyException {
        return known.resolveKey(signature, nesting);
    }

    /** @return the end of the last fetch, where that is recent, else of a new one; it fails with {@link Unavailable} */
    public synchronized CompletionStage<Void> fetched() {
        Duration pause = fetch.isCompletedExceptionally() ? FAILED_PAUSE : PAUSE;
        if (fetch.isDone() && System.nanoTime() - fetchedAt >= pause.toNanos()) {
            fetchedAt = System.nanoTime();
            fetch = new CompletableFuture<>();
            wanted.add(Instant.now());
        }
        return fetch;
    }

    @Override
    public @Nullable Instant take(Duration longest) throws InterruptedException {
        return wanted.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** @throws JoseException where the issuer's answer is no key set */
    public void learn(@Body String keys) throws JoseException {
        known = new JwksVerificationKeyResolver(new JsonWebKeySet(keys).getJsonWebKeys());
        fetch.complete(null);
    }

    /** The keys were not fetched. */
    public void miss(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception why) {
        fetch.completeExceptionally(
                why instanceof Unavailable away ? away : new Unavailable("the key set (JWKS) of the issuer", why));
    }
}
