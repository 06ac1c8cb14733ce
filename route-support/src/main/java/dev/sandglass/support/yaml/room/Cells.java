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
    /** Nobody who writes a file knows it. */
    private static final String NAME = "cell-" + HexFormat.of().toHexDigits(new SecureRandom().nextLong());

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{" + NAME + "\\.([0-9]{1,6})}");

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

    private static String reference(int number) {
        return "${" + NAME + "." + number + "}";
    }

    /** The cell that a text refers to with all it says; null where it is something else. */
    @Nullable
    Cell at(String text) {
        Matcher whole = REFERENCE.matcher(text);
        return whole.matches() ? cell(whole) : null;
    }

    /** With the texts of the cells in the places of what refers to them. */
    public String shown(String text) {
        Matcher references = REFERENCE.matcher(text);
        return references.replaceAll(found -> {
            Cell cell = cell(references);
            return Matcher.quoteReplacement(cell == null ? found.group() : shown(cell.says));
        });
    }

    private @Nullable Cell cell(Matcher reference) {
        int number = Integer.parseInt(reference.group(1));
        return number < cells.size() ? cells.get(number) : null;
    }
}
