package dev.sandglass.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address whose escapes are some, and UTF-8. To be asked before all that looks at the path: where it cannot be decoded, that fails, or
 * reads it as another one.
 */
public final class Decodable {
    private static final Pattern MALFORMED = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    /** Escapes that stand together: what is not ASCII is escaped as a whole. */
    private static final Pattern ESCAPED = Pattern.compile("(?:%[0-9A-Fa-f]{2})+");

    private Decodable() {}

    /** @throws Problem 400 */
    public static void require(HttpServerRequest request) {
        if (MALFORMED.matcher(request.uri()).find()) {
            throw refused(request, "a % that is no escape");
        }
        try {
            Matcher escaped = ESCAPED.matcher(request.uri());
            while (escaped.find()) {
                byte[] bytes = HexFormat.of().parseHex(escaped.group().replace("%", ""));
                UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            }
        } catch (CharacterCodingException e) {
            throw refused(request, "escapes that are not UTF-8");
        }
    }

    private static Problem refused(HttpServerRequest request, String what) {
        Labels.as(request, "none");
        return new Problem(400, "The address has " + what);
    }
}
