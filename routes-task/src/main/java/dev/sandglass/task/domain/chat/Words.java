package dev.sandglass.task.domain.chat;

import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The words of a sentence that are not understood yet. What is understood is taken out; what remains is the title. */
final class Words {
    /** Stands where something was taken out, so that words around it do not become neighbours. */
    private static final String GAP = "\u0000";

    private String text;

    Words(String text) {
        this.text = text;
    }

    /**
     * Takes out what a pattern finds, where {@code read} makes something of it.
     *
     * @param last whether to try the last place first, else the first
     * @return null where there is no such place
     */
    <T> @Nullable T take(Pattern pattern, boolean last, Function<MatchResult, @Nullable T> read) {
        var places = pattern.matcher(text).results().toList();
        for (int i = 0; i < places.size(); i++) {
            var place = places.get(last ? places.size() - 1 - i : i);
            var found = read.apply(place);
            if (found != null) {
                text = text.substring(0, place.start()) + " " + GAP + " " + text.substring(place.end());
                return found;
            }
        }
        return null;
    }

    /** Everything after a place is cut off and returned; null: there is no such place. */
    @Nullable
    Words tail(Pattern pattern) {
        var place = pattern.matcher(text);
        if (!place.find()) {
            return null;
        }
        var tail = new Words(text.substring(place.end()));
        text = text.substring(0, place.start());
        return tail;
    }

    void append(Words more) {
        text += " " + GAP + " " + more.text;
    }

    boolean has(Pattern pattern) {
        return pattern.matcher(text).find();
    }

    boolean isEmpty() {
        return rest().isEmpty();
    }

    /** What is left, with single spaces, and without the commas that held what was taken out. */
    String rest() {
        return text.replaceAll("[\\s,;:–-]*" + GAP + "(?=[\\s,;:.!]*(" + GAP + "|$))", " ")
                .replaceAll("^[\\s,;:]*(" + GAP + "[\\s,;:–-]*)+", "")
                .replace(GAP, " ")
                .replaceAll("\\s+([,;:.!?])(?=\\s|$)", "$1")
                .replaceAll("\\s+", " ")
                .replaceAll("^[,;:]+|[,;:]+$", "")
                .strip();
    }
}
