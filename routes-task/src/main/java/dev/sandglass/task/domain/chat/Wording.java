package dev.sandglass.task.domain.chat;

import dev.sandglass.task.domain.chat.Meaning.InList;
import dev.sandglass.task.domain.chat.Meaning.Lead;
import dev.sandglass.task.domain.chat.Meaning.Nagging;
import dev.sandglass.task.domain.chat.Meaning.Question;
import dev.sandglass.task.domain.chat.Meaning.Remind;
import dev.sandglass.task.domain.chat.Phrase.Manner;
import dev.sandglass.task.domain.chat.Token.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The words of a message that asks for a task: its title, and sentences that name the same task without doubt. */
final class Wording {
    private final Reading reading;
    private final List<Token> tokens;
    private final int start;
    private final boolean commanded;
    private final List<Phrase> taken;
    private final List<Phrase> reminder;

    /**
     * @param start token after the words that ask for a new task
     * @param commanded whether there are such words
     * @param taken phrases that are not of the title
     * @param reminder those of them that say when to remind
     */
    Wording(Reading reading, int start, boolean commanded, List<Phrase> taken, List<Phrase> reminder) {
        this.reading = reading;
        this.tokens = reading.tokens();
        this.start = start;
        this.commanded = commanded;
        this.taken = taken;
        this.reminder = reminder;
    }

    /** Its first token but for the comma before it. */
    int first(Phrase phrase) {
        return phrase.first() + (tokens.get(phrase.first()).text().equals(",") ? 1 : 0);
    }

    /** As in the message, without the comma before it. */
    String source(Phrase phrase) {
        return between(first(phrase), phrase.end());
    }

    /** As in the message, what is between them too where that is only an "and". */
    String source(List<Phrase> phrases) {
        int first = phrases.stream().mapToInt(Phrase::first).min().orElseThrow();
        int end = phrases.stream().mapToInt(Phrase::end).max().orElseThrow();
        int left = end - first - removed(phrases).size();
        return left < 2
                ? between(first, end)
                : phrases.stream().map(this::source).collect(Collectors.joining(" … "));
    }

    /** Without "on" and the like. */
    String daySource(Phrase phrase) {
        int first = phrase.first();
        while (first < phrase.end() - 1 && reading.is("function", first)) {
            first++;
        }
        return between(first, phrase.end());
    }

    private String between(int first, int end) {
        return reading.between(first, end);
    }

    static List<Phrase> except(List<Phrase> phrases, Collection<Phrase> others) {
        return phrases.stream().filter(it -> !others.contains(it)).toList();
    }

    /** The message without some phrases, for an answer to say them anew. */
    String without(List<Phrase> phrases) {
        var words = new ArrayList<String>();
        var left = removed(phrases);
        for (int at = 0; at < tokens.size(); at++) {
            if (!left.contains(at)) {
                boolean joined = at > 0
                        && !left.contains(at - 1)
                        && tokens.get(at - 1).to() == tokens.get(at).from();
                var word = between(at, at + 1);
                words.add(joined ? words.remove(words.size() - 1) + word : word);
            }
        }
        return String.join(" ", words);
    }

    /** All tokens of phrases, and an "and" between two of them. */
    private Set<Integer> removed(Collection<Phrase> phrases) {
        var removed = new HashSet<Integer>();
        for (var phrase : phrases) {
            for (int at = phrase.first(); at < phrase.end(); at++) {
                removed.add(at);
            }
        }
        phrases.stream()
                .map(it -> it.first() - 1)
                .filter(it -> reading.is("and-word", it) && removed.contains(it - 1))
                .forEach(removed::add);
        return removed;
    }

    /** All of these phrases in other words, which stand for the first. */
    static Map<Phrase, String> asOne(List<Phrase> phrases, Phrase first, String words) {
        var instead = new HashMap<Phrase, String>();
        phrases.forEach(it -> instead.put(it, it == first ? words : ""));
        return instead;
    }

    /** All is of the title but for signs and the list. */
    Choice keep(List<Phrase> phrases) {
        var signs = except(taken, phrases).stream()
                .filter(it -> it.manner() == Manner.SIGN || it.manner() == Manner.IN_A_LIST)
                .toList();
        return new Choice(
                sentence(signs, except(taken, signs), Map.of()),
                reading.language().say("as-written", "title", title(signs)));
    }

    /**
     * The same task in words without doubt: its title in quotes, then its fields.
     *
     * @param said phrases that stay as they are
     * @param kept phrases that belong to the title
     * @param instead phrases that are said otherwise
     */
    String sentence(List<Phrase> said, Collection<Phrase> kept, Map<Phrase, String> instead) {
        var gone = Stream.of(taken, instead.keySet(), said)
                .flatMap(Collection::stream)
                .filter(it -> !kept.contains(it))
                .distinct()
                .toList();
        var words = new ArrayList<String>();
        words.add(reading.say("task", Quotes.around(title(gone))));
        var before = new ArrayList<String>();
        var after = new ArrayList<String>();
        boolean day = false;
        for (var it : Stream.concat(said.stream(), instead.keySet().stream())
                .distinct()
                .sorted(Comparator.comparing(Phrase::first))
                .toList()) {
            boolean reminds = it.says(Remind.class, Lead.class, Nagging.class) || reminder.contains(it);
            var text = instead.getOrDefault(it, said(it));
            if (text.isEmpty() || it.says(Meaning.Nothing.class)) {
                continue;
            }
            // "On the 5th december 5th" reads as "the 5th of December" and a 5th that is left.
            if (day && it.isDay() && !reminds) {
                before.add(before.remove(before.size() - 1) + ",");
            }
            (reminds ? after : before).add(text);
            day = it.isDay() && !reminds;
        }
        words.addAll(before);
        words.addAll(after);
        return String.join(" ", words);
    }

    private String said(Phrase phrase) {
        if (phrase.meaning() instanceof InList in) {
            return reading.say("list", in.lists().get(0).id());
        }
        return phrase.manner() == Manner.SIGN ? source(phrase) : lower(source(phrase));
    }

    Choice instead(List<Phrase> others, Phrase phrase, String words) {
        var title = title(Stream.concat(others.stream(), Stream.of(phrase)).toList());
        return new Choice(
                sentence(others, List.of(), Map.of(phrase, words)),
                reading.language().say("title-and", Map.of("title", title, "words", words)));
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** All that is not one of these phrases, without the marks that held them. */
    String title(Collection<Phrase> phrases) {
        var removed = removed(phrases);
        for (int at = 0; at < start; at++) {
            removed.add(at);
        }
        connector(phrases, removed);
        var title = new Title(reading.text(), tokens, removed).text();
        return commanded ? Quotes.without(title) : title;
    }

    /** "Remind me tomorrow TO call mum". */
    private void connector(Collection<Phrase> phrases, Set<Integer> removed) {
        boolean asked = phrases.stream()
                .anyMatch(it -> it.says(Remind.class, Nagging.class, Question.class) && reading.first(it));
        int at = start;
        while (asked
                && at < tokens.size()
                && (removed.contains(at) || tokens.get(at).is(Kind.MARK))) {
            at++;
        }
        if (asked && reading.is("connector", at) && at + 1 < tokens.size()) {
            removed.add(at);
        }
    }
}
