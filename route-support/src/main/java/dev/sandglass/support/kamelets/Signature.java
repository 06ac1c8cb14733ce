package dev.sandglass.support.kamelets;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandglass.support.HmacKeys;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import org.jose4j.keys.HmacKey;
import org.jspecify.annotations.Nullable;

/** The signature of a body by a sender that knows a secret: HMAC-SHA256 over its bytes, {@code sha256=} and hex digits. */
public final class Signature {
    private static final String PREFIX = "sha256=";

    private Signature() {}

    public static String of(byte[] body, String secret) {
        return PREFIX + HexFormat.of().formatHex(HmacKeys.mac(new HmacKey(secret.getBytes(UTF_8)), body));
    }

    /** @param given with or without {@code sha256=}; null is no signature */
    static boolean fits(@Nullable String given, byte[] body, String secret) {
        if (given == null) {
            return false;
        }
        String digits = given.strip().toLowerCase(Locale.ROOT);
        String whole = digits.startsWith(PREFIX) ? digits : PREFIX + digits;
        return MessageDigest.isEqual(whole.getBytes(UTF_8), of(body, secret).getBytes(UTF_8));
    }
}
