package dev.sandglass.task.routes.identity;

import dev.sandglass.support.Unavailable;
import dev.sandglass.support.memory.Backlog;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.security.Key;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
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

    /** A fetch, and the thread its callers wait on. */
    public record Fetch(Context context, Promise<Void> end) {}

    private final Vertx vertx;
    private final BlockingQueue<Fetch> wanted = new LinkedBlockingQueue<>();
    private volatile JwksVerificationKeyResolver known = new JwksVerificationKeyResolver(List.of());
    private Future<Void> fetch = Future.failedFuture("not yet");
    private long fetchedAt = System.nanoTime() - PAUSE.toNanos();

    public IssuerKeys(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public Key resolveKey(JsonWebSignature signature, List<JsonWebStructure> nesting) throws UnresolvableKeyException {
        return known.resolveKey(signature, nesting);
    }

    /** @return the end of the last fetch, where that is recent, else of a new one; it fails with {@link Unavailable} */
    public synchronized Future<Void> fetched() {
        Duration pause = fetch.failed() ? FAILED_PAUSE : PAUSE;
        if (fetch.isComplete() && System.nanoTime() - fetchedAt >= pause.toNanos()) {
            fetchedAt = System.nanoTime();
            Fetch next = new Fetch(vertx.getOrCreateContext(), Promise.promise());
            fetch = next.end().future();
            wanted.add(next);
        }
        return fetch;
    }

    @Override
    public @Nullable Object take(Duration longest) throws InterruptedException {
        return wanted.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** @throws JoseException where the issuer's answer is no key set */
    public void learn(@ExchangeProperty("fetch") Fetch fetch, @Body String keys) throws JoseException {
        known = new JwksVerificationKeyResolver(new JsonWebKeySet(keys).getJsonWebKeys());
        fetch.context().runOnContext(now -> fetch.end().complete());
    }

    /** The keys were not fetched. */
    public void miss(
            @ExchangeProperty("fetch") Fetch fetch, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception why) {
        Unavailable away =
                why instanceof Unavailable it ? it : new Unavailable("the key set (JWKS) of the issuer", why);
        fetch.context().runOnContext(now -> fetch.end().fail(away));
    }
}
