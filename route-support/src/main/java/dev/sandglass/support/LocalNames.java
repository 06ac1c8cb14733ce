package dev.sandglass.support;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * In the local profile what is open, health and metrics too, is so under this machine's names only. There anybody signs in as anybody,
 * and a page of somebody else's could have its own name lead here: to the browser it would be a page of ours. An address in numbers, and
 * a name without a dot or below {@code localhost}, is nobody's on the web to lead elsewhere.
 */
@Singleton
public class LocalNames {
    private static final Pattern PORT = Pattern.compile("\\.?(:\\d*)?$");

    private final boolean local;
    private final OpenPaths open;
    private final Set<String> names;

    /** @param names or addresses, {@code https://example.com}, beside those without a dot */
    LocalNames(
            @ConfigProperty(name = "sandglass.profile") Optional<String> profile,
            OpenPaths open,
            @ConfigProperty(name = "sandglass.local-names") Optional<List<String>> names) {
        this.local = profile.filter("local"::equals).isPresent();
        this.open = open;
        this.names = names.stream()
                .flatMap(List::stream)
                .map(name ->
                        name.contains("://") ? String.valueOf(URI.create(name).getRawAuthority()) : name)
                .map(LocalNames::withoutPort)
                .collect(toUnmodifiableSet());
    }

    void guard(@Observes Router router) {
        if (local) {
            RouteOrder.LOCAL_NAME.on(router).handler(this::check);
        }
    }

    private void check(RoutingContext call) {
        if (!open.hasHere(call) || isOurs(call.request().getHeader(HttpHeaders.HOST))) {
            call.next();
        } else {
            Labels.as(call.request(), "none");
            new Problem(
                            421,
                            "Nobody has this name here; take http://localhost with the same port, or have it in sandglass.local-names")
                    .answer(call.response());
        }
    }

    /** @param host as a browser sends it, which always does; null from others */
    boolean isOurs(@Nullable String host) {
        if (host == null) {
            return true;
        }
        String name = withoutPort(host);
        return !name.contains(".")
                || name.endsWith(".localhost")
                || names.contains(name)
                || NetUtil.isValidIpV4Address(name);
    }

    private static String withoutPort(String host) {
        return PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
    }
}
