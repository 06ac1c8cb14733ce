package dev.sandglass.task.domain.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandglass.task.domain.chat.Token.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The words and phrases of a language, read from a file ({@code en.words} says how it is written). It does not know their
 * meaning.
 */
final class Language {
    /** The longest list of days; a sentence has no longer one. */
    private static final int MOST_TIMES = 12;

    static final String ENGLISH = "en";
    /** The languages that have a file. */
    static final Set<String> FILES = Set.of(ENGLISH, "de");

    private static final Map<String, Language> SPOKEN = new ConcurrentHashMap<>();
    private static final Pattern NAME = Pattern.compile("<([a-z-]+)>");

    /** A bracket, a text, a name, a word. */
    private static final Pattern PART = Pattern.compile("[()\\[\\]{}|]|\"[^\"]*\"|<[^>]*>|[^()\\[\\]{}|<\"\\s]+");

    /** A phrase, and how its meaning is made from the parts it captures. */
    record Rule(Node phrase, Expression meaning) {}

    /** A meaning: a number, a word, a text, the value of a captured name, or an action on those. */
    sealed interface Expression {
        record Number(int value) implements Expression {}

        /** A text; a name in it stands for the words it captured, as they were written. */
        record Text(String value) implements Expression {}

        record Reference(String name) implements Expression {}

        record Action(String name, List<Expression> arguments) implements Expression {}
    }

    /** A part of a phrase. */
    sealed interface Node {
        record Word(String text) implements Node {}

        record OfKind(Kind kind) implements Node {}

        record Name(String name, int index) implements Node {}

        record Sequence(List<Node> parts) implements Node {}

        record OneOf(List<Node> others) implements Node {}

        record Maybe(Node part) implements Node {}

        record Several(Node part, int most) implements Node {}
    }

    /** The words and kinds of token that can begin a phrase. */
    private record Start(Set<String> words, Set<Kind> kinds, boolean empty) {
        boolean with(Token token) {
            return empty || words.contains(token.text()) || kinds.contains(token.kind());
        }
    }

    private final String name;
    private final Map<String, Integer> names = new HashMap<>();
    private final List<List<Rule>> rules = new ArrayList<>();
    /** The possible beginnings of each rule, by name. */
    private final List<List<Start>> starts = new ArrayList<>();

    private final List<Start> anyStart = new ArrayList<>();
    private final Set<String> words = new HashSet<>();
    /** The values of single words, for each name that has only single words as phrases. */
    private final Map<String, Map<String, Object>> values = new HashMap<>();

    private Language(String name, String file) {
        this.name = name;
        String section = null;
        int number = 0;
        for (var line : file.split("\n")) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            try {
                if (!line.startsWith(" ")) {
                    section = line.strip();
                    index(section);
                } else if (section != null) {
                    rules.get(index(section)).add(rule(line.strip()));
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(name + ".words, line " + number + ": " + e.getMessage(), e);
            }
        }
        names.forEach((it, index) -> {
            if (rules.get(index).isEmpty()) {
                throw new IllegalArgumentException(name + ".words: nothing is said of <" + it + ">");
            }
        });
        for (int i = 0; i < rules.size(); i++) {
            anyStart.add(start(new Node.Name("", i), new HashSet<>()));
            starts.add(rules.get(i).stream()
                    .map(it -> start(it.phrase, new HashSet<>()))
                    .toList());
        }
        names.forEach((it, index) -> values.put(it, singles(index)));
    }

