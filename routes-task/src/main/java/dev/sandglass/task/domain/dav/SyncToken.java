package dev.sandglass.task.domain.dav;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How far a client is with a list, as an address (RFC 6578).
 *
 * @param list that it is of: another may have the same path later
 * @param seq the number of the list's last change
 */
public record SyncToken(String list, long seq) {
    private static final Pattern FORM = Pattern.compile("urn:sandglass:seq:([0-9A-Za-z]{1,64}):(\\d{1,18})");

    /** @return empty for one that was not made here, or by an earlier version */
    public static Optional<SyncToken> read(String token) {
        return Optional.of(FORM.matcher(token))
                .filter(form -> form.matches())
                .map(form -> new SyncToken(form.group(1), Long.parseLong(form.group(2))));
    }

    @Override
    public String toString() {
        return "urn:sandglass:seq:" + list + ":" + seq;
    }
}
