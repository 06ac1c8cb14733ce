package dev.sandglass.support.yaml.room;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The texts of one file. Camel gets {@code ${cell-….7}} in the place of each, so that none of its parsers (endpoint URIs, placeholders,
 * RAW, resource:, scripts) ever reads what an integrator wrote; the languages of {@link Room} put it back. A plain word means the same
 * to every parser, and stays as it is.
 */
public final class Cells {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final SecureRandom RANDOM = new SecureRandom();
    /** A text has settings in it, and is in what Camel says. */
    private static final int DEEPEST = 5;
    /** Characters; a file has no more. */
    private static final int LONGEST = 300_000;

    /** Nobody who writes a file knows it: another file that has seen it has another one. */
    private final String name = "cell-" + HexFormat.of().toHexDigits(RANDOM.nextLong());

    private final Pattern reference = Pattern.compile("\\$\\{" + name + "\\.([0-9]{1,6})}");
    private final List<Cell> cells = new ArrayList<>();

    /** The way a text is read. */
    public enum Kind {
        /** Nothing but text. */
        TEXT,
        /** Text, but for each {@code ${…}} in it: that is simple. */
        FILLED_IN,
        /** Simple, as Camel reads it. */
        SIMPLE
    }

    record Cell(Kind kind, String says) {}

    /** @return what Camel gets in the place of a text */
    public String put(Kind kind, String says) {
        if (kind != Kind.SIMPLE && PLAIN.matcher(says).matches()) {
            return says;
        }
        cells.add(new Cell(kind, says));
        return reference(cells.size() - 1);
    }

    private String reference(int number) {
        return "${" + name + "." + number + "}";
    }

    /** The cell that a text refers to with all it says; null where it is something else. */
    @Nullable
    Cell at(String text) {
        Matcher whole = reference.matcher(text);
        return whole.matches() ? cell(whole) : null;
    }

    /** With the texts of the cells in the places of what refers to them, to a depth and a length: a text can refer to more than it is. */
    public String shown(String text) {
        StringBuilder shown = new StringBuilder();
        show(text, 0, LONGEST, shown);
        return shown.toString();
    }

    /** @return how many of the characters that cells may still have are left */
    private int show(String text, int depth, int most, StringBuilder shown) {
        Matcher references = reference.matcher(text);
        int left = most;
        int done = 0;
        while (references.find()) {
            shown.append(text, done, references.start());
            done = references.end();
            Cell cell = cell(references);
            if (cell == null || depth == DEEPEST || cell.says.length() > left) {
                shown.append(references.group());
            } else {
                left = show(cell.says, depth + 1, left - cell.says.length(), shown);
            }
        }
        shown.append(text, done, text.length());
        return left;
    }

    private @Nullable Cell cell(Matcher reference) {
        int number = Integer.parseInt(reference.group(1));
        return number < cells.size() ? cells.get(number) : null;
    }
}
