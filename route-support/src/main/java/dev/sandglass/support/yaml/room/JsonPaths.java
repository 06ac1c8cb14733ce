package dev.sandglass.support.yaml.room;

import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** JSONPath without what can take for ever: regular expressions, and searches of all levels within each other. */
public final class JsonPaths {
    private static final int LONGEST = 1_000;
    private static final int SEARCHES = 1;
    private static final Pattern TOKENS = Pattern.compile("(?:'(?:[^'\\\\]|\\\\.)*+'"
            + "|\"(?:[^\"\\\\]|\\\\.)*+\""
            + "|[\\p{L}\\p{N}\\p{M}_$@.\\[\\](),:*?\\s+-]"
            + "|===?|!==?|<=?|>=?|&&|\\|\\||!)*+");

    private JsonPaths() {}

    /** @return why a path cannot be used; null where it can */
    public static @Nullable String wrong(String path) {
        if (!path.startsWith("$") || path.length() > LONGEST) {
            return "a JSONPath begins with $ and has at most " + LONGEST + " characters";
        }
        Matcher tokens = TOKENS.matcher(path);
        if (!tokens.matches()) {
            return "no JSONPath that may be used here: it has names, ['names'], [1], [*], .., filters as in"
                    + " $.tags[?(@ == 'home')], and no regular expressions";
        }
        if (path.split("\\.\\.", -1).length - 1 > SEARCHES) {
            return "a JSONPath may have .. once";
        }
        try {
            JsonPath.compile(path);
            return null;
        } catch (InvalidPathException | IllegalArgumentException e) {
            return "no JSONPath: " + e.getMessage();
        }
    }
}
