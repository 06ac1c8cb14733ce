package dev.sandglass.task.domain;

/** Characters that leave no mark on paper. */
public final class Invisible {
    private Invisible() {}

    /**
     * The text itself.
     *
     * @throws IllegalArgumentException with a sentence for a person, where nobody can see anything of it: it has nothing but control and
     *     format characters, spaces of any script, what Unicode calls Default_Ignorable_Code_Point, and the few letters and symbols that
     *     are drawn as nothing
     */
    public static String refuse(String text) {
        if (text.codePoints().allMatch(Invisible::is)) {
            throw new IllegalArgumentException("must have a character that can be seen");
        }
        return text;
    }

    private static boolean is(int letter) {
        return switch (Character.getType(letter)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> isDrawnAsNothing(letter);
        };
    }

    private static boolean isDrawnAsNothing(int letter) {
        return letter == 0x034F // combining grapheme joiner
                || letter == 0x115F // Hangul fillers
                || letter == 0x1160
                || letter == 0x3164
                || letter == 0xFFA0
                || letter == 0x17B4 // inherent vowels of Khmer
                || letter == 0x17B5
                || letter >= 0x180B && letter <= 0x180F // Mongolian variation selectors
                || letter == 0x2800 // Braille without a dot
                || letter >= 0x2060 && letter <= 0x206F
                || letter >= 0xFE00 && letter <= 0xFE0F // variation selectors
                || letter >= 0xFFF0 && letter <= 0xFFF8
                || letter == 0x16FE4 // Khitan filler
                || letter == 0x1D159 // a note without a head
                || letter >= 0xE0000 && letter <= 0xE0FFF; // tags and variation selectors
    }
}
