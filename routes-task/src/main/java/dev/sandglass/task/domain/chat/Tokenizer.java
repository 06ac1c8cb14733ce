package dev.sandglass.task.domain.chat;

import dev.sandglass.task.domain.chat.Token.Kind;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Takes a message apart. The text between two spaces is either understood from edge to edge, or it is taken as a whole:
 * so nothing looks into an address, a file name, a version or a ratio. Quotations are whole too.
 */
final class Tokenizer {
    /** No word of a language, no number with its ending is longer; normalizing costs more than once per letter. */
    private static final int LONGEST_WORD = 40;

    private static final int LONGEST_ENDING = 4;

    private static final String BEFORE = "([{<\"'“”„‘’‚«»‹›「『（¿¡";
    private static final String AFTER = ",;:.!?…)]}>\"'“”‘’«»‹›」』）、。，！？；：";
    private static final String DASHES = "-–—−";
    /** The marks that may close each mark of quotation. */
    private static final Map<Integer, String> QUOTES = Map.ofEntries(
            Map.entry((int) '"', "\""),
            Map.entry((int) '＂', "＂"),
            Map.entry((int) '\'', "'"),
            Map.entry((int) '`', "`"),
            Map.entry((int) '“', "”“"),
            Map.entry((int) '”', "”"),
            Map.entry((int) '„', "“”"),
            Map.entry((int) '‘', "’"),
            Map.entry((int) '‚', "‘’"),
            Map.entry((int) '«', "»"),
            Map.entry((int) '»', "«»"),
            Map.entry((int) '‹', "›"),
            Map.entry((int) '›', "‹›"),
            Map.entry((int) '「', "」"),
            Map.entry((int) '『', "』"),
            Map.entry((int) '<', ">"),
            Map.entry((int) '{', "}"),
            Map.entry((int) '[', "]"));
    /** Marks that stand alone or within words too: without a closing one they begin no quotation. */
    private static final String PERHAPS = "'‘’‚›»<{[";

    private final int[] text;
    private final Language language;
    private final List<Token> tokens = new ArrayList<>();

    private Tokenizer(int[] text, Language language) {
        this.text = text;
        this.language = language;
    }

    static List<Token> of(int[] text, Language language) {
        var tokens = new Tokenizer(text, language);
        tokens.read();
        return List.copyOf(tokens.tokens);
    }

    static boolean isSpace(int it) {
        return Character.isWhitespace(it)
                || Character.isSpaceChar(it)
                || Character.getType(it) == Character.CONTROL
                || Character.getType(it) == Character.SURROGATE;
    }

    private void read() {
        for (int at = 0; at < text.length; ) {
            if (isSpace(text[at])) {
                at++;
                continue;
            }
            int end = at;
            while (end < text.length && !isSpace(text[end])) {
                end++;
            }
            at = chunk(at, end);
        }
    }

    /** @return where to go on: a quotation may reach beyond the next space */
    private int chunk(int start, int end) {
        int from = start;
        while (from < end) {
            int quote = quotation(from);
            if (quote > 0) {
                add(Kind.WHOLE, from, quote);
                int rest = quote;
                while (rest < text.length && !isSpace(text[rest])) {
                    rest++;
                }
                marks(quote, rest);
                return rest;
            }
            if (!isMark(from, BEFORE)) {
                break;
            }
            add(Kind.MARK, from, from + 1);
            from++;
        }
        // The longest part that is a word or a number; the rest are marks.
        for (int to = end; to > from; to--) {
            if (core(from, to)) {
                marks(to, end);
                return end;
            }
            if (!isMark(to - 1, AFTER)) {
                break;
            }
        }
        int to = end;
        while (to > from && isMark(to - 1, AFTER)) {
            to--;
        }
        if (to > from) {
            whole(from, to);
        }
        marks(to, end);
        return end;
    }

    private void marks(int from, int to) {
        for (int at = from; at < to; at++) {
            if (isMark(at, AFTER)) {
                add(Kind.MARK, at, at + 1);
            } else {
                add(Kind.WHOLE, at, to);
                return;
            }
        }
    }

    /** A mark with a mark on top is something else. */
    private boolean isMark(int at, String which) {
        return which.indexOf(text[at]) >= 0 && (at + 1 == text.length || !joins(text[at + 1]));
    }

    private static boolean joins(int it) {
        return switch (Character.getType(it)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
            default -> it == 0x200d;
        };
    }

