package dev.sandglass.task.domain.dav;

import java.util.regex.Pattern;

/** How far a client is with a list, as an address (RFC 6578): the number of the list's last change. */
final class SyncToken {
    static final String PREFIX = "urn:sandglass:seq:";
    private static final Pattern FORM = Pattern.compile(PREFIX + "(\\d{1,18})");

    private SyncToken() {}

    /** @return 0 where there is none yet; -1 for one that was not made here */
    static long read(String token) {
        if (token.isEmpty()) {
            return 0;
        }
        var form = FORM.matcher(token);
        return form.matches() ? Long.parseLong(form.group(1)) : -1;
    }
}
