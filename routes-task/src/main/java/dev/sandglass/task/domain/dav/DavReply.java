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
public record DavReply(
        int status,
        SortedMap<String, String> headers,
        @Nullable String text) {
    private static final String XML = "application/xml; charset=utf-8";

    public static DavReply of(int status) {
        return new DavReply(status, new TreeMap<>(), null);
    }

    public static DavReply xml(int status, String text) {
        return new DavReply(status, new TreeMap<>(Map.of("Content-Type", XML)), text);
    }

    /** A resource as it is now. */
    public static DavReply calendar(String tag, String text) {
        return new DavReply(
                200,
                new TreeMap<>(Map.of("Content-Type", "text/calendar; charset=utf-8; component=VTODO", "ETag", tag)),
                text);
    }

    public DavReply with(String header, String value) {
        SortedMap<String, String> more = new TreeMap<>(headers);
        more.put(header, value);
        return new DavReply(status, more, text);
    }
}
