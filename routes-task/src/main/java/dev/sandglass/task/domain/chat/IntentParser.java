package dev.sandglass.task.domain.chat;

import dev.sandglass.task.domain.TaskId;
import dev.sandglass.task.domain.UserName;
import dev.sandglass.task.domain.chat.Meaning.Clock;
import dev.sandglass.task.domain.chat.Meaning.InList;
import dev.sandglass.task.domain.chat.Meaning.Later;
import dev.sandglass.task.domain.chat.Meaning.Lead;
import dev.sandglass.task.domain.chat.Phrase.Verdict;
import dev.sandglass.task.domain.chat.Token.Kind;
import dev.sandglass.time.Due;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the intent of a message: to add tasks, to show them, to do something to them or to a list, to undo, or to answer. */
final class IntentParser {
    static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    /** The time of a day that is said without one, where it takes one. */
    static final LocalTime MORNING = LocalTime.of(9, 0);

    /** Tasks that one sentence adds. */
    private static final int MOST_AT_ONCE = 30;
    /** Words that name what is to be done. */
    private static final int LONGEST_NAME = 12;
    /** Words that say at the end of a sentence that something is done, or until when. */
    private static final int LONGEST_END = 6;

    /** Words that say a day and a time of it. */
    private static final int LONGEST_TIME = 12;

    private final Reading reading;
    private final Language language;
    private final String message;
    private final List<Token> tokens;
    /** The end of the message, without a “please” and the marks there. */
    private final int end;
    /** Tokens that may say more of a task than its title. */
    private final boolean[] described;
    /** Described tokens that belong to the title all the same. */
    private final boolean[] left;

    IntentParser(Reading reading, String message) {
        this.reading = reading;
        this.language = reading.language();
        this.message = message;
        this.tokens = reading.tokens();
        this.described = new boolean[tokens.size()];
        this.left = new boolean[tokens.size()];
        int last = withoutMarks(tokens.size(), ".!?…");
        this.end = last > 1 && reading.is("please", last - 1) ? withoutMarks(last - 1, ",") : last;
    }

    private int withoutMarks(int to, String marks) {
        int last = to;
        while (last > 0
                && tokens.get(last - 1).is(Kind.MARK)
                && marks.contains(tokens.get(last - 1).text())) {
            last--;
        }
        return last;
    }

