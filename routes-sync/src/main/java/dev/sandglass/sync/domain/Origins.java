package dev.sandglass.sync.domain;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The origins of the pages that may open the feed in a browser.
 *
 * @param allowed origins, {@code http://localhost:8080}
 */
public record Origins(Set<String> allowed) {

    public Origins {
        allowed =
                allowed.stream().map(origin -> origin.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * @param origin as the browser sends it; null from other clients
     * @param host the host of the request, {@code localhost:8094}
     */
    public boolean admit(@Nullable String origin, @Nullable String host) {
        if (origin == null) {
            return true;
        }
        String lower = origin.toLowerCase(Locale.ROOT);
        return allowed.contains(lower) || (host != null && host.equalsIgnoreCase(authority(lower)));
    }

    private static @Nullable String authority(String origin) {
        try {
            return URI.create(origin).getRawAuthority();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
