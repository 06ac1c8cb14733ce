package dev.sandglass.support.domain;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes what somebody else wrote a part of one line of a log: nothing in it looks like another line, and it has an end. */
public final class OneLine {
    /** Characters. */
    private static final int LONGEST = 2_000;

    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+");

    private OneLine() {}

    public static String of(@Nullable String text) {
        String whole = String.valueOf(text);
        String some = whole.length() > LONGEST ? whole.substring(0, LONGEST) + "…" : whole;
        return UNSEEN.matcher(some).replaceAll(" ");
    }
}
