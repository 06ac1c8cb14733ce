package dev.sandglass.support.yaml;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the service in a text, <code>{{hook.x}}</code>: the value takes its place, as text. A default, <code>{{hook.x:y}}</code>,
 * is as if it were written there.
 */
final class Settings {
    /** Names of settings that routes may use. */
    static final String PREFIX = "hook.";

    private static final int MOST = 200;
    private static final Pattern BRACES = Pattern.compile("\\{\\{(.*?)}}", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("hook\\.[a-z0-9.-]{1,100}");
    private static final Pattern PLAIN = Pattern.compile("[^{}$]*");
    /** Braces that look like a setting, or a function of Camel's, also where other braces are text. */
    private static final Pattern MEANT =
            Pattern.compile("[?!]*\\s*(?:[A-Za-z][\\w-]*(?:\\.[\\w-]+)+|[A-Za-z][\\w-]*:).*", Pattern.DOTALL);

    private final Function<String, @Nullable String> values;

    Settings(Function<String, @Nullable String> values) {
        this.values = values;
    }

    /**
     * Puts the values in.
     *
     * @param as what a value becomes, by itself and by the text around it
     * @param strict whether braces with something else are wrong, rather than text
     * @throws IllegalArgumentException with the reason, where there is no such setting
     */
    String in(String text, boolean strict, As as) {
        if (text.split("\\{\\{", -1).length > MOST) {
            throw new IllegalArgumentException("{{ is there more than " + MOST + " times in one text");
        }
        StringBuilder made = new StringBuilder();
        Matcher braces = BRACES.matcher(text);
        int done = 0;
        while (braces.find(done)) {
            made.append(text, done, braces.start());
            String inside = braces.group(1);
            int colon = inside.indexOf(':');
            String name = (colon < 0 ? inside : inside.substring(0, colon)).strip();
            String fallback = colon < 0 ? null : inside.substring(colon + 1);
            if (NAME.matcher(name).matches()) {
                made.append(value(name, fallback, value -> as.text(value, text, braces.start(), braces.end())));
            } else if (strict || MEANT.matcher(inside).matches()) {
                throw new IllegalArgumentException(
                        braces.group() + ": only settings named " + PREFIX + "… may be used here");
            } else {
                // Another pair of braces may begin within.
                made.append("{");
                done = braces.start() + 1;
                continue;
            }
            done = braces.end();
        }
        return made.append(text.substring(done)).toString();
    }

    private String value(String name, @Nullable String fallback, Function<String, String> as) {
        if (fallback != null && !PLAIN.matcher(fallback).matches()) {
            throw new IllegalArgumentException("the default of " + name + " is a text without { } and $");
        }
        String value = values.apply(name);
        if (value != null) {
            return as.apply(value);
        }
        if (fallback == null) {
            throw new IllegalArgumentException("the setting " + name + " is missing");
        }
        return fallback;
    }

    /** Turns the value of a setting into text. */
    @FunctionalInterface
    interface As {
        /** @param from where in the text its braces begin, @param to behind them */
        String text(String value, String text, int from, int to);
    }
}
