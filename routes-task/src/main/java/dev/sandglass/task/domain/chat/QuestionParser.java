package dev.sandglass.task.domain.chat;

import dev.sandglass.task.domain.chat.Meaning.DueIn;
import dev.sandglass.task.domain.chat.Meaning.InList;
import dev.sandglass.task.domain.chat.Token.Kind;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a message that asks for tasks. */
final class QuestionParser {
    /** @param end token after the last that names one of them */
    private record Named(List<ListName> lists, int end) {}

    private static final Named NONE = new Named(List.of(), 0);

    private final Reading reading;
    private final String message;
    private final Language language;
    private final List<Token> tokens;
    private final int start;
    private final int verb;
    private final int end;
    /** {@code find} if it names words to be looked for. */
    private final String command;

    private final boolean[] used;
    private final Map<String, String> query = new LinkedHashMap<>();
    private final List<String> what = new ArrayList<>();
    private final List<Span> understood = new ArrayList<>();

    /**
     * @param verb token after the verb that begins it, if one does
     * @param end token after the last
     */
    QuestionParser(Reading reading, String message, int start, int verb, int end, String command) {
        this.reading = reading;
        this.language = reading.language();
        this.message = message;
        this.tokens = reading.tokens();
        this.start = start;
        this.verb = verb;
        this.end = end;
        this.command = command;
        this.used = new boolean[tokens.size()];
    }

    /** @return null: it asks for no tasks */
    @Nullable
    Understanding read() {
        query.put("status", "open");
        query.put("sort", "due");
        if (verb > start) {
            understood(start, verb, "command", command);
        }
        boolean find = command.equals("find");
        tags();
        priority();
        state();
        due();
        list();
        boolean tasks = takeAll("tasks-word");
        takeAll("filler");
        var rest = rest();
        if (!rest.isEmpty() && !find && !isList(rest)) {
            return Understanding.of(new Intent.Unclear(
                            language.say("not-sure"),
                            List.of(
                                    new Choice(
                                            language.say("find", "words", rest),
                                            language.say("find-label", "words", rest)),
                                    IntentParser.addInstead(message, language)),
                            null))
                    .unsure();
        }
        if (!rest.isEmpty() && find) {
            query.put("q", rest);
            query.remove("status");
            what.add(0, language.say("with-words", "words", rest));
        } else if (what.isEmpty() && !tasks && reading.after("imperative", start) == start && !isSeveral()) {
            return null;
        }
        return new Understanding(
                new Intent.Show(
                        query, String.join(", ", what), query.containsKey("q") ? Understanding.plain(message) : null),
                understood);
    }

    private boolean isSeveral() {
        return !command.equals("find") && !command.equals("show");
    }

    /** "In Groceries and Work": where two are called so, both. */
    private void list() {
        for (int at = verb; at < end; at++) {
            var phrase = used[at] ? null : reading.inList(at);
            if (phrase != null && phrase.end() <= end) {
                var more = isJoint(phrase.end()) ? named(phrase.end() + 1) : NONE;
                int last = Math.max(phrase.end(), more.end);
                understood(at, last, "list", lists(joined(((InList) phrase.meaning()).lists(), more.lists)));
                take(at, last);
                return;
            }
        }
    }

    private boolean isJoint(int at) {
        return at < end && (reading.is("and-word", at) || tokens.get(at).text().equals(","));
    }

    /**
     * The lists that are named from there on, up to the last word that one of them has. “Groceries and Work” is the list of that name
     * before it is two. From the right, so that the names behind a joint are looked for once and not for each way to come there.
     */
    private Named named(int from) {
        if (from >= end || Understanding.isTooLongToAsk(message.length())) {
            return NONE;
        }
        var named = new Named[end + 1];
        Arrays.fill(named, NONE);
        for (int first = end - 1; first >= from; first--) {
            for (int last = end; last > first && (first == from || isJoint(first - 1)); last--) {
                var lists = reading.lists(first, last);
                var more = !lists.isEmpty() && isJoint(last) ? named[last + 1] : NONE;
                if (!lists.isEmpty() && Math.max(last, more.end) > named[first].end) {
                    named[first] = new Named(joined(lists, more.lists), Math.max(last, more.end));
                }
            }
        }
        return named[from];
    }

    private static List<ListName> joined(List<ListName> some, List<ListName> more) {
        return Stream.concat(some.stream(), more.stream()).distinct().toList();
    }

    /** "Show Groceries", "show my shopping list" */
    private boolean isList(String rest) {
        int first = verb;
        while (first < end - 1 && reading.is("filler", first)) {
            first++;
        }
        var all = named(first);
        var lists = all.end == end ? all.lists : reading.speaker().knownLists().called(Quotes.without(rest));
        if (!lists.isEmpty()) {
            lists(lists);
        }
        return !lists.isEmpty();
    }

