package dev.sandglass.task.routes.http;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code Content-Type}, read (RFC 9110 section 8.3.1).
 *
 * @param name in lower case, without parameters
 * @param utf8 whether each charset that is named is UTF-8, or none is
 */
record MediaType(String name, boolean utf8) {
    private static final Pattern PARAMETER =
            Pattern.compile(";\\s*(?:([!#$%&'*+.^_`|~\\w-]+)=(\"([^\"\\\\]*)\"|[^;\\s\"]*))?\\s*");

    static MediaType parse(String text) {
        String name = text.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return new MediaType(name, isUtf8(text));
    }

    /** Parameters that cannot be read may be meant for anything. */
    private static boolean isUtf8(String text) {
        int at = text.indexOf(';');
        Matcher parameter = PARAMETER.matcher(text);
        while (at >= 0 && at < text.length()) {
            if (!parameter.find(at) || parameter.start() != at) {
                return false;
            }
            String value = parameter.group(3) == null ? parameter.group(2) : parameter.group(3);
            if ("charset".equalsIgnoreCase(parameter.group(1)) && !"utf-8".equalsIgnoreCase(value)) {
                return false;
            }
            at = parameter.end();
        }
        return true;
    }
}
