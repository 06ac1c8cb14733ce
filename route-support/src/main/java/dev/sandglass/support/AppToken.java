package dev.sandglass.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.util.NetUtil;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Lets only the sidecar in. All paths that are not open (callbacks of Dapr, methods for other services) need the app token and a call
 * from this host or pod. The token alone is not enough: Dapr adds it to calls of foreign servers ({@code invoke} of a URL, daprd 1.18),
 * so others may know it. Health and metrics are open; the port is not public.
 */
@Singleton
public class AppToken {
    private static final String HEADER = "dapr-api-token";

    private final Secrets secrets;
    private final Optional<String> given;
    private final OpenPaths open;
    private volatile List<byte[]> tokens = List.of();

    /** @param given the token as Dapr hands it to its sidecar in Kubernetes; without it, the token is a secret of the store */
    AppToken(Secrets secrets, @ConfigProperty(name = "app.api.token") Optional<String> given, OpenPaths open) {
        this.secrets = secrets;
        this.given = given;
        this.open = open;
    }

    void learn(@Observes SidecarUp sidecar) {
        tokens = given.map(List::of).orElseGet(() -> secrets.all("app-token")).stream()
                .map(token -> token.getBytes(UTF_8))
                .toList();
    }

    void guard(@Observes Router router) {
        RouteOrder.APP_TOKEN.on(router).handler(this::check);
    }

    private void check(RoutingContext call) {
        if (open.hasHere(call)
                || isOurs(call.request().getHeader(HEADER))
                        && isHere(call.request().remoteAddress().hostAddress())) {
            call.next();
        } else {
            Labels.as(call.request(), "none");
            new Problem(403, "This path is for the sidecar of this service only").answer(call.response());
        }
    }

    /** Tells if it is one of the app tokens: during an exchange a sidecar may still have the old one. */
    boolean isOurs(@Nullable String given) {
        return given != null && tokens.stream().anyMatch(token -> MessageDigest.isEqual(token, given.getBytes(UTF_8)));
    }

    /** @param address in numbers, IPv4 or IPv6 */
    static boolean isHere(String address) {
        InetAddress here = NetUtil.createInetAddressFromIpAddressString(address);
        return here != null && here.isLoopbackAddress();
    }
}
