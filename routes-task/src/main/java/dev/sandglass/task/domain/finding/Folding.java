package dev.sandglass.task.domain.finding;

import java.text.Normalizer;

/** Text for comparing: without case and without marks on letters. */
public final class Folding {
    private static final char UNKNOWN = 0;
    /**
     * The folded form of the single characters met so far: a long text is folded at each search. A text's NFKD is that of its letters, but
     * for the order of marks, which are left out.
     */
    private static final char[] ONE = new char[Character.MAX_VALUE + 1];

    private Folding() {}

    /**
     * NFKD without combining marks (general category M), in lower case, with the letters that Unicode does not decompose
     * taken apart: ł ø đ ß æ œ ı as l o d ss ae oe i.
     */
    public static String fold(String text) {
        if (isPlain(text)) {
            return text;
        }
        var folded = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char known = ONE[c];
            if (known != UNKNOWN) {
                folded.append(known);
            } else if (Character.isHighSurrogate(c) && i + 1 < text.length()) {
                append(folded, text.codePointAt(i));
                i += Character.isSurrogatePair(c, text.charAt(i + 1)) ? 1 : 0;
            } else {
                int from = folded.length();
                append(folded, c);
                if (folded.length() == from + 1) {
                    ONE[c] = folded.charAt(from);
                }
            }
        }
        return folded.toString();
    }

    /** Most text needs no folding and so no copy. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && (c <= 'Z' || c >= 0x7f)) {
                return false;
            }
        }
        return true;
    }

    private static void append(StringBuilder folded, int letter) {
        Normalizer.normalize(Character.toString(letter), Normalizer.Form.NFKD)
                .codePoints()
                .forEach(part -> appendPart(folded, part));
    }

    private static void appendPart(StringBuilder folded, int letter) {
        switch (Character.getType(letter)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> {}
            default -> {
                // By way of upper case: so the two small sigmas of Greek are the same.
                int small = Character.toLowerCase(Character.toUpperCase(letter));
                switch (small) {
                    case 'ł' -> folded.append('l');
                    case 'ø' -> folded.append('o');
                    case 'đ' -> folded.append('d');
                    case 'ß' -> folded.append("ss");
                    case 'æ' -> folded.append("ae");
                    case 'œ' -> folded.append("oe");
                    case 'ı' -> folded.append('i');
                    default -> folded.appendCodePoint(small);
                }
            }
        }
    }
}
