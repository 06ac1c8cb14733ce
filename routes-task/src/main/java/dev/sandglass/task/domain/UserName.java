package dev.sandglass.task.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandglass.events.Erased;
import java.util.regex.Pattern;

/** How a user may be called. Issuers name users as they like, {@code auth0|123} or an e-mail address. */
public final class UserName {
    /** Bytes of UTF-8; OpenID Connect has 255 characters of ASCII at most for {@code sub}. */
    private static final int MOST_BYTES = 255;

    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    public static final String RULE =
            "must be the name of a user, 1 to 255 bytes, without control characters and spaces at its ends";

    private UserName() {}

    public static boolean fits(String name) {
        return !name.isEmpty()
                && !name.equals(Erased.NAME)
                && name.strip().equals(name)
                && name.getBytes(UTF_8).length <= MOST_BYTES
                && !UNSEEN.matcher(name).find();
    }
}
