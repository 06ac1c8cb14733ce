package dev.sandglass.task.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

/** How a user may be called. Issuers name users as they like, {@code auth0|123} or an e-mail address. */
public final class UserName {
    /** Bytes of UTF-8; OpenID Connect has 255 characters of ASCII at most for {@code sub}. */
    private static final int MOST_BYTES = 255;

    public static final String RULE =
            "must be the name of a user, 1 to 255 bytes, without control characters and spaces at its ends";

    private UserName() {}

    public static boolean fits(String name) {
        return !name.isEmpty()
                && name.strip().equals(name)
                && name.getBytes(UTF_8).length <= MOST_BYTES
                && name.codePoints().noneMatch(UserName::isUnseen);
    }

    private static boolean isUnseen(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