    /**
     * @param name of the file, {@code en}
     * @throws IllegalArgumentException naming the line that cannot be read
     */
    static Language of(String name) {
        try (InputStream file = Language.class.getResourceAsStream(name + ".words")) {
            if (file == null) {
                throw new IllegalArgumentException("there is no file " + name + ".words");
            }
            return new Language(name, new String(file.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells if there is a file of the language of a locale. */
    static boolean isSpokenIn(String locale) {
        return FILES.contains(language(locale));
    }

    private static String language(String locale) {
        return locale.split("[-_]")[0].toLowerCase(Locale.ROOT);
    }

    /** The language of a locale, {@code de-AT}; English where it has no file. */
    static Language spokenIn(String locale) {
        var name = language(locale);
        return SPOKEN.computeIfAbsent(FILES.contains(name) ? name : ENGLISH, Language::of);
    }

    /** Has dates written in it. */
    Locale locale() {
        return Locale.forLanguageTag(name);
    }

    /** Says something in it. */
    String say(String what) {
        return text("say", what);
    }

    /** The same with words in the place of the names in it. */
    String say(String what, Map<String, String> named) {
        return NAME.matcher(say(what))
                .replaceAll(it -> Matcher.quoteReplacement(named.getOrDefault(it.group(1), it.group())));
    }

    String say(String what, String name, String words) {
        return say(what, Map.of(name, words));
    }

    /** Tells if a phrase has this word. */
    boolean knows(String word) {
        return words.contains(word);
    }

    /** The meaning of a single word as a phrase of a name; null if it is none of its phrases. */
    @Nullable
    Object value(String name, String word) {
        return values.getOrDefault(name, Map.of()).get(word);
    }

    /** The text in quotes that a word of a name stands for. */
    String text(String name, String word) {
        return rules.get(index(name)).stream()
                .filter(it -> it.phrase.equals(new Node.Word(word)))
                .map(it -> ((Expression.Text) it.meaning).value)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nothing is said of " + word + " in <" + name + ">"));
    }

    List<Rule> rules(int index) {
        return rules.get(index);
    }

    /** @return null: this language does not have that name */
    @Nullable
    Integer name(String name) {
        return names.get(name);
    }

    int size() {
        return rules.size();
    }

    boolean mayStart(int name, Token token) {
        return anyStart.get(name).with(token);
    }

    /** @param rule its place among those of the name */
    boolean mayStart(int name, int rule, Token token) {
        return starts.get(name).get(rule).with(token);
    }

    private int index(String name) {
        return names.computeIfAbsent(name, it -> {
            rules.add(new ArrayList<>());
            return rules.size() - 1;
        });
    }

    private Map<String, Object> singles(int index) {
        var singles = new HashMap<String, Object>();
        for (var rule : rules.get(index)) {
            for (var node : rule.phrase instanceof Node.OneOf one ? one.others : List.of(rule.phrase)) {
                if (node instanceof Node.Word word) {
                    singles.put(word.text, constant(rule.meaning, word.text));
                } else if (node instanceof Node.Name name && rule.meaning instanceof Expression.Reference) {
                    singles.putAll(singles(name.index));
                }
            }
        }
        return singles;
    }

    private static Object constant(Expression meaning, String otherwise) {
        return meaning instanceof Expression.Number number
                ? number.value
                : meaning instanceof Expression.Action action ? action.name : otherwise;
    }

    private Start start(Node node, Set<Integer> seen) {
        if (node instanceof Node.Word word) {
            return new Start(Set.of(word.text), Set.of(), false);
        }
        if (node instanceof Node.OfKind of) {
            return new Start(Set.of(), Set.of(of.kind), false);
        }
        if (node instanceof Node.Name name) {
            if (!seen.add(name.index)) {
                throw new IllegalArgumentException("<" + name.name + "> begins with itself");
            }
            var start = any(rules.get(name.index).stream().map(Rule::phrase).toList(), seen);
            seen.remove(name.index);
            return start;
        }
        if (node instanceof Node.OneOf one) {
            return any(one.others, seen);
        }
        if (node instanceof Node.Several several) {
            return start(several.part, seen);
        }
        if (node instanceof Node.Maybe maybe) {
            var start = start(maybe.part, seen);
            return new Start(start.words, start.kinds, true);
        }
        var words = new HashSet<String>();
        var kinds = new HashSet<Kind>();
        for (var part : ((Node.Sequence) node).parts) {
            var start = start(part, seen);
            words.addAll(start.words);
            kinds.addAll(start.kinds);
            if (!start.empty) {
                return new Start(words, kinds, false);
            }
        }
        return new Start(words, kinds, true);
    }

    private Start any(List<Node> nodes, Set<Integer> seen) {
        var words = new HashSet<String>();
        var kinds = new HashSet<Kind>();
        boolean empty = false;
        for (var node : nodes) {
            var start = start(node, seen);
            words.addAll(start.words);
            kinds.addAll(start.kinds);
            empty |= start.empty;
        }
        return new Start(words, kinds, empty);
    }

    private Rule rule(String line) {
        int arrow = line.lastIndexOf(" -> ");
        var reader = new Reader(arrow < 0 ? line : line.substring(0, arrow));
        var phrase = reader.choice();
        reader.end();
        if (arrow >= 0) {
            return new Rule(phrase, new Reader(line.substring(arrow + 4)).meaning());
        }
        return new Rule(
                phrase,
                reader.captured.size() == 1
                        ? new Expression.Reference(reader.captured.get(0))
                        : new Expression.Text(line));
    }

    /** Reads one line. */
    private final class Reader {
        private final List<String> parts;
        private final List<String> captured = new ArrayList<>();
        private int at;

        Reader(String line) {
            parts = PART.matcher(line).results().map(MatchResult::group).toList();
        }

        Node choice() {
            var others = new ArrayList<Node>();
            others.add(sequence());
            while (at < parts.size() && parts.get(at).equals("|")) {
                at++;
                others.add(sequence());
            }
            return others.size() == 1 ? others.get(0) : new Node.OneOf(others);
        }

        private Node sequence() {
            var sequence = new ArrayList<Node>();
            while (at < parts.size() && !List.of("|", ")", "]", "}").contains(parts.get(at))) {
                sequence.add(part());
            }
            if (sequence.isEmpty()) {
                throw new IllegalArgumentException("a phrase is empty");
            }
            return sequence.size() == 1 ? sequence.get(0) : new Node.Sequence(sequence);
        }

        private Node part() {
            var part = parts.get(at++);
            switch (part) {
                case "(":
                    return closed(")");
                case "[":
                    return new Node.Maybe(closed("]"));
                case "{":
                    return new Node.Several(closed("}"), MOST_TIMES);
                default:
                    break;
            }
            if (!part.startsWith("<")) {
                words.add(part);
                return new Node.Word(part);
            }
            var name = part.substring(1, part.length() - 1);
            captured.add(name);
            for (var kind : Kind.values()) {
                if (kind.inFile().equals(name)) {
                    return new Node.OfKind(kind);
                }
            }
            return new Node.Name(name, index(name));
        }

        private Node closed(String end) {
            var node = choice();
            if (at == parts.size() || !parts.get(at).equals(end)) {
                throw new IllegalArgumentException("there is no " + end);
            }
            at++;
            return node;
        }

        void end() {
            if (at < parts.size()) {
                throw new IllegalArgumentException("unexpected " + parts.get(at));
            }
        }

        Expression meaning() {
            var first = single();
            if (!(first instanceof Expression.Action action)) {
                end();
                return first;
            }
            var arguments = new ArrayList<Expression>();
            while (at < parts.size()) {
                arguments.add(single());
            }
            return new Expression.Action(action.name, arguments);
        }

        private Expression single() {
            var part = parts.get(at++);
            if (part.startsWith("<")) {
                return new Expression.Reference(part.substring(1, part.length() - 1));
            }
            if (part.startsWith("\"")) {
                return new Expression.Text(part.substring(1, part.length() - 1));
            }
            return part.matches("-?\\d+")
                    ? new Expression.Number(Integer.parseInt(part))
                    : new Expression.Action(part, List.of());
        }
    }
}
