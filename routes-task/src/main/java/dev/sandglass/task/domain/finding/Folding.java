package dev.sandglass.task.domain.finding;

import java.text.Normalizer;

/** Text for comparing: without case and without marks on letters. */
public final class Folding {
    private Folding() {}

    /**
     * NFKD without combining marks (general category M), in lower case, with the letters that Unicode does not decompose
     * taken apart: ł ø đ ß æ œ ı as l o d ss ae oe i.
     */
    public static String fold(String text) {
        if (isPlain(text)) {
            return text;
        }
        String decomposed = Normalizer.isNormalized(text, Normalizer.Form.NFKD)
                ? text
                : Normalizer.normalize(text, Normalizer.Form.NFKD);
        var folded = new StringBuilder(decomposed.length() + 8);
        decomposed.codePoints().forEach(letter -> append(folded, letter));
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
