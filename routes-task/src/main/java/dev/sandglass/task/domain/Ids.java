package dev.sandglass.task.domain;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Ids nobody can guess. */
public final class Ids {
    private static final String LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    /** 62^16 is about 95 bits. */
    private static final int LENGTH = 16;

    /** How a personal token begins, so that who finds one sees what it is. */
    public static final String TOKEN = "sg_";

    private static final int SECRET_BYTES = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    /** An id, where it is no part of a longer word. */
    private static final Pattern ID = Pattern.compile("(?<![0-9A-Za-z])[0-9A-Za-z]{" + LENGTH + "}(?![0-9A-Za-z])");

    /** 32 bytes in base64url, whose last letter has two bits to spare. */
    private static final Pattern PERSONAL_TOKEN = Pattern.compile(TOKEN + "[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]");

    private Ids() {}

    /** Tells if it may be a personal token that was made here. */
    public static boolean isToken(String text) {
        return PERSONAL_TOKEN.matcher(text).matches();
    }

    /** Tells if it may be an id that was made here. */
    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /** A text with other ids in the place of these. */
    static String replace(String text, Map<String, String> others) {
        return ID.matcher(text).replaceAll(id -> others.getOrDefault(id.group(), id.group()));
    }

    public static String random() {
        return RANDOM.ints(LENGTH, 0, LETTERS.length())
                .mapToObj(LETTERS::charAt)
                .map(String::valueOf)
                .collect(Collectors.joining());
    }

    /** A personal token. */
    public static String token() {
        return TOKEN + secret();
    }

    /** An id that nobody guesses, however often they try. */
    public static String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
