package dev.sandglass.task.domain.chat;

import dev.sandglass.task.domain.chat.Phrase.Verdict;
import dev.sandglass.task.domain.chat.Token.Kind;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the intent of a message: to add, show or complete a task, to undo, or to answer. */
final class IntentParser {
    private final Reading reading;
    private final String message;
    private final ZonedDateTime now;
    private final List<Token> tokens;
    /** The end of the message, without the marks there. */
    private final int end;

    IntentParser(Reading reading, String message, ZonedDateTime now) {
        this.reading = reading;
        this.message = message;
        this.now = now;
        this.tokens = reading.tokens();
        int last = tokens.size();
        while (last > 0
                && tokens.get(last - 1).is(Kind.MARK)
                && ".!?…".contains(tokens.get(last - 1).text())) {
            last--;
        }
        this.end = last;
    }

    Understanding read() {
        if (tokens.isEmpty()) {
            return help("What shall I do?", List.of());
        }
        if (Understanding.isAll("answer", reading)) {
            return unclear(Reply.ANSWERED, List.of(addInstead(message)));
        }
        int start = reading.after("please", 0);
        if (start < end && reading.after("undo", start) == end) {
            var span = new Span(tokens.get(start).from(), tokens.get(end - 1).to(), "command", "undo");
            return new Understanding(new Intent.Undo(), List.of(span));
        }
        int add = Math.max(reading.after("add", start), start);
        if (add > start) {
            return new NewTask(reading, message, now, add, true).read();
        }
        var show = show(start);
        if (show != null) {
            return show;
        }
        var done = done(start);
        if (done != null) {
            return done;
        }
        if (asks()) {
            return help("I am not sure what you mean.", List.of(addInstead(message)));
        }
        boolean reminds = reading.match("remind", start) != null;
        return new NewTask(reading, message, now, reminds ? start : 0, false).read();
    }

    private @Nullable Understanding show(int start) {
        boolean find = reading.after("find", start) > start;
        int verb = reading.after(find ? "find" : "show", start);
        if (verb == start || Understanding.isTooLongToAsk(message.length())) {
            return null;
        }
        return new QuestionParser(reading, message, now, start, verb, end, find).read();
    }

    private @Nullable Understanding done(int start) {
        int before = reading.after("done-before", start);
        if (before > start) {
            return before == end
                    ? Understanding.of(new Intent.Unclear("Which task is done?", List.of(), text(start, end)))
                    : done(start, before, end, true);
        }
        int last = reading.is("mark", start) ? endOf("mark-done") : -1;
        if (last > start + 1) {
            return done(start, start + 1, last, true);
        }
        last = endOf("done-after");
        if (last > start) {
            return done(start, start, last, true);
        }
        last = endOf("done-bare");
        if (last > start) {
            return done(start, start, last, false);
        }
        int skip = reading.after("skip", start);
        if (skip > start && skip < end) {
            return saysMore(skip) ? null : skip(start, skip);
        }
        boolean sure = reading.after("complete", start) > start;
        int verb = reading.after(sure ? "complete" : "perhaps-complete", start);
        if (verb == start || verb >= end) {
            return null;
        }
        last = endOf("as-done");
        return last > verb ? done(start, verb, last, true) : doComplete(start, verb, sure);
    }

    /** The first token of a phrase of that name at the end of the sentence; -1: there is none. */
    private int endOf(String name) {
        return IntStream.range(Math.max(0, end - 3), end)
                .filter(it -> reading.after(name, it) == end)
                .findFirst()
                .orElse(-1);
    }

    /** @param sure true if nothing else can be meant */
    private Understanding done(int start, int from, int to, boolean sure) {
        var words = text(from, to);
        return saysMore(from)
                ? unclear(
                        "Is it done, or still to be done?",
                        List.of(
                                new Choice("done with " + Quotes.around(words), "“" + words + "” is done"),
                                addInstead(message)))
                : complete(start, from, words, sure);
    }

    /** “Finish report by Friday” is still to be done. */
    private @Nullable Understanding doComplete(int start, int from, boolean sure) {
        return saysMore(from) ? null : complete(start, from, text(from, end), sure);
    }

    private Understanding skip(int start, int from) {
        var one = new Intent.Complete(Quotes.without(text(from, end)), Understanding.plain(message));
        return new Understanding(new Intent.Skip(one), List.of(command(start, from, "skip")));
    }

    private Span command(int start, int from, String what) {
        return new Span(tokens.get(start).from(), tokens.get(from).from(), "command", what);
    }

    private Understanding complete(int start, int from, String words, boolean sure) {
        return new Understanding(
                new Intent.Complete(Quotes.without(words), sure ? null : Understanding.plain(message)),
                from > start ? List.of(command(start, from, "complete")) : List.of());
    }

    /** Tells if there is a day, a tag or another phrase that describes an open task. */
    private boolean saysMore(int from) {
        reading.read(from);
        return Stream.of(Verdict.TAKE, Verdict.ASK, Verdict.DOUBT)
                .anyMatch(it -> !reading.phrases(it).isEmpty());
    }

    private boolean asks() {
        boolean small = reading.after("small-talk", 0) == end && end > 0;
        int last = tokens.size() - 1;
        return small
                || reading.after("question", 0) > 0
                || tokens.get(last).text().equals("?");
    }

    private String text(int from, int to) {
        int first = tokens.get(from).from();
        return Understanding.plain(
                new String(reading.text(), first, tokens.get(to - 1).to() - first));
    }

    static Choice addInstead(String message) {
        var plain = Understanding.plain(message);
        return new Choice("add " + plain, "Add “" + plain + "” as a task");
    }

    private static Understanding unclear(String question, List<Choice> choices) {
        return Understanding.of(new Intent.Unclear(question, choices, null));
    }

    private static Understanding help(String question, List<Choice> choices) {
        return unclear(
                question
                        + " You can say: “buy milk tomorrow 9am #home !high”, “what is due this week”, “done with milk”.",
                choices);
    }
}
