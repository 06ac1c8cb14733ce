package dev.sandglass.support.yaml.room;

import java.util.Locale;
import java.util.regex.Pattern;

/** The names that routes give: a name that Camel means something by would tell its parts what to do. */
public final class Names {
    /** A number of at most 30,000: of turns, of milliseconds. */
    public static final String LIMITED = "[1-9][0-9]{0,3}|[12][0-9]{4}|30000|0";

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,99}");

    private Names() {}

    /**
     * @param of of what it is the name
     * @throws IllegalArgumentException with the reason, where it may not be given
     */
    public static void check(String of, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "the name of a " + of + " has letters, digits, '_' and '-' here: " + name);
        }
        if (name.toLowerCase(Locale.ROOT).startsWith("camel")) {
            throw new IllegalArgumentException(
                    "the " + of + " " + name + " may not be set: it would tell components what to do");
        }
    }
}