    private String lists(List<ListName> lists) {
        var ids = lists.stream().map(ListName::id).collect(Collectors.joining(","));
        query.put("list", ids);
        var names = lists.stream().map(ListName::name).distinct().toList();
        what.add(new Reply(reading.speaker()).inAny(names));
        return ids;
    }

    private void tags() {
        var tags = new ArrayList<String>();
        for (int at = verb; at < end; at++) {
            var token = tokens.get(at);
            if (token.is(Kind.TAG)) {
                tags.add(new String(reading.text(), token.from() + 1, token.to() - token.from() - 1));
                understood(at, at + 1, "tags", tags.get(tags.size() - 1));
                take(at, at + 1);
            }
        }
        if (!tags.isEmpty()) {
            query.put("tag", String.join(",", tags));
            what.add(new Reply(reading.speaker()).withAny(tags));
        }
    }

    private void priority() {
        for (int at = verb; at < end; at++) {
            var token = tokens.get(at);
            var found = token.is(Kind.PRIORITY)
                    ? reading.value("priority", token.text())
                    : reading.is("important", at) ? reading.value("important", token.text()) : null;
            if (found instanceof String priority) {
                boolean important = priority.equals("important");
                query.put("priority", important ? "high,urgent" : priority);
                what.add(language.say(
                        "of-priority", "priority", language.say(important ? "important" : "priority-" + priority)));
                understood(at, at + 1, "priority", query.get("priority"));
                take(at, at + 1);
                return;
            }
        }
    }

    private void state() {
        if (takeAll("overdue")) {
            query.put("overdue", "true");
            what.add(language.say("overdue"));
        } else if (takeAll("completed")) {
            query.put("status", "completed");
            query.put("sort", "-updated");
            what.add(language.say("completed"));
        }
    }

    private void due() {
        for (int at = verb; at < end; at++) {
            var match = used[at] ? null : reading.match("span", at);
            if (match != null && match.meaning() instanceof DueIn due) {
                var days = isDone() ? past(due) : due;
                if (isDone()) {
                    var from = days.from() == null ? "" : "completed >= " + days.from() + " and ";
                    query.put("filter", from + "completed < " + days.before());
                    what.remove(language.say("completed"));
                    what.add(language.say("completed-when", "when", words(days)));
                } else {
                    if (days.from() != null) {
                        query.put("due_after", days.from().toString());
                    }
                    query.put("due_before", days.before().toString());
                    what.add(language.say("due", "due", words(days)));
                }
                understood(at, match.end(), "due", (days.from() == null ? ".." : days.from()) + "/" + days.before());
                take(at, match.end());
                return;
            }
        }
    }

    private String words(DueIn days) {
        return Objects.requireNonNullElseGet(
                days.words(),
                () -> new Reply(language, reading.speaker().now())
                        .day(days.before().minusDays(1)));
    }

    /** “What did I finish today?”: unless “due” is said, its day is when that was. */
    private boolean isDone() {
        return "completed".equals(query.get("status"))
                && IntStream.range(verb, end).noneMatch(at -> reading.is("due-itself", at));
    }

    /** A completion was before now: on the last Monday, in the last October. */
    private DueIn past(DueIn days) {
        var today = reading.speaker().now().toLocalDate();
        var from = days.from();
        if (from == null || !from.isAfter(today)) {
            return days;
        }
        var back = from.isAfter(today.plusWeeks(1)) ? Period.ofYears(1) : Period.ofWeeks(1);
        var first = from.minus(back);
        var name = new Reply(language, reading.speaker().now()).nameOf(first);
        return new DueIn(
                first, days.before().minus(back), days.words() == null ? null : language.say("from-day", "day", name));
    }

    private boolean takeAll(String name) {
        boolean any = false;
        for (int at = verb; at < end; at++) {
            int last = used[at] ? at : reading.after(name, at);
            if (last > at && last <= end) {
                take(at, last);
                any = true;
            }
        }
        return any;
    }

    private String rest() {
        var rest = new StringBuilder();
        int last = -1;
        for (int at = verb; at < end; at++) {
            var token = tokens.get(at);
            if (!used[at] && !(rest.isEmpty() && token.is(Kind.MARK))) {
                rest.append(last >= 0 && token.from() > tokens.get(last).to() ? " " : "")
                        .append(new String(reading.text(), token.from(), token.to() - token.from()));
                last = at;
            }
        }
        return Quotes.without(rest.toString().replaceAll("[,;:]+$", ""));
    }

    private void take(int from, int to) {
        Arrays.fill(used, from, to, true);
    }

    private void understood(int from, int to, String as, String value) {
        understood.add(new Span(tokens.get(from).from(), tokens.get(to - 1).to(), as, value));
    }
}