    /** @return the end of the quotation that begins here, 0 for none */
    private int quotation(int at) {
        var closers = QUOTES.get(text[at]);
        if (closers == null || at + 1 == text.length || isSpace(text[at + 1])) {
            return 0;
        }
        for (int end = at + 1; end < text.length; end++) {
            if (closers.indexOf(text[end]) >= 0
                    && !isSpace(text[end - 1])
                    && (end + 1 == text.length || !Character.isLetterOrDigit(text[end + 1]))
                    && end > at + 1) {
                return end + 1;
            }
        }
        return PERHAPS.indexOf(text[at]) >= 0 ? 0 : text.length;
    }

    /** Reads all between two places as one or more tokens, or nothing. */
    private boolean core(int from, int to) {
        if (text[from] == '#') {
            return tags(from, to);
        }
        if (to - from > LONGEST_WORD) {
            return false;
        }
        var word = word(from, to);
        if (number(from, to)) {
            return true;
        }
        if (language.knows(word)) {
            add(Kind.WORD, word, from, to, 0, 0, 0);
            return true;
        }
        return switch (text[from]) {
            case '!' -> priority(word, from, to);
            case '@' -> at(from, to);
            default -> list(from, to);
        };
    }

    private String word(int from, int to) {
        var word = new String(text, from, to - from).toLowerCase(Locale.ROOT).replace('’', '\'');
        return Normalizer.isNormalized(word, Normalizer.Form.NFC)
                ? word
                : Normalizer.normalize(word, Normalizer.Form.NFC);
    }

    /** A word of no language, or something else that is whole. */
    private void whole(int from, int to) {
        boolean word = Character.isLetter(text[from]);
        for (int at = from; at < to && word; at++) {
            word = Character.isLetter(text[at])
                    || joins(text[at])
                    || "'’".indexOf(text[at]) >= 0
                    || DASHES.indexOf(text[at]) >= 0;
        }
        add(word && to - from <= LONGEST_WORD ? Kind.WORD : Kind.WHOLE, from, to);
    }

    private boolean priority(String word, int from, int to) {
        if (language.value("priority", word.substring(1)) == null) {
            return false;
        }
        add(Kind.PRIORITY, word.substring(1), from, to, 0, 0, 0);
        return true;
    }

    /** "@5pm" is at five, "@anna" is Anna. */
    private boolean at(int from, int to) {
        int before = tokens.size();
        add(Kind.WORD, from, from + 1);
        if (to - from > 1 && Character.isDigit(text[from + 1]) && number(from + 1, to)) {
            return true;
        }
        tokens.subList(before, tokens.size()).clear();
        return false;
    }

    /** {@code #home}, or several in a row. */
    private boolean tags(int from, int to) {
        int before = tokens.size();
        for (int at = from; at < to; ) {
            int end = at + 1;
            while (end < to && text[end] != '#') {
                end++;
            }
            if (text[at] != '#' || !isTag(at + 1, end)) {
                tokens.subList(before, tokens.size()).clear();
                return false;
            }
            add(Kind.TAG, at, end);
            at = end;
        }
        return true;
    }

    /** Tells if it is a tag: no marks that separate, and a letter or a picture, so that #12 stays a number. */
    private boolean isTag(int from, int to) {
        if (to == from || joins(text[from]) || text[from] == 0xfe0f || isColour(from, to)) {
            return false;
        }
        boolean named = false;
        for (int at = from; at < to; at++) {
            int it = text[at];
            int type = Character.getType(it);
            if (",;:\"“”„«»()[]{}<>|\\`?!=".indexOf(it) >= 0) {
                return false;
            }
            named |= Character.isLetter(it) || type == Character.OTHER_SYMBOL;
        }
        return named && "./-–".indexOf(text[to - 1]) < 0;
    }

    /** {@code #ff8800}, {@code #fff} */
    private boolean isColour(int from, int to) {
        if (to - from != 3 && to - from != 6) {
            return false;
        }
        boolean digit = false;
        boolean same = true;
        for (int at = from; at < to; at++) {
            if (text[at] > 'f' || Character.digit(text[at], 16) < 0) {
                return false;
            }
            digit |= Character.isDigit(text[at]);
            same &= text[at] == text[from];
        }
        return digit || same;
    }

