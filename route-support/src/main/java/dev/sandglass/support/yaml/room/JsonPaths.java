package dev.sandglass.support.yaml.room;

import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * JSONPath that takes about as long as what it is asked of is large: without regular expressions, searches of all levels within each
 * other, lists of names or numbers (each takes all that comes behind it once more), and operators that compare all with all. Each
 * {@code @} of a filter is copied with all below it, so there are a few, and none at all levels.
 */
public final class JsonPaths {
    /** Each part of a part, written out: many times the text it is found in. */
    public static final String NO_TEXTS = "a JSONPath with .. gives no texts (writeAsString)";

    private static final int LONGEST = 1_000;
    private static final int SEARCHES = 1;
    private static final int MOST_OPERANDS = 20;
    private static final Pattern TOKENS = Pattern.compile("(?:'(?:[^'\\\\]|\\\\.)*+'"
            + "|\"(?:[^\"\\\\]|\\\\.)*+\""
            + "|[\\p{L}\\p{N}\\p{M}_@.\\[\\]():*?\\s+-]"
            + "|===?|!==?|<=?|>=?|&&|\\|\\||!)*+");

    private static final Pattern QUOTED = Pattern.compile("'(?:[^'\\\\]|\\\\.)*+'|\"(?:[^\"\\\\]|\\\\.)*+\"");
    private static final Pattern OPERATORS = Pattern.compile(
            "[\\s)\\]'](?:in|nin|subsetof|anyof|noneof|allof|contains|size|empty)(?![\\p{L}\\p{N}_-])",
            Pattern.CASE_INSENSITIVE);

    private JsonPaths() {}

    /** @return why a path cannot be used; null where it can */
    public static @Nullable String wrong(String path) {
        if (!path.startsWith("$") || path.length() > LONGEST) {
            return "a JSONPath begins with $ and has at most " + LONGEST + " characters";
        }
        Matcher tokens = TOKENS.matcher(path.substring(1));
        String unquoted = QUOTED.matcher(path).replaceAll("''");
        if (!tokens.matches() || OPERATORS.matcher(unquoted).find()) {
            return "no JSONPath that may be used here: it has names, ['name'], [1], [*], .., filters as in"
                    + " $.tags[?(@ == 'home')], no lists as [1,2], no operators in words, no regular expressions";
        }
        if (count(unquoted, '[') != count(unquoted, ']') || count(unquoted, '(') != count(unquoted, ')')) {
            return "no JSONPath: a bracket does not close";
        }
        if (path.split("\\.\\.", -1).length - 1 > SEARCHES) {
            return "a JSONPath may have .. once";
        }
        long operands = count(unquoted, '@');
        if (operands > MOST_OPERANDS || operands > 0 && path.contains("..")) {
            return "a JSONPath may have @ " + MOST_OPERANDS + " times, and not beside ..";
        }
        try {
            JsonPath.compile(path);
            return null;
        } catch (InvalidPathException | IllegalArgumentException e) {
            return "no JSONPath: " + e.getMessage();
        }
    }

    private static long count(String text, char wanted) {
        return text.chars().filter(c -> c == wanted).count();
    }
}
