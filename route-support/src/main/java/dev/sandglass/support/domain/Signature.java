package dev.sandglass.support.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The signature of a body by a sender that knows a secret: HMAC-SHA256 over its bytes, {@code sha256=} and hex digits. */
public final class Signature {
    private static final String PREFIX = "sha256=";
    /** RFC 2104 */
    private static final String ALGORITHM = "HmacSHA256";

    private Signature() {}

    public static String of(byte[] body, String secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM));
            return PREFIX + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param given with or without {@code sha256=}; null is no signature */
    public static boolean fits(@Nullable String given, byte[] body, String secret) {
        if (given == null) {
            return false;
        }
        String digits = given.strip().toLowerCase(Locale.ROOT);
        String whole = digits.startsWith(PREFIX) ? digits : PREFIX + digits;
        return MessageDigest.isEqual(whole.getBytes(UTF_8), of(body, secret).getBytes(UTF_8));
    }
}