    Understanding read() {
        if (tokens.isEmpty()) {
            return help("what-to-do", List.of());
        }
        if (Understanding.isAll("answer", reading)) {
            return unclear(language.say("answered"), List.of(addInstead()));
        }
        int start = reading.after("please", 0);
        boolean asked = endsInAQuestionMark();
        if (!asked && start < end && reading.after("undo", start) == end) {
            return new Understanding(new Intent.Undo(), List.of(command(start, end, "undo")));
        }
        int add = addEnd(start);
        if (add > start) {
            var several = addAll(start);
            return several != null ? several : one(add, true);
        }
        int put = putEnd(start);
        if (put >= 0) {
            return one(put, true);
        }
        return Stream.<Reader>of(this::show, this::move, this::delete, this::snooze, this::share, this::done)
                // “Delete milk?” asks, and so does nothing.
                .limit(asked ? 1 : Long.MAX_VALUE)
                .map(it -> it.read(start))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> other(start));
    }

    /** Reads one kind of sentence; null: it is none. */
    private interface Reader {
        @Nullable
        Understanding read(int start);
    }

    /** The end of the words that say that something is to be added: “add”; “füge”, where “hinzu” follows. */
    private int addEnd(int start) {
        int add = reading.after("add", start);
        int opens = add > start ? start : reading.after("add-open", start);
        int closes = opens > start ? last("add-close", opens + 1) : -1;
        if (closes < 0) {
            return add;
        }
        reading.close(closes);
        return reading.after("please", opens);
    }

    /** “Put milk on the shopping list”, “Milch zu Einkauf hinzufügen”: said of a list that there is, or a title. */
    private int putEnd(int start) {
        int put = reading.after("put", start);
        boolean closes = reading.is("add-last", end - 1);
        if (put == start && !closes || put >= end) {
            return -1;
        }
        reading.read(put, true);
        boolean toAList = reading.phrases(Verdict.TAKE, Verdict.ASK).stream()
                .filter(it -> it.says(InList.class))
                .anyMatch(it -> put > start ? reading.is("on-word", it.first()) : it.end() == end - 1);
        if (toAList && put == start) {
            reading.close(end - 1);
        }
        return toAList ? put : -1;
    }

    private int last(String name, int from) {
        return IntStream.range(from, end)
                .filter(at -> reading.is(name, at))
                .reduce((first, last) -> last)
                .orElse(-1);
    }

    private Understanding other(int start) {
        boolean smallTalk = end > 0 && reading.after("small-talk", 0) == end;
        if (smallTalk || asks()) {
            var help = help("not-sure", List.of(addInstead()));
            return smallTalk ? help : help.unsure();
        }
        boolean reminds = reading.match("remind", start) != null;
        var one = one(reminds ? start : 0, false);
        return tells(start) ? one.unsure() : one;
    }

    /** “I promised Anna the photos by Friday” tells something; what is to be done is named in few words beside its day and the like. */
    private boolean tells(int start) {
        if (reading.after("telling", start) > start) {
            return true;
        }
        if (end - start > LONGEST_NAME) {
            describe(start);
        }
        return IntStream.range(start, end).filter(at -> !described[at]).count() > LONGEST_NAME;
    }

    // Several things --------------------------------------------------------------------------------------------------

    /** “Add milk; add bread tomorrow”. */
    private @Nullable Understanding addAll(int start) {
        var begins = IntStream.range(start, end)
                .filter(at -> at == start || tokens.get(at - 1).text().equals(";"))
                .filter(at -> reading.after("add", at) > at || reading.is("add-open", at))
                .boxed()
                .toList();
        if (begins.size() < 2 || begins.size() > MOST_AT_ONCE) {
            return null;
        }
        var all = new ArrayList<Intent.Add>();
        for (int i = 0; i < begins.size(); i++) {
            int to = i + 1 < begins.size() ? begins.get(i + 1) - 1 : tokens.size();
            var intent = Understanding.of(reading.between(begins.get(i), to), reading.speaker())
                    .intent();
            if (!(intent instanceof Intent.Add add)) {
                return intent instanceof Intent.Unclear asked
                        ? unclear(asked.question(), List.of())
                        : Understanding.of(intent);
            }
            all.add(add);
        }
        return Understanding.of(new Intent.AddAll(all));
    }

    /** A task, or several where it may as well be those: “buy milk and call mum tomorrow”. */
    private Understanding one(int from, boolean commanded) {
        var task = new NewTask(reading, message, from, commanded);
        var whole = task.read();
        var parts = parts(from);
        if (parts.isEmpty()) {
            return whole;
        }
        var tasks = new ArrayList<NewTask>();
        var adds = new ArrayList<Intent.Add>();
        for (var part : parts) {
            var one = new NewTask(new Reading(part.codePoints().toArray(), reading.speaker()), part, 0, false);
            if (!(one.read().intent() instanceof Intent.Add add)) {
                return whole;
            }
            tasks.add(one);
            adds.add(add);
        }
        var last = tasks.get(tasks.size() - 1);
        var due = adds.get(adds.size() - 1).due();
        var choices = new ArrayList<Choice>();
        choices.add(new Choice(sentences(tasks, null), labels(adds, null)));
        if (due != null && adds.stream().filter(it -> it.due() != null).count() == 1) {
            choices.add(new Choice(sentences(tasks, last), labels(adds, due)));
        }
        choices.add(
                whole.intent() instanceof Intent.Add add
                        ? new Choice(task.sentence(null), language.say("one-thing", "task", label(add, null)))
                        : new Choice(
                                language.say("task", "task", Quotes.around(Understanding.plain(message))),
                                language.say("as-written", "title", Understanding.plain(message))));
        return unclear(language.say("several-things"), choices);
    }

    /** Each has a verb and an object: “buy milk” and, where verbs come last, “Milch kaufen”. */
    private List<String> parts(int from) {
        if (reading.hasLiterals() || Understanding.isTooLongToAsk(message.length())) {
            return List.of();
        }
        boolean begins = reading.isVerb(from);
        int end = reading.isClosed(this.end - 1) ? this.end - 1 : this.end;
        if (IntStream.range(from, end).anyMatch(reading::isClosed)) {
            return List.of();
        }
        var parts = new ArrayList<String>();
        int first = from;
        for (int at = from + 2; at < end; at++) {
            boolean joins = reading.is("and-word", at)
                    || List.of(",", ";").contains(tokens.get(at).text());
            int next = reading.is("then-word", at + 1) ? at + 2 : at + 1;
            if (joins && (begins ? reading.isVerb(next) : hasItsVerb(first, at) && hasItsVerb(next, end))) {
                parts.add(reading.between(first, at).replaceAll("[,;:\\s]+$", ""));
                first = next;
            }
        }
        return parts.isEmpty()
                ? parts
                : Stream.concat(parts.stream(), Stream.of(reading.between(first, end)))
                        .toList();
    }

    private boolean hasItsVerb(int from, int to) {
        return IntStream.range(from + 1, to).anyMatch(at -> reading.is("verb-last", at));
    }

    private static String sentences(List<NewTask> tasks, @Nullable NewTask due) {
        return tasks.stream().map(it -> it.sentence(it == due ? null : due)).collect(Collectors.joining("; "));
    }

    private String labels(List<Intent.Add> adds, @Nullable Due due) {
        return language.say(
                "several-tasks",
                "tasks",
                adds.stream().map(it -> label(it, due)).collect(Collectors.joining("; ")));
    }

    private String label(Intent.Add add, @Nullable Due due) {
        var at = due == null ? add.due() : due;
        return language.say("quoted", "title", add.title()) + (at == null ? "" : ", " + said(at));
    }

    private String said(Due due) {
        return language.say("due", "due", new Reply(language, reading.speaker().now()).due(due));
    }

    // Questions -------------------------------------------------------------------------------------------------------

    private @Nullable Understanding show(int start) {
        boolean find = reading.after("find", start) > start;
        int verb = reading.after(find ? "find" : "show", start);
        if (verb == start || Understanding.isTooLongToAsk(message.length())) {
            return null;
        }
        return new QuestionParser(reading, message, start, verb, end, find ? "find" : "show").read();
    }

    /** “Delete all completed tasks”: those that are found, once that was confirmed. */
    private @Nullable Understanding several(int start, int from, int to, boolean delete) {
        var deed = delete ? "delete" : "complete";
        var words = Arrays.asList(reading.between(from, to).split(" "));
        if (reading.after("tasks-itself", from) == from + 1
                && words.size() > 1
                && words.stream().skip(1).allMatch(it -> TaskId.parse(it).isPresent())) {
            return new Understanding(
                    new Intent.All(delete, words.subList(1, words.size())), around(start, from, to, deed));
        }
        int all = reading.after("all-of", from);
        boolean every = all > from;
        var found =
                every || saysWhich(from, to) ? new QuestionParser(reading, message, start, all, to, deed).read() : null;
        return found != null
                        && found.intent() instanceof Intent.Show show
                        && (every || !show.what().isEmpty())
                ? new Understanding(
                        new Intent.Several(delete, show),
                        Stream.concat(found.understood().stream(), around(to, to, to, deed).stream())
                                .toList())
                : null;
    }

    /** “Delete #food”, “complete overdue tasks”: no title is named. */
    private boolean saysWhich(int from, int to) {
        return IntStream.range(from, to).allMatch(at -> tokens.get(at).is(Kind.TAG, Kind.PRIORITY))
                || IntStream.range(from, to).anyMatch(at -> reading.is("tasks-itself", at));
    }

    // Acts on one task ----------------------------------------------------------------------------------------

    private @Nullable Understanding done(int start) {
        int before = reading.after("done-before", start);
        if (before > start) {
            return before == end
                    ? Understanding.of(new Intent.Unclear(language.say("which-is-done"), List.of(), text(start, end)))
                    : done(start, before, end, true);
        }
        boolean opens = reading.is("complete-open", start) && reading.is("complete-close", end - 1);
        int last = opens ? end - 1 : reading.is("mark", start) ? endOf("mark-done") : -1;
        if (last > start + 1) {
            return done(start, start + 1, last, true);
        }
        if (endOf("until-done") >= 0) {
            return null;
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
            var place = place(skip, end);
            return saysMore(skip, place)
                    ? null
                    : new Understanding(
                            new Intent.Skip(one(text(skip, place.first), place.lists)),
                            around(start, skip, place, "skip"));
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
        return IntStream.range(Math.max(0, end - LONGEST_END), end)
                .filter(it -> reading.after(name, it) == end)
                .findFirst()
                .orElse(-1);
    }

    /** @param sure true if nothing else can be meant */
    private Understanding done(int start, int from, int to, boolean sure) {
        var several = several(start, from, to, false);
        if (several != null) {
            return several;
        }
        var place = place(from, to);
        return saysMore(from, place)
                ? deedOrAdd("done", one(text(from, place.first), place.lists))
                : complete(start, from, place, sure);
    }

    /** @param deed what may be meant instead of a new task, as the language names it */
    private Understanding deedOrAdd(String deed, Intent.Complete one) {
        return unclear(
                language.say(deed + "-or-not"),
                List.of(
                        new Choice(
                                language.say(deed, "task", one.said(language)),
                                language.say(deed + "-label", "task", one.shown(language))),
                        addInstead()));
    }

    /** “Complete report by Friday” is still to be done; “complete call at 5” and “complete today” perhaps. */
    private @Nullable Understanding doComplete(int start, int from, boolean sure) {
        var several = several(start, from, end, false);
        if (several != null) {
            return several;
        }
        // “Finish homework in School” is as well to be done there.
        var place = sure ? place(from, end) : new Place(end, end, List.of());
        if (!saysMore(from, place)) {
            return complete(start, from, place, sure);
        }
        boolean perhaps =
                reading.phrases(Verdict.TAKE).stream().noneMatch(it -> it.isDay() || it.says(Meaning.Again.class));
        var one = oneOf(from);
        return sure && (perhaps || isTime(from, end)) ? deedOrAdd("done", one) : null;
    }

    private @Nullable Understanding delete(int start) {
        int from = reading.after("delete", start);
        if (from == start || from >= end) {
            return null;
        }
        var several = several(start, from, end, true);
        if (several != null) {
            return several;
        }
        var place = place(from, end);
        if (saysMore(from, place)) {
            return deleteOrAdd(from);
        }
        var one = one(text(from, place.first), place.lists);
        return place.isNamed() && text(from, place.first).equals(one.words())
                ? deedOrAdd("delete", one)
                : new Understanding(new Intent.Delete(one), around(start, from, place, "delete"));
    }

    /** “Delete call at 5”: the call that is due then, or a deed for then, as “delete "old mails" tomorrow” surely is. */
    private @Nullable Understanding deleteOrAdd(int from) {
        var taken = reading.phrases(Verdict.TAKE);
        boolean quotes = IntStream.range(from, end)
                .mapToObj(at -> text(at, at + 1))
                .anyMatch(it -> !Quotes.without(it).equals(it));
        if (quotes && taken.stream().anyMatch(Phrase::isDay)
                || taken.isEmpty() && reading.phrases(Verdict.ASK).isEmpty()) {
            return null;
        }
        return deedOrAdd("delete", oneOf(from));
    }

    /**
     * “Move rent to tomorrow at 9”, “move rent to Groceries”: else it is to be done, “move the sofa to the attic”. Where verbs
     * come last, “Miete auf morgen verschieben”.
     */
    private @Nullable Understanding move(int start) {
        int from = reading.after("move", start);
        int to = from == start ? end - 1 : end;
        if (from == start && !reading.is("move-last", to) || Understanding.isTooLongToAsk(message.length())) {
            return null;
        }
        for (int at = from + 1; at < end; at++) {
            int forward = reading.after("forward", at);
            if (forward > at && reading.after("so-long", forward) == to) {
                return whichWay(one(from, at), reading.between(at, to), reading.between(forward, to));
            }
            var by = reading.match("by-so-long", at);
            // “Miete um einen Tag vorziehen” says how with its verb.
            if (by != null && (by.end() == to || by.end() == end) && by.meaning() instanceof Later later) {
                return new Understanding(
                        new Intent.Move(one(from, at), null, null, later.by(), null, reading.between(at, by.end())),
                        around(start, from, at, "move"));
            }
        }
        describe(from);
        for (int at = to - 2; at > from; at--) {
            int first = reading.is("to-word", at) ? nameEnd(from, at) : from;
            if (first > from && !named(from, first).isEmpty()) {
                var moved = move(start, from, first, at, to);
                if (moved != null) {
                    return first < at ? moveOrAdd(moved) : moved;
                }
            }
        }
        return null;
    }

    /** “Rent from Monday” to Friday: where it is now may be said, or be of the title. */
    private int nameEnd(int from, int to) {
        return IntStream.range(from + 1, to - 1)
                .filter(at -> reading.is("from-word", at))
                .reduce((first, last) -> last)
                .stream()
                .filter(at -> isWhen(at + 1, to))
                .findFirst()
                .orElse(to);
    }

    private boolean isWhen(int from, int to) {
        var span = reading.match("span", from);
        return span != null && span.end() == to
                || !clock(from, to).isEmpty()
                || !dues(from, to).isEmpty();
    }

    private Understanding moveOrAdd(Understanding moved) {
        return moved.intent() instanceof Intent.Move move
                ? unclear(
                        language.say("is-it-move", "title", move.one().words()),
                        List.of(new Choice(move.say(language, move.one().said(language)), label(move)), addInstead()))
                : moved;
    }

    /** @param first token after its name */
    private @Nullable Understanding move(int start, int from, int first, int at, int to) {
        var place = place(from, first);
        var one = one(named(from, place.first), place.lists);
        if (one.words().isEmpty()) {
            return null;
        }
        var lists = reading.lists(at + 1, to);
        var times = clock(at + 1, to);
        var dues = times.isEmpty() ? dues(at + 1, to) : List.<Due>of();
        var moves = new ArrayList<Intent.Move>();
        lists.forEach(it -> moves.add(new Intent.Move(one, null, null, null, it, it.name())));
        times.forEach(it -> moves.add(new Intent.Move(one, null, it, null, null, CLOCK.format(it))));
        dues.forEach(it -> moves.add(new Intent.Move(one, it.date(), it.time(), null, null, written(it))));
        if (moves.size() < 2) {
            return moves.isEmpty() ? null : new Understanding(moves.get(0), spans(start, from, at, to, moves.get(0)));
        }
        return unclear(
                language.say("what", "words", reading.between(at, to)),
                moves.stream()
                        .map(it -> new Choice(it.say(language, one.said(language)), label(it)))
                        .toList());
    }

    /** “Forward” is later to some, and earlier to others. */
    private Understanding whichWay(Intent.Complete one, String words, String soLong) {
        return unclear(
                language.say("what", "words", words),
                Stream.of("later", "earlier")
                        .map(it -> language.say(it, "long", soLong))
                        .map(it ->
                                new Choice(language.say("move-by", Map.of("task", one.said(language), "to", it)), it))
                        .toList());
    }

    /** A time alone is of the command: of which day is not known here. */
    private List<Span> spans(int start, int from, int at, int to, Intent.Move move) {
        var list = move.list();
        var date = move.date();
        if (list == null && date == null) {
            return around(start, from, at, "move");
        }
        var spans = new ArrayList<>(around(start, from, to, "move"));
        if (list != null) {
            spans.add(span(at, to, "list", list.id()));
        } else if (date != null) {
            spans.add(span(at, to, "due", new Due(date, move.time()).toString()));
        }
        return spans;
    }

    private String label(Intent.Move move) {
        if (move.list() != null) {
            return language.say(
                    "title-in",
                    Map.of("title", move.one().words(), "list", move.list().name()));
        }
        return move.date() == null ? move.to() : said(new Due(move.date(), move.time()));
    }

    /** “Snooze rent for an hour”, “remind me again about rent tomorrow at 8”. */
    private @Nullable Understanding snooze(int start) {
        int again = reading.after("remind-again", start);
        int from = again > start ? again : reading.after("snooze", start);
        if (from == start || from >= end || Understanding.isTooLongToAsk(message.length())) {
            return null;
        }
        int first = again > start && reading.is("about-word", from) ? from + 1 : from;
        describe(first);
        if (again == start && !snoozes(start, from, from, end).isEmpty()) {
            return unclear(language.say("again-what"), List.of(addInstead())).unsure();
        }
        for (int at = first + 1; at < end; at++) {
            // "Again in two hours about rent" as well as "again about rent in two hours".
            var put = reading.is("about-word", at) && again > start && first == from && at + 1 < end
                    ? snoozes(at + 1, end, from, at)
                    : first == from && again > start ? List.<Intent.Snooze>of() : snoozes(first, at, at, end);
            if (put.size() == 1) {
                return new Understanding(
                        put.get(0),
                        first == from && again > start
                                ? around(start, at + 1, end, "snooze")
                                : around(start, first, at, "snooze"));
            }
            if (!put.isEmpty()) {
                return unclear(
                        language.say("how-long"),
                        put.stream()
                                .map(it -> new Choice(it.say(language, it.one().said(language)), it.to()))
                                .toList());
            }
        }
        if (again > start && first == from) {
            return unclear(language.say("again-what"), List.of(addInstead())).unsure();
        }
        var title = one(first, end).said(language);
        return Understanding.of(new Intent.Unclear(
                language.say("how-long"),
                Stream.of("snooze-hour", "snooze-day")
                        .map(language::say)
                        .map(it -> new Choice(language.say("snooze", Map.of("task", title, "to", it)), it))
                        .toList(),
                language.say("snooze", Map.of("task", title, "to", "")).strip()));
    }

    /** @param first token of its name, which goes up to {@code last} */
    private List<Intent.Snooze> snoozes(int first, int last, int from, int to) {
        var period = reading.match("snooze-for", from);
        if (period != null && period.end() == to && period.meaning() instanceof Lead lead) {
            return List.of(
                    new Intent.Snooze(one(first, last), lead.reminder().substring(1), null, reading.between(from, to)));
        }
        int when = reading.is("until-word", from) && from + 1 < to ? from + 1 : from;
        return (isTime(when, to) ? dues(when, to) : List.<Due>of())
                .stream()
                        .map(it -> new Due(it.date(), it.time() == null ? MORNING : it.time()))
                        .filter(it -> it.at(reading.speaker().now().getZone())
                                .isAfter(reading.speaker().now().toInstant()))
                        .map(it -> new Intent.Snooze(
                                one(first, last), null, it, language.say("until", "day", written(it))))
                        .toList();
    }

    private Intent.Complete one(String words, List<ListName> within) {
        return new Intent.Complete(Quotes.without(words), Understanding.plain(message), within);
    }

    /** The task that words name, in the list at their end. */
    private Intent.Complete one(int from, int to) {
        var place = place(from, to);
        return one(text(from, place.first), place.lists);
    }

    /** The same, where more of it is said: “call at 5 in Work”. */
    private Intent.Complete oneOf(int from) {
        describe(from);
        var place = place(from, end);
        var named = named(from, place.first).replaceAll("[\\s,;:]+$", "");
        var lists = Stream.concat(
                        place.lists.stream(),
                        reading.phrases(Verdict.TAKE, Verdict.ASK).stream()
                                .map(Phrase::meaning)
                                .filter(InList.class::isInstance)
                                .flatMap(it -> ((InList) it).lists().stream()))
                .distinct()
                .toList();
        return one(named.isEmpty() ? text(from, place.first) : named, lists);
    }

    private Understanding complete(int start, int from, Place place, boolean sure) {
        var words = Quotes.without(text(from, place.first));
        return new Understanding(
                new Intent.Complete(words, sure ? null : Understanding.plain(message), place.lists),
                around(start, from, place, "complete"));
    }

    /**
     * The list at the end of words that name a task: “milk from Groceries”.
     *
     * @param first token of it; {@code end} where there is none
     * @param lists of that name
     */
    private record Place(int first, int end, List<ListName> lists) {
        boolean isNamed() {
            return !lists.isEmpty();
        }
    }

    private Place place(int from, int to) {
        for (int at = from + 1; at < to - 1; at++) {
            int name = reading.is("from-word", at) ? at + 1 : reading.after("in-list", at);
            var lists = name > at && name < to ? reading.lists(name, to) : List.<ListName>of();
            if (!lists.isEmpty()) {
                return new Place(at, to, lists);
            }
        }
        return new Place(to, to, List.of());
    }

    // Lists -----------------------------------------------------------------------------------------------------------

    /** “Share Groceries with anna and bob as viewer”. */
    private @Nullable Understanding share(int start) {
        boolean ends = reading.after("unshare", start) > start;
        int from = reading.after(ends ? "unshare" : "share", start);
        int with = IntStream.range(from + 1, end - 1)
                .filter(at -> reading.is("with-word", at))
                .reduce((first, last) -> last)
                .orElse(-1);
        if (from == start || with < 0) {
            return null;
        }
        int role = IntStream.range(with + 2, end)
                .filter(at -> reading.after("role", at) == end)
                .findFirst()
                .orElse(end);
        var users = users(with + 1, role);
        if (users.isEmpty()) {
            return null;
        }
        var lists = reading.lists(from, with);
        var as = ends
                ? null
                : role == end
                        ? "editor"
                        : String.valueOf(Objects.requireNonNull(reading.match("role", role))
                                .meaning());
        if (lists.size() == 1) {
            var what = ends ? "unshare" : "share";
            return new Understanding(
                    new Intent.Share(lists.get(0), users, as),
                    List.of(
                            command(start, from, what),
                            span(from, with, "list", lists.get(0).id()),
                            command(with, end, what)));
        }
        if (lists.isEmpty()) {
            return saysMore(from)
                    ? null
                    : unclear(
                                    language.say("no-list", "list", Quotes.without(reading.between(from, with))),
                                    List.of(addInstead()))
                            .unsure();
        }
        return unclear(
                language.say("which-list", "list", lists.get(0).name()),
                lists.stream()
                        .map(it -> new Intent.Share(it, users, as))
                        .map(it -> new Choice(
                                language.say(
                                        as == null ? "unshare" : "share-" + as,
                                        Map.of("list", it.list().id(), "user", it.named(language))),
                                it.list().name() + " (" + it.list().id() + ")"))
                        .toList());
    }

    /** “Anna, bob, and carl”; none where one of them cannot be a user. */
    private List<String> users(int from, int to) {
        var users = new ArrayList<String>();
        int first = from;
        for (int at = from; at <= to; at++) {
            boolean and = at < to && reading.is("and-word", at);
            if (and && at == first && !users.isEmpty()) {
                first++;
            } else if (and || at == to || tokens.get(at).text().equals(",")) {
                var user = first < at ? reading.between(first, at) : "";
                if (!UserName.fits(user) || user.contains(" ")) {
                    return List.of();
                }
                users.add(user);
                first = at + 1;
            }
        }
        return users.stream().distinct().toList();
    }

    // Parts of sentences ----------------------------------------------------------------------------------------------

    /** Marks the tokens that phrases may be made of. */
    private void describe(int from) {
        reading.read(from);
        Arrays.stream(Verdict.values())
                .flatMap(it -> reading.phrases(it).stream())
                .forEach(it -> Arrays.fill(described, it.first(), it.end(), true));
        reading.phrases(Verdict.LEAVE).forEach(it -> Arrays.fill(left, it.first(), it.end(), true));
    }

    /** The words that name a task, without those that say when it is; empty: "meeting from monday" to Friday is a title. */
    private String named(int from, int to) {
        if (IntStream.range(from, to).noneMatch(at -> described[at])) {
            return text(from, to);
        }
        return IntStream.range(from, to).anyMatch(at -> left[at])
                ? ""
                : IntStream.range(from, to)
                        .filter(at -> !described[at])
                        .mapToObj(at -> text(at, at + 1))
                        .collect(Collectors.joining(" "));
    }

    /** Tells if words may be of days and times alone. */
    private boolean isTime(int from, int to) {
        return IntStream.range(from, to)
                .allMatch(at -> described[at] || tokens.get(at).is(Kind.MARK));
    }

    /** A time alone. */
    private List<LocalTime> clock(int from, int to) {
        var match = reading.match("time-alone", from);
        return match != null && match.end() == to && match.meaning() instanceof Clock clock
                ? new When(null, clock, null, null).times()
                : List.of();
    }

    /** The days and times that words may mean, if nothing else is in them: “the 5th” too, which is one after “on”. */
    private List<Due> dues(int from, int to) {
        if (to - from > LONGEST_TIME) {
            return List.of();
        }
        int first = from;
        while (first < to - 1 && reading.is("determiner", first)) {
            first++;
        }
        boolean dot = to == end && to < tokens.size() && tokens.get(to).text().equals(".");
        var on = language.say("day", "day", reading.between(first, dot ? to + 1 : to));
        return Stream.of(reading.between(from, to), on)
                .map(this::dues)
                .filter(it -> !it.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    /** The dues of a task with these words. */
    private List<Due> dues(String words) {
        var intent = due(language.say("task", "task", "\"x\"") + " " + words);
        if (intent instanceof Intent.Unclear asked) {
            return asked.choices().stream()
                    .map(it -> due(it.say()))
                    .filter(Intent.Add.class::isInstance)
                    .flatMap(it -> Stream.ofNullable(((Intent.Add) it).due()))
                    .toList();
        }
        return intent instanceof Intent.Add add && add.due() != null ? List.of(add.due()) : List.of();
    }

    /** @return an {@link Intent.Add} only where the words are of the time alone */
    private @Nullable Intent due(String sentence) {
        var intent = new IntentParser(new Reading(sentence.codePoints().toArray(), reading.speaker()), sentence)
                .read()
                .intent();
        boolean more = intent instanceof Intent.Add add
                && !(add.title().equals("x")
                        && add.recurrence() == null
                        && add.tags().isEmpty()
                        && add.reminders().isEmpty()
                        && add.list() == null
                        && add.priority() == null);
        return more ? null : intent;
    }

    private String written(Due due) {
        return written(language, due);
    }

    /** So that it is read the same whatever day it is. */
    static String written(Language language, Due due) {
        return due.date() + (due.time() == null ? "" : " " + language.say("time", "time", CLOCK.format(due.time())));
    }

    private Span span(int from, int to, String as, String value) {
        return new Span(tokens.get(from).from(), tokens.get(to - 1).to(), as, value);
    }

    private Span command(int from, int to, String what) {
        return span(from, to, "command", what);
    }

    /** The words of a command stand before what it is about, behind it, or both. */
    private List<Span> around(int start, int from, int to, String what) {
        var spans = new ArrayList<Span>();
        if (from > start) {
            spans.add(command(start, from, what));
        }
        if (end > to) {
            spans.add(command(to, end, what));
        }
        return spans;
    }

    private List<Span> around(int start, int from, Place place, String what) {
        var spans = around(start, from, place.end, what);
        if (place.lists.size() == 1) {
            spans.add(span(place.first, place.end, "list", place.lists.get(0).id()));
        }
        return spans;
    }

    /** Tells if there is a day, a tag or another phrase that describes an open task. */
    private boolean saysMore(int from) {
        return saysMore(from, new Place(end, end, List.of()));
    }

    /** The same beside the list that it is in. */
    private boolean saysMore(int from, Place place) {
        reading.read(from);
        return reading.phrases(Verdict.TAKE, Verdict.ASK, Verdict.DOUBT).stream()
                .anyMatch(it -> it.first() < place.first || it.first() >= place.end);
    }

    private boolean asks() {
        return reading.after("question", 0) > 0 || endsInAQuestionMark();
    }

    private boolean endsInAQuestionMark() {
        return tokens.stream().skip(end).anyMatch(it -> it.text().equals("?"));
    }

    private String text(int from, int to) {
        return reading.between(from, to);
    }

    private Choice addInstead() {
        return addInstead(message, language);
    }

    static Choice addInstead(String message, Language language) {
        var plain = Understanding.plain(message);
        return new Choice(language.say("task", "task", plain), language.say("add-label", "title", plain));
    }

    private static Understanding unclear(String question, List<Choice> choices) {
        return Understanding.of(new Intent.Unclear(question, choices, null));
    }

    private Understanding help(String question, List<Choice> choices) {
        return unclear(language.say(question) + " " + language.say("help"), choices);
    }
}