    /** Several words of the language in one: "mon/wed/fri", "1st,15th", "mon-fri". */
    private boolean list(int from, int to) {
        int before = tokens.size();
        int at = from;
        while (at <= to) {
            int end = at;
            while (end < to && ",/&+–-".indexOf(text[end]) < 0) {
                end++;
            }
            boolean first = at == from;
            if (end == at || (first && end == to) || !item(at, end)) {
                tokens.subList(before, tokens.size()).clear();
                return false;
            }
            if (end < to) {
                add(Kind.MARK, end, end + 1);
            }
            at = end + 1;
        }
        return true;
    }

    private boolean item(int from, int to) {
        var word = word(from, to);
        if (language.value("any-weekday", word) != null) {
            add(Kind.WORD, word, from, to, 0, 0, 0);
            return true;
        }
        int before = tokens.size();
        return number(from, to)
                && tokens.size() == before + 1
                && tokens.get(before).is(Kind.NTH);
    }

    /** Reads a token that begins with a digit, if all of it is known. */
    private boolean number(int from, int to) {
        if (!isDigit(text[from])) {
            return false;
        }
        int word = numberEnding(from, to);
        if (word < to) {
            int middle = DASHES.indexOf(text[word - 1]) < 0 ? word : word - 1;
            return middle > from && number(from, middle) && add(Kind.WORD, word, to, 0, 0, 0);
        }
        int ending = from;
        while (ending < to && !isLatin(text[ending])) {
            ending++;
        }
        if (ending < to && language.value("meridiem", word(ending, to)) instanceof Integer half) {
            return exact(from, ending, half, to);
        }
        var digits = new ArrayList<Integer>();
        var lengths = new ArrayList<Integer>();
        var shape = shape(from, to, digits, lengths);
        return switch (shape) {
            case "4", "3", "2", "1" -> add(Kind.INT, from, to, digits.get(0), lengths.get(0), 0);
            case "1a", "2a", "3a" -> ending(digits, from, ending, to);
            case "1:2", "2:2", "1:2:2", "2:2:2" -> clock(digits, lengths.get(0), from, to);
            case "1.2", "2.2" -> dotClock(digits, from, to);
            case "1.1.", "2.1.", "1.2.", "2.2." -> day(Kind.DOTTED, digits, 0, from, to);
            case "1.1.4", "2.1.4", "1.2.4", "2.2.4" -> day(Kind.DOTTED, digits, digits.get(2), from, to);
            case "1.1.2", "2.1.2", "1.2.2", "2.2.2" ->
                isDay(Kind.DOTTED, digits) && day(Kind.DOTTED, digits, 2000 + digits.get(2), from, to);
            case "1/1", "2/1", "1/2", "2/2" -> day(Kind.SLASHED, digits, 0, from, to);
            case "1/1/2", "2/1/2", "1/2/2", "2/2/2" -> day(Kind.SLASHED, digits, 2000 + digits.get(2), from, to);
            case "1/1/4", "2/1/4", "1/2/4", "2/2/4", "2-2-4" -> day(Kind.SLASHED, digits, digits.get(2), from, to);
            case "4-2-2", "4/2/2" -> iso(digits, from, to);
            case "4-2-2a2:2", "4-2-2a2:2:2" -> isoTime(digits, from, ending, to);
            default -> false;
        };
    }

    /** @return where the word begins that is joined to a number, {@code 8ish}, {@code 20Uhr}; {@code to}: there is none */
    private int numberEnding(int from, int to) {
        for (int at = Math.max(from + 1, to - LONGEST_ENDING); at < to; at++) {
            // 1H is something else.
            boolean letter = at == to - 1 && Character.isUpperCase(text[at]);
            if (isLatin(text[at]) && !letter && language.value("number-ending", word(at, to)) != null) {
                return at;
            }
        }
        return to;
    }

    /** How many digits stand together, {@code a} for letters, and what is between: {@code 4-2-2}; empty: something else. */
    private String shape(int from, int to, List<Integer> digits, List<Integer> lengths) {
        var shape = new StringBuilder();
        for (int at = from; at < to; ) {
            int end = at;
            int value = 0;
            while (end < to && isDigit(text[end]) && end - at < 5) {
                value = value * 10 + text[end++] - '0';
            }
            if (end > at) {
                digits.add(value);
                lengths.add(end - at);
                shape.append(end - at);
            } else if (isLatin(text[at])) {
                while (end < to && isLatin(text[end])) {
                    end++;
                }
                shape.append('a');
            } else if (":./-".indexOf(text[at]) >= 0) {
                shape.appendCodePoint(text[end++]);
            } else {
                return "";
            }
            at = end;
        }
        return shape.toString();
    }

