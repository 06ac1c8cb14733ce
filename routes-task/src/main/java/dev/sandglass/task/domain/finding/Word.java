package dev.sandglass.task.domain.finding;

import org.jspecify.annotations.Nullable;

/**
 * A word that is looked for in texts. A long one is found in time that goes with the length of the text (Knuth, Morris, Pratt:
 * <em>Fast Pattern Matching in Strings</em>, 1977): {@link String#contains} takes the product of both lengths where a text repeats
 * itself.
 */
final class Word {
    /** Characters up to which {@link String#contains} is faster, whatever the text is. */
    private static final int SHORT = 16;

    private final String text;
    /** For each character, the length of the longest beginning of the word that ends there and is not all of it. */
    private final int[] borders;

    /** @param text not empty, folded as the texts are */
    Word(String text) {
        this.text = text;
        borders = new int[text.length()];
        for (int i = 1; i < borders.length; i++) {
            borders[i] = next(borders[i - 1], text.charAt(i));
        }
    }

    boolean in(String whole) {
        if (text.length() <= SHORT) {
            return whole.contains(text);
        }
        int matched = 0;
        for (int i = 0; i < whole.length() && matched < text.length(); i++) {
            matched = next(matched, whole.charAt(i));
        }
        return matched == text.length();
    }

    /** @return how many characters of the word are matched with this one more, where {@code matched} were before, not all of them */
    private int next(int matched, char c) {
        int length = matched;
        while (length > 0 && text.charAt(length) != c) {
            length = borders[length - 1];
        }
        return text.charAt(length) == c ? length + 1 : length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Word word && word.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
