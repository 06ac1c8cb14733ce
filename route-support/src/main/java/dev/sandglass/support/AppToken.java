package dev.sandglass.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Lets nobody but the sidecar in: whatever a service offers beyond its open paths (callbacks of Dapr, methods for other services)
 * needs the app token. Health and metrics are open; the port is not public.
 */
@Singleton
public class AppToken {
    private static final String HEADER = "dapr-api-token";
    private static final Pattern NONE = Pattern.compile("(?!)");

    private final Secrets secrets;
    private final Pattern open;
    private volatile byte @Nullable [] token;

    AppToken(Secrets secrets, @ConfigProperty(name = "sandglass.open-paths") Optional<Pattern> open) {
        this.secrets = secrets;
        this.open = open.orElse(NONE);
    }

    void learn(@Observes @Priority(2) StartupEvent start) {
        token = secrets.get("app-token").getBytes(UTF_8);
    }

    void guard(@Observes Router router) {
        router.route().order(-100).handler(this::check);
    }

    private void check(RoutingContext call) {
        byte[] expected = token;
        String given = call.request().getHeader(HEADER);
        if (isOpen(call.normalizedPath())
                || (expected != null && given != null && MessageDigest.isEqual(expected, given.getBytes(UTF_8)))) {
            call.next();
        } else {
            call.response()
                    .setStatusCode(403)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                    .end(new Problem(403, "This path is for the sidecar of this service only")
                            .document()
                            .toString());
        }
    }

    private boolean isOpen(String path) {
        return path.startsWith("/q/") || open.matcher(path).matches();
    }
}
