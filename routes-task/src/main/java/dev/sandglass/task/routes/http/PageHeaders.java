package dev.sandglass.task.routes.http;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells a browser with every answer of the public origin how to treat it: the page needs nobody but this origin and its feed. */
final class PageHeaders {
    private PageHeaders() {}

    /**
     * @param feed {@code ws://} or {@code wss://}
     * @throws IllegalStateException where it is not
     */
    static Map<String, String> of(URI feed) {
        String scheme = String.valueOf(feed.getScheme());
        if (!scheme.matches("wss?") || feed.getRawAuthority() == null) {
            throw new IllegalStateException("sandglass.live.url is " + feed
                    + "; it must be a ws:// or wss:// URL, as ws://localhost:8094/live");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; manifest-src 'self'; connect-src 'self' "
                        + scheme + "://" + feed.getRawAuthority()
                        + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'");
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put(
                "Permissions-Policy",
                "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), publickey-credentials-get=(), usb=()");
        headers.put("Cross-Origin-Opener-Policy", "same-origin");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        if (scheme.equals("wss")) {
            // RFC 6797 wants it over TLS only; where the feed is reached by TLS, so is the page.
            headers.put("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
        }
        return headers;
    }
}
