package dev.sandglass.task.domain.dav;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An answer.
 *
 * @param text null where there is nothing to say
 */
public record Reply(
        int status,
        SortedMap<String, String> headers,
        @Nullable String text) {
    private static final String XML = "application/xml; charset=utf-8";

    public static Reply of(int status) {
        return new Reply(status, new TreeMap<>(), null);
    }

    public static Reply xml(int status, String text) {
        return new Reply(status, new TreeMap<>(Map.of("Content-Type", XML)), text);
    }

    /** A resource as it is now. */
    public static Reply calendar(String tag, String text) {
        return new Reply(
                200,
                new TreeMap<>(Map.of("Content-Type", "text/calendar; charset=utf-8; component=VTODO", "ETag", tag)),
                text);
    }

    public Reply with(String header, String value) {
        SortedMap<String, String> more = new TreeMap<>(headers);
        more.put(header, value);
        return new Reply(status, more, text);
    }
}
