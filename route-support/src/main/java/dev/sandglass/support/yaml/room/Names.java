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
        if (camels(name)) {
            throw new IllegalArgumentException(
                    "the " + of + " " + name + " may not be set: it would tell components what to do");
        }
    }

    /**
     * @param property of the exchange
     * @return it; @throws IllegalArgumentException where it may not be read: in Camel's own stands where a message came from and went to
     */
    static String readable(String property) {
        if (camels(property)) {
            throw new IllegalArgumentException(
                    "the exchange property " + property + " may not be read: it is Camel's own");
        }
        return property;
    }

    private static boolean camels(String name) {
        return name.toLowerCase(Locale.ROOT).startsWith("camel");
    }
}
