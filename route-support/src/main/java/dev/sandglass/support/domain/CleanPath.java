package dev.sandglass.support.domain;

import java.net.URI;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Paths of URLs that Dapr leaves as they are. Its Service Invocation takes one for a part of its own path, and cleans that. */
public final class CleanPath {
    /** Parts that do not stand for themselves. */
    private static final Pattern NOT_CLEAN = Pattern.compile("[/\\\\]\\.{0,2}[/\\\\]|[/\\\\]\\.{1,2}$|\\p{Cntrl}");

    private CleanPath() {}

    /** False where a part of the path, as it is written or with percent signs, would be resolved by somebody on the way. */
    static boolean is(URI url) {
        return Stream.of(url.getRawPath(), url.getPath())
                .filter(Objects::nonNull)
                .noneMatch(path -> NOT_CLEAN.matcher(path).find());
    }

    /** @throws IllegalArgumentException where Service Invocation would post to another URL than this one */
    public static void check(URI url) {
        if (!is(url)) {
            throw new IllegalArgumentException(
                    "no . or .. and no empty part in the path of an address, and no control character: " + url);
        }
        if (url.getRawPath() != null
                && url.getRawPath().length() > 1
                && url.getRawPath().endsWith("/")) {
            throw new IllegalArgumentException("Dapr leaves out the / at the end of a path: " + url);
        }
    }
}
