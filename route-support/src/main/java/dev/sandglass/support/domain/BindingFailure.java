package dev.sandglass.support.domain;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why a post by Dapr's HTTP binding was not taken.
 *
 * @param reason in a sentence for a user
 * @param last true where the server would say so again
 */
public record BindingFailure(String reason, boolean last) {
    /** The words of Dapr's HTTP binding. */
    private static final Pattern STATUS = Pattern.compile("received status code (\\d{3})");

    /** Answers that say: not now. */
    private static final List<String> LATER = List.of("408", "425", "429");

    /** True where there is no such binding, as Dapr tells it. */
    public static boolean isOfNone(@Nullable Object error) {
        return String.valueOf(error).contains("find output binding");
    }

    /** @param error of the binding, as Dapr tells it; null where there was no answer in time */
    public static BindingFailure of(@Nullable String error) {
        String text = String.valueOf(error);
        Matcher status = STATUS.matcher(text);
        if (status.find()) {
            String code = status.group(1);
            return new BindingFailure("the server answered " + code, code.startsWith("4") && !LATER.contains(code));
        }
        return new BindingFailure(
                isOfNone(text) ? "the operator has not set up this channel" : "the server could not be reached", false);
    }
}
