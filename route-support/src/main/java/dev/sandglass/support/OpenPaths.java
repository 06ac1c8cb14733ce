package dev.sandglass.support;

import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The paths that need no app token: what a service has for others, and what its operator opens beside. */
@Singleton
public class OpenPaths {
    private static final String OF_OPERATORS = "/q/";

    private final Optional<Pattern> own;
    private final Optional<Pattern> more;

    public OpenPaths(
            @ConfigProperty(name = "sandglass.own-paths") Optional<Pattern> own,
            @ConfigProperty(name = "sandglass.open-paths") Optional<Pattern> more) {
        this.own = own;
        this.more = more;
    }

    /** Tells if others may call it. */
    public boolean has(String path) {
        return Stream.of(own, more)
                .flatMap(Optional::stream)
                .anyMatch(open -> open.matcher(path).matches());
    }

    /** Tells if it needs no app token on the service's own port, which has health and metrics too. */
    boolean hasHere(String path) {
        return path.startsWith(OF_OPERATORS) || has(path);
    }
}
