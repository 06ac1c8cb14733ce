package dev.sandglass.task.domain.chat;

import dev.sandglass.task.domain.chat.Language.Expression;
import dev.sandglass.task.domain.chat.Language.Node;
import dev.sandglass.task.domain.chat.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds a language's phrases in the tokens of one message. What a name matches at a place is worked out once (a packrat
 * parser that keeps every length), so the work grows with the message and not with the ways to read it.
 */
final class Parse {
    /**
     * A phrase that was found.
     *
     * @param end token after its last
     */
    record Match(int end, Object meaning) {}

    /** The captures of a phrase, the last first. */
    private record Captured(
            String name,
            Object value,
            int from,
            int to,
            @Nullable Captured before) {}

    private interface Then {
        void at(int place, @Nullable Captured captured);
    }

    /** The value of {@code <all>}, the whole phrase, for texts. */
    private static final Object ALL = new Object();

    /** A message of 2,000 characters takes 120,000 at most, where it is none that was made to take more. */
    private static final int MOST_STEPS = 400_000;

    private final Language language;
    private final List<Token> tokens;
    private final boolean[] closed;
    private final Meanings meanings;
    private final int[] text;
    private final List<Match>[] found;
    /** "second last &" twelve times over can be read in more ways than there is time for: what is not found by then is no phrase. */
    private int steps = MOST_STEPS;

    /**
     * @param closed tokens that no phrase may take
     * @param text the message, of which texts in meanings are cut
     */
    @SuppressWarnings("unchecked")
    Parse(Language language, List<Token> tokens, boolean[] closed, int[] text, Meanings meanings) {
        this.language = language;
        this.tokens = tokens;
        this.closed = closed;
        this.text = text;
        this.meanings = meanings;
        this.found = new List[language.size() * (tokens.size() + 1)];
    }

    /** The longest phrase of a name at a place; null: there is none. */
    @Nullable
    Match longest(int name, int place) {
        Match longest = null;
        for (var match : all(name, place)) {
            if (longest == null || match.end > longest.end) {
                longest = match;
            }
        }
        return longest;
    }

    /** The phrases, one of each length: the first in the file. */
    private List<Match> all(int name, int place) {
        int slot = name * (tokens.size() + 1) + place;
        var known = found[slot];
        if (known != null) {
            return known;
        }
        var matches = new ArrayList<Match>(0);
        if (place < tokens.size() && !closed[place] && language.mayStart(name, tokens.get(place))) {
            var rules = language.rules(name);
            for (int i = 0; i < rules.size(); i++) {
                if (language.mayStart(name, i, tokens.get(place))) {
                    match(rules.get(i), place, matches);
                }
            }
        }
        found[slot] = matches;
        return matches;
    }

    private void match(Language.Rule rule, int place, List<Match> matches) {
        match(rule.phrase(), place, null, (end, captured) -> {
            if (end > place && matches.stream().noneMatch(it -> it.end == end)) {
                var meaning = meaning(rule.meaning(), new Captured("all", ALL, place, end, captured));
                if (meaning != null) {
                    matches.add(new Match(end, meaning));
                }
            }
        });
    }

    private void match(Node node, int place, @Nullable Captured captured, Then then) {
        if (steps == 0) {
            return;
        }
        steps--;
        if (node instanceof Node.Word word) {
            if (place < tokens.size()
                    && !closed[place]
                    && !tokens.get(place).is(Kind.WHOLE)
                    && tokens.get(place).text().equals(word.text())) {
                then.at(place + 1, captured);
            }
        } else if (node instanceof Node.OfKind of) {
            if (place < tokens.size() && !closed[place] && tokens.get(place).is(of.kind())) {
                var token = tokens.get(place);
                Object value = token.is(Kind.INT, Kind.NTH) ? (Object) token.a() : token;
                then.at(place + 1, new Captured(of.kind().inFile(), value, place, place + 1, captured));
            }
        } else if (node instanceof Node.Name name) {
            for (var it : all(name.index(), place)) {
                then.at(it.end, new Captured(name.name(), it.meaning, place, it.end, captured));
            }
        } else if (node instanceof Node.Sequence sequence) {
            sequence(sequence.parts(), 0, place, captured, then);
        } else if (node instanceof Node.OneOf one) {
            one.others().forEach(it -> match(it, place, captured, then));
        } else if (node instanceof Node.Maybe maybe) {
            match(maybe.part(), place, captured, then);
            then.at(place, captured);
        } else if (node instanceof Node.Several several) {
            several(several.part(), several.most(), place, captured, then);
        }
    }

    private void sequence(List<Node> parts, int index, int place, @Nullable Captured captured, Then then) {
        if (index == parts.size()) {
            then.at(place, captured);
        } else {
            match(parts.get(index), place, captured, (end, more) -> sequence(parts, index + 1, end, more, then));
        }
    }

    private void several(Node part, int most, int place, @Nullable Captured captured, Then then) {
        match(part, place, captured, (end, more) -> {
            then.at(end, more);
            if (most > 1) {
                several(part, most - 1, end, more, then);
            }
        });
    }

    private @Nullable Object meaning(Expression meaning, @Nullable Captured captured) {
        if (meaning instanceof Expression.Number number) {
            return number.value();
        }
        if (meaning instanceof Expression.Text template) {
            return filled(template.value(), captured);
        }
        if (meaning instanceof Expression.Reference reference) {
            var values = values(reference.name(), captured);
            return values.isEmpty() ? null : values.get(0);
        }
        var action = (Expression.Action) meaning;
        var arguments = new ArrayList<Object>();
        for (var it : action.arguments()) {
            if (it instanceof Expression.Reference reference) {
                var values = values(reference.name(), captured);
                if (values.isEmpty()) {
                    return null;
                }
                arguments.add(values.size() == 1 ? values.get(0) : values);
            } else {
                var value = meaning(it, captured);
                if (value == null) {
                    return null;
                }
                arguments.add(value);
            }
        }
        return meanings.of(action.name(), arguments);
    }

    /** In the order of the message. */
    private static List<Object> values(String name, @Nullable Captured captured) {
        var values = new ArrayList<Object>();
        for (var it = captured; it != null; it = it.before) {
            if (it.name.equals(name)) {
                values.add(0, it.value);
            }
        }
        return values;
    }

    private String filled(String template, @Nullable Captured captured) {
        var filled = template;
        for (var it = captured; it != null; it = it.before) {
            int from = tokens.get(it.from).from();
            var words = Understanding.plain(
                    new String(text, from, tokens.get(it.to - 1).to() - from));
            filled = filled.replace("<" + it.name + ">", words);
        }
        return filled;
    }
}