    private static boolean isDigit(int it) {
        return it >= '0' && it <= '9';
    }

    private static boolean isLatin(int it) {
        return (it >= 'a' && it <= 'z') || (it >= 'A' && it <= 'Z');
    }

    /** {@code 5th}, {@code 5min} */
    private boolean ending(List<Integer> digits, int from, int middle, int to) {
        var ending = word(middle, to);
        if (language.value("nth-ending", ending) != null) {
            return add(Kind.NTH, from, to, digits.get(0), 0, 0);
        }
        // 3D and 5G are no lengths of time.
        if (language.value("lead-unit", ending) == null || Character.isUpperCase(text[middle])) {
            return false;
        }
        add(Kind.INT, from, middle, digits.get(0), middle - from, 0);
        add(Kind.WORD, middle, to);
        return true;
    }

    private boolean exact(int from, int middle, int half, int to) {
        var digits = new ArrayList<Integer>();
        var shape = shape(from, middle, digits, new ArrayList<>());
        return List.of("1", "2", "1:2", "2:2", "1.2", "2.2").contains(shape)
                && exact(digits.get(0), digits.size() > 1 ? digits.get(1) : 0, half, from, to);
    }

    private boolean exact(int hour, int minute, int half, int from, int to) {
        return hour >= 1 && hour <= 12 && minute <= 59 && add(Kind.EXACT, from, to, hour % 12 + half, minute, 1);
    }

    private boolean clock(List<Integer> digits, int length, int from, int to) {
        int hour = digits.get(0);
        boolean only24 = hour == 0 || hour > 12 || (length == 2 && hour < 10);
        return hour <= 23
                && digits.get(1) <= 59
                && (digits.size() == 2 || digits.get(2) == 0)
                && add(Kind.CLOCK, from, to, hour, digits.get(1), only24 ? 1 : 0);
    }

    private boolean dotClock(List<Integer> digits, int from, int to) {
        return digits.get(0) <= 23
                && digits.get(1) <= 59
                && add(Kind.DOT_CLOCK, from, to, digits.get(0), digits.get(1), 0);
    }

    /** With a year it is taken as a day even if no such day exists; without a year it may be any two numbers. */
    private boolean day(Kind kind, List<Integer> digits, int year, int from, int to) {
        return (year > 0 || isDay(kind, digits)) && add(kind, from, to, digits.get(0), digits.get(1), year);
    }

    private static boolean isDay(Kind kind, List<Integer> digits) {
        int a = digits.get(0);
        int b = digits.get(1);
        return a >= 1 && b >= 1 && a <= 31 && (kind == Kind.DOTTED ? b <= 12 : b <= 31 && (a <= 12 || b <= 12));
    }

    private boolean iso(List<Integer> digits, int from, int to) {
        return digits.get(0) > 0 && add(Kind.DATE, from, to, digits.get(0), digits.get(1), digits.get(2));
    }

    private boolean isoTime(List<Integer> digits, int from, int letter, int to) {
        var time = digits.subList(3, digits.size());
        if (text[letter] != 'T' || time.get(0) > 23 || time.get(1) > 59 || (time.size() == 3 && time.get(2) != 0)) {
            return false;
        }
        return iso(digits.subList(0, 3), from, letter + 1) && clock(time, 2, letter + 1, to);
    }

    private boolean add(Kind kind, int from, int to, int a, int b, int c) {
        add(kind, word(from, to), from, to, a, b, c);
        return true;
    }

    private void add(Kind kind, int from, int to) {
        add(kind, to - from > LONGEST_WORD ? "" : word(from, to), from, to, 0, 0, 0);
    }

    private void add(Kind kind, String word, int from, int to, int a, int b, int c) {
        // "5 pm" is one time, as "5pm" is.
        var half = kind == Kind.WORD && !tokens.isEmpty() ? language.value("meridiem", word) : null;
        if (half instanceof Integer hours) {
            var last = Objects.requireNonNull(tokens.get(tokens.size() - 1));
            boolean bare = last.is(Kind.INT) || (last.is(Kind.CLOCK, Kind.DOT_CLOCK) && last.c() == 0);
            if (bare && last.a() >= 1 && last.a() <= 12 && last.to() >= from - 1) {
                tokens.remove(tokens.size() - 1);
                exact(last.a(), last.is(Kind.INT) ? 0 : last.b(), hours, last.from(), to);
                return;
            }
        }
        tokens.add(new Token(kind, word, from, to, a, b, c, Character.isUpperCase(text[from])));
    }
}
