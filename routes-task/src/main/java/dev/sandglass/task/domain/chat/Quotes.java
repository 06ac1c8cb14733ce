package dev.sandglass.task.domain.chat;

import java.util.List;

/** Marks of quotation, between which nothing is understood. */
final class Quotes {
    private static final List<String> PAIRS = List.of("\"\"", "“”", "«»", "「」", "『』", "``");

    private Quotes() {}

    /** A text that is a quotation as a whole, whatever is in it. */
    static String around(String text) {
        var pair = PAIRS.stream()
                .filter(it -> it.chars().noneMatch(mark -> text.indexOf(mark) >= 0))
                .findFirst()
                .orElse(PAIRS.get(0));
        return pair.charAt(0) + text + pair.charAt(1);
    }

    /** The same without, if all of it is one quotation. */
    static String without(String text) {
        boolean quoted = text.length() > 2
                && PAIRS.stream()
                        .anyMatch(it ->
                                text.charAt(0) == it.charAt(0) && text.indexOf(it.charAt(1), 1) == text.length() - 1);
        return quoted ? text.substring(1, text.length() - 1).strip() : text;
    }
}
