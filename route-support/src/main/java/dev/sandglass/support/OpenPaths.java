package dev.sandglass.support;

import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The paths that need no app token: those that a guard of their own asks for tokens or tickets, the others that a service has for
 * everybody, and what its operator opens beside.
 */
@Singleton
public class OpenPaths {
    private static final String OF_OPERATORS = "/q/";
    private static final String GUARDED = "sandglass.guarded";

    private final Optional<Pattern> own;
    private final Optional<Pattern> more;

    public OpenPaths(
            @ConfigProperty(name = "sandglass.own-paths") Optional<Pattern> own,
            @ConfigProperty(name = "sandglass.open-paths") Optional<Pattern> more) {
        this.own = own;
        this.more = more;
    }

    /** Notes that a guard of its own has this call; before {@link RouteOrder#FRONT_DOOR}. */
    public static void guard(RoutingContext call) {
        call.put(GUARDED, true);
    }

    public static boolean isGuarded(RoutingContext call) {
        return call.get(GUARDED, false);
    }

    /** Tells if others may make this call. */
    public boolean has(RoutingContext call) {
        return isGuarded(call)
                || Stream.of(own, more)
                        .flatMap(Optional::stream)
                        .anyMatch(open -> open.matcher(call.normalizedPath()).matches());
    }

    /** Tells if it needs no app token on the service's own port, which has health and metrics too. */
    boolean hasHere(RoutingContext call) {
        return call.normalizedPath().startsWith(OF_OPERATORS) || has(call);
    }
}
