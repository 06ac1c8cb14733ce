package dev.sandglass.task.domain.chat;

/**
 * A word, a number or a mark of a message.
 *
 * @param text in small letters, as the phrases of a language are written
 * @param from first code point in the message
 * @param to code point after the last
 * @param a first number: {@code INT}, {@code NTH}: itself; a day: year or day; a time: hour
 * @param b second number: the month, or {@code SLASHED}'s second; the minute
 * @param c third number: day of {@code DATE}; year of {@code DOTTED} and {@code SLASHED}, 0 where there is none; of
 *     {@code CLOCK} 1 where it can only mean 24 hours
 * @param capital whether it begins with a capital letter
 */
record Token(Kind kind, String text, int from, int to, int a, int b, int c, boolean capital) {
    enum Kind {
        WORD,
        /** 12 */
        INT,
        /** 12th */
        NTH,
        /** 2027-01-31 */
        DATE,
        /** 31.1. or 31.1.2027 */
        DOTTED,
        /** 5/6 or 5/6/2027 */
        SLASHED,
        /** 9:30 */
        CLOCK,
        /** 9:30pm */
        EXACT,
        /** 17.30 */
        DOT_CLOCK,
        /** #home */
        TAG,
        /** !high */
        PRIORITY,
        /** One of punctuation. */
        MARK,
        /** A text that phrases do not look into: a quotation, an address, a file name, a version, or any other. */
        WHOLE;

        /** As in a language's file. */
        String inFile() {
            return name().replace('_', '-');
        }
    }

    boolean is(Kind... kinds) {
        for (Kind it : kinds) {
            if (kind == it) {
                return true;
            }
        }
        return false;
    }
}
