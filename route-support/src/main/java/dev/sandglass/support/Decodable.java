package dev.sandglass.support;

import io.vertx.core.http.HttpServerRequest;
import java.util.regex.Pattern;

/** An address whose escapes are some. To be asked before all that looks at the path: where it cannot be decoded, that fails. */
public final class Decodable {
    private static final Pattern MALFORMED = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private Decodable() {}

    /** @throws Problem 400 */
    public static void require(HttpServerRequest request) {
        if (MALFORMED.matcher(request.uri()).find()) {
            throw new Problem(400, "The address has a % that is no escape");
        }
    }
}
