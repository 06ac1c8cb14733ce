package dev.sandglass.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Lets nobody but the sidecar in: whatever a service offers beyond its open paths (callbacks of Dapr, methods for other services)
 * needs the app token, and comes from this host or pod: Dapr adds the token of the app to what it posts to foreign servers for it
 * ({@code invoke} of a URL, daprd 1.18), so that others may have seen it. Health and metrics are open; the port is not public.
 */
@Singleton
public class AppToken {
    private static final String HEADER = "dapr-api-token";
    private static final Pattern NONE = Pattern.compile("(?!)");

    private final Secrets secrets;
    private final Optional<String> given;
    private final Pattern open;
    private volatile List<byte[]> tokens = List.of();

    /** @param given as Dapr hands it to its sidecar in Kubernetes; where it is not set, it is a secret of the store */
    AppToken(
            Secrets secrets,
            @ConfigProperty(name = "app.api.token") Optional<String> given,
            @ConfigProperty(name = "sandglass.open-paths") Optional<Pattern> open) {
        this.secrets = secrets;
        this.given = given;
        this.open = open.orElse(NONE);
    }

    void learn(@Observes SidecarUp sidecar) {
        tokens = given.map(List::of).orElseGet(() -> secrets.all("app-token")).stream()
                .map(token -> token.getBytes(UTF_8))
                .toList();
    }

    void guard(@Observes Router router) {
        router.route().order(-100).handler(this::check);
    }

    private void check(RoutingContext call) {
        if (isOpen(call.normalizedPath())
                || isOurs(call.request().getHeader(HEADER))
                        && isHere(call.request().remoteAddress().hostAddress())) {
            call.next();
        } else {
            Labels.as(call.request(), "none");
            call.response()
                    .setStatusCode(403)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                    .end(new Problem(403, "This path is for the sidecar of this service only")
                            .document()
                            .toString());
        }
    }

    /** Whether it is one of the app tokens: while they are being exchanged, a sidecar may still have the one before. */
    boolean isOurs(@Nullable String given) {
        return given != null && tokens.stream().anyMatch(token -> MessageDigest.isEqual(token, given.getBytes(UTF_8)));
    }

    /** @param address as numbers, IPv4 or IPv6 */
    static boolean isHere(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private boolean isOpen(String path) {
        return path.startsWith("/q/") || open.matcher(path).matches();
    }
}
