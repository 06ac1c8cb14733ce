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
import java.time.LocalDate;
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
    /** Tasks that one command names: a filter takes no more comparisons by words. */
    private static final int MOST_NAMED = 20;
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
        return Stream.<Reader>of(this::show, this::move, this::delete, this::snooze, this::share, this::end, this::done)
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

    /** “Add milk; add bread tomorrow”, “add milk and add bread”. */
    private @Nullable Understanding addAll(int start) {
        var begins = IntStream.range(start, end)
                .filter(at -> at == start
                        || joint(at) < at && reading.between(at, at + 1).equalsIgnoreCase(text(start, start + 1))
                        || tokens.get(at - 1).text().equals(";"))
                .filter(at -> reading.after("add", at) > at || reading.is("add-open", at))
                .boxed()
                .toList();
        if (begins.size() < 2 || begins.size() > MOST_AT_ONCE) {
            return null;
        }
        var parts = new ArrayList<String>();
        var all = new ArrayList<Intent.Add>();
        for (int i = 0; i < begins.size(); i++) {
            int to = i + 1 < begins.size() ? joint(begins.get(i + 1)) : tokens.size();
            parts.add(reading.between(begins.get(i), to));
            var intent = Understanding.of(parts.get(i), reading.speaker()).intent();
            if (!(intent instanceof Intent.Add add)) {
                return intent instanceof Intent.Unclear asked
                        ? unclear(asked.question(), List.of())
                        : Understanding.of(intent);
            }
            all.add(add);
        }
        var last = all.get(all.size() - 1);
        var due = all.stream().filter(it -> it.due() != null).count() == 1 ? last.due() : null;
        var list = all.stream().filter(it -> it.list() != null).count() == 1 ? last.list() : null;
        boolean joined = tokens.stream().noneMatch(it -> it.text().equals(";"));
        return joined && (due != null || list != null)
                ? askOfAll(parts, all, due, list)
                : Understanding.of(new Intent.AddAll(all));
    }

    /** The first of the words that join what begins there to what is before it. */
    private int joint(int at) {
        int first = at;
        while (first > 0
                && (List.of(",", ";").contains(tokens.get(first - 1).text())
                        || reading.is("and-word", first - 1)
                        || reading.is("then-word", first - 1))) {
            first--;
        }
        return first;
    }

    /** “Add milk and add bread to Groceries tomorrow”: the list and the day are of the last, or of all. */
    private Understanding askOfAll(
            List<String> parts, List<Intent.Add> adds, @Nullable Due due, @Nullable ListName list) {
        var more = (list == null ? "" : " " + language.say("list", "list", list.id()))
                + (due == null ? "" : " " + language.say("day", "day", written(due)));
        int last = parts.size() - 1;
        var all = Stream.concat(parts.stream().limit(last).map(it -> it + more), Stream.of(parts.get(last)));
        return unclear(
                language.say("which"),
                List.of(
                        new Choice(String.join("; ", parts), labels(adds, null, null)),
                        new Choice(all.collect(Collectors.joining("; ")), labels(adds, due, list))));
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
        choices.add(new Choice(sentences(tasks, null), labels(adds, null, null)));
        if (due != null && adds.stream().filter(it -> it.due() != null).count() == 1) {
            choices.add(new Choice(sentences(tasks, last), labels(adds, due, null)));
        }
        choices.add(
                whole.intent() instanceof Intent.Add add
                        ? new Choice(task.sentence(null), language.say("one-thing", "task", label(add, null, null)))
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

    private String labels(List<Intent.Add> adds, @Nullable Due due, @Nullable ListName list) {
        return language.say(
                "several-tasks",
                "tasks",
                adds.stream().map(it -> label(it, due, list)).collect(Collectors.joining("; ")));
    }

    private String label(Intent.Add add, @Nullable Due due, @Nullable ListName list) {
        var at = due == null ? add.due() : due;
        var in = list == null ? add.list() : list;
        return (in == null
                        ? language.say("quoted", "title", add.title())
                        : language.say("title-in", Map.of("title", add.title(), "list", in.name())))
                + (at == null ? "" : ", " + said(at));
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
        var named = new Intent.Complete(reading.between(from, to), null);
        if (orAll(delete ? new Intent.Delete(named) : named, from, to) instanceof Intent.All all) {
            return new Understanding(all, around(start, from, to, deed));
        }
        int of = reading.after("all-of", from);
        boolean every = of > from;
        var found =
                every || saysWhich(from, to) ? new QuestionParser(reading, message, start, of, to, deed).read() : null;
        return found != null
                        && found.intent() instanceof Intent.Show show
                        && (every || !show.what().isEmpty())
                ? new Understanding(
                        new Intent.Several(delete, show),
                        Stream.concat(found.understood().stream(), around(to, to, to, deed).stream())
                                .toList())
                : null;
    }

    /** “Tasks aa.1 aa.2”, as in a choice. */
    private Intent orAll(Intent.ToEach deed, int from, int to) {
        return ids(from) == to ? new Intent.All(deed, List.of(text(from + 1, to).split(" "))) : deed;
    }

    /** @return where the ids end that name tasks there, or {@code from} */
    private int ids(int from) {
        int to = from + 1;
        while (reading.is("tasks-itself", from)
                && to < end
                && TaskId.parse(text(to, to + 1)).isPresent()) {
            to++;
        }
        return to > from + 1 ? to : from;
    }

    /** “Delete #food”, “complete overdue tasks”: no title is named. */
    private boolean saysWhich(int from, int to) {
        return IntStream.range(from, to).allMatch(at -> tokens.get(at).is(Kind.TAG, Kind.PRIORITY))
                || IntStream.range(from, to).anyMatch(at -> reading.is("tasks-itself", at));
    }

    // Acts on tasks by name -------------------------------------------------------------------------------------------

    /** The words that a command is about, up to {@code to}. */
    private record Command(int from, int to) {}

    /** “Lösche Milch” and, where a verb may come last, “Milch löschen”: that may as well be to be done. */
    private @Nullable Command command(String verb, int start) {
        int from = reading.after(verb, start);
        if (from > start) {
            return from < end ? new Command(from, end) : null;
        }
        int to = end - 1;
        boolean several =
                IntStream.range(start, to).anyMatch(at -> reading.is("verb-last", at) && joint(at + 2) == at + 1);
        return to > start && reading.is(verb + "-last", to) && !several ? new Command(start, to) : null;
    }

    /** “Stop repeating pay rent”, “pay rent no longer repeats”, “end the pay rent series”. */
    private @Nullable Understanding end(int start) {
        int from = reading.after("end-series", start);
        int to = endOf(from > start ? "any-more" : "repeats-no-more");
        for (var pair : List.of("end-series", "stop-repeating")) {
            int close = from == start && reading.is(pair + "-open", start) ? endOf(pair + "-close") : -1;
            if (close > start + 1) {
                from = start + 1;
                to = close;
            }
        }
        if (from == start && to <= start || from >= end || to == from) {
            return null;
        }
        int last = to < 0 ? end : to;
        var place = place(from, last);
        return saysMore(from, place)
                ? deedOrAdd("end", oneOf(from, last))
                : new Understanding(
                        new Intent.End(one(text(from, place.first), place.lists)), around(start, from, place, "end"));
    }

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
        var skip = command("skip", start);
        if (skip != null) {
            var place = place(skip.from, skip.to);
            return saysMore(skip.from, place)
                    ? skip.from > start ? deedOrAdd("skip", oneOf(skip.from, skip.to)) : null
                    : new Understanding(
                            new Intent.Skip(one(text(skip.from, place.first), place.lists)),
                            around(start, skip.from, place, "skip"));
        }
        var done = command("complete", start);
        boolean sure = done != null && done.from > start;
        done = done == null ? command("perhaps-complete", start) : done;
        if (done == null) {
            return null;
        }
        last = endOf("as-done");
        return last > done.from ? done(start, done.from, last, true) : doComplete(start, done, sure);
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
    private @Nullable Understanding doComplete(int start, Command command, boolean sure) {
        int from = command.from;
        var several = several(start, from, command.to, false);
        if (several != null) {
            return several;
        }
        // “Finish homework in School” is as well to be done there.
        var place = sure ? place(from, end) : new Place(command.to, command.to, List.of());
        if (!saysMore(from, place)) {
            return complete(start, from, place, sure);
        }
        boolean perhaps =
                reading.phrases(Verdict.TAKE).stream().noneMatch(it -> it.isDay() || it.says(Meaning.Again.class));
        var one = oneOf(from, end);
        return sure && (perhaps || isTime(from, end)) ? deedOrAdd("done", one) : null;
    }

    private @Nullable Understanding delete(int start) {
        var command = command("delete", start);
        if (command == null) {
            return null;
        }
        int from = command.from;
        var several = several(start, from, command.to, true);
        if (several != null) {
            return several;
        }
        var place = place(from, command.to);
        if (saysMore(from, place)) {
            return from > start ? deleteOrAdd(from) : null;
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
        return deedOrAdd("delete", oneOf(from, end));
    }

    /**
     * “Move rent to tomorrow at 9”, “move rent to Groceries”: else it is to be done, “move the sofa to the attic”. Where verbs
     * come last, “Miete auf morgen verschieben”.
     */
    private @Nullable Understanding move(int start) {
        int from = reading.after("move", start);
        int to = from == start ? end - 1 : end;
        // A choice has the ids of all that were named: they are no words to look into.
        int ids = ids(from);
        int words = message.length() - (ids > from ? text(from, ids).length() : 0);
        if (from == start && !reading.is("move-last", to) || Understanding.isTooLongToAsk(words)) {
            return null;
        }
        for (int at = from + 1; at < end; at++) {
            int forward = reading.after("forward", at);
            if (forward > at && forward < to && reading.after("so-long", forward) == to) {
                return whichWay(one(from, at), reading.between(at, to), reading.between(forward, to));
            }
            var by = reading.match("by-so-long", at);
            // “Miete um einen Tag vorziehen” says how with its verb.
            if (by != null && (by.end() == to || by.end() == end) && by.meaning() instanceof Later later) {
                return new Understanding(
                        orAll(
                                new Intent.Move(
                                        one(from, at), null, null, later.by(), null, reading.between(at, by.end())),
                                from,
                                at),
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
                        List.of(
                                new Choice(move.say(language, move.one().said(language)), label(move, List.of())),
                                addInstead()))
                : moved;
    }

    /** @param first token after its name */
    private @Nullable Understanding move(int start, int from, int first, int at, int to) {
        var place = place(from, first);
        var words = named(from, place.first);
        if (words.isEmpty()) {
            return null;
        }
        var lists = reading.lists(at + 1, to);
        int list = lists.isEmpty() ? at + 1 : to;
        // “To Summer Trip tomorrow”: to the list of the longest name, and then.
        for (int last = Math.min(to - 1, at + 1 + LONGEST_NAME);
                last > Math.max(at + 1, to - 1 - LONGEST_TIME) && lists.isEmpty();
                last--) {
            int when = reading.is("and-word", last) ? last + 1 : last;
            var named = when == to ? lists : reading.lists(at + 1, last);
            if (!named.isEmpty() && !whens(null, when, to).isEmpty()) {
                lists = named;
                list = last;
            }
        }
        int when = list < to && reading.is("and-word", list) ? list + 1 : list;
        var wheres = new ArrayList<Where>();
        for (var it : lists) {
            wheres.addAll(when == to ? List.of(new Where(null, null, it, "")) : whens(it, when, to));
        }
        wheres.addAll(lists.isEmpty() ? whens(null, at + 1, to) : List.of());
        if (wheres.isEmpty()) {
            return null;
        }
        var one = one(words, place.lists);
        var moves = wheres.stream()
                .map(it -> new Intent.Move(one, it.date, it.time, null, it.list, it.words))
                .toList();
        if (moves.size() == 1) {
            return new Understanding(
                    orAll(moves.get(0), from, place.first), spans(start, from, at, list, to, moves.get(0)));
        }
        var all = lists;
        return unclear(
                language.say("what", "words", reading.between(at, to)),
                moves.stream()
                        .map(it -> new Choice(it.say(language, one.said(language)), label(it, all)))
                        .toList());
    }

    /** As an {@link Intent.Move} has it. */
    private record Where(
            @Nullable LocalDate date,
            @Nullable LocalTime time,
            @Nullable ListName list,
            String words) {}

    /** The days and times that words may mean. */
    private List<Where> whens(@Nullable ListName list, int from, int to) {
        var times = clock(from, to);
        var dues = times.isEmpty() ? dues(from, to) : List.<Due>of();
        return Stream.concat(
                        times.stream().map(it -> new Where(null, it, list, CLOCK.format(it))),
                        dues.stream().map(it -> new Where(it.date(), it.time(), list, written(it))))
                .toList();
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
    private List<Span> spans(int start, int from, int at, int when, int to, Intent.Move move) {
        var list = move.list();
        var date = move.date();
        if (list == null && date == null) {
            return around(start, from, at, "move");
        }
        var spans = new ArrayList<>(around(start, from, to, "move"));
        if (list != null) {
            spans.add(span(at, when, "list", list.id()));
        }
        if (date != null) {
            spans.add(span(list == null ? at : when, to, "due", new Due(date, move.time()).toString()));
        }
        return spans;
    }

    private String label(Intent.Move move, List<ListName> lists) {
        var when = move.date() == null ? move.to() : said(new Due(move.date(), move.time()));
        if (move.list() == null) {
            return when;
        }
        var there = language.say(
                "title-in",
                Map.of("title", move.one().words(), "list", move.list().among(lists)));
        return move.isOfList() ? there : there + ", " + when;
    }

    /** “Snooze rent for an hour”, “remind me again about rent tomorrow at 8”. */
    private @Nullable Understanding snooze(int start) {
        int again = reading.after("remind-again", start);
        var command = again > start ? new Command(again, end) : command("snooze", start);
        if (command == null || command.from >= end || Understanding.isTooLongToAsk(message.length())) {
            return null;
        }
        int from = command.from;
        int to = command.to;
        int first = again > start && reading.is("about-word", from) ? from + 1 : from;
        if (first >= end) {
            return unclear(language.say("again-what"), List.of(addInstead())).unsure();
        }
        describe(first);
        if (again == start && from > start && !snoozes(start, from, from, end).isEmpty()) {
            return unclear(language.say("again-what"), List.of(addInstead())).unsure();
        }
        for (int at = first + 1; at < to; at++) {
            // "Again in two hours about rent" as well as "again about rent in two hours".
            var put = reading.is("about-word", at) && again > start && first == from && at + 1 < end
                    ? snoozes(at + 1, end, from, at)
                    : first == from && again > start ? List.<Intent.Snooze>of() : snoozes(first, at, at, to);
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
        if (from == start) {
            return null;
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
        boolean until = reading.is("until-word", from) && from + 1 < to;
        int when = until ? from + 1 : from;
        // “Until 5” is a time, as “at 5” is.
        var dues = until && !clock(when, to).isEmpty()
                ? dues(language.say("time", "time", reading.between(when, to)))
                : isTime(when, to) ? dues(when, to) : List.<Due>of();
        return dues.stream()
                .map(it -> new Due(it.date(), it.time() == null ? MORNING : it.time()))
                .filter(it -> it.at(reading.speaker().now().getZone())
                        .isAfter(reading.speaker().now().toInstant()))
                .map(it -> new Intent.Snooze(one(first, last), null, it, language.say("until", "day", written(it))))
                .toList();
    }

    private Intent.Complete one(String words, List<ListName> within) {
        return one(words, Understanding.plain(message), within);
    }

    private Intent.Complete one(String words, @Nullable String otherwise, List<ListName> within) {
        var parts = names(words);
        boolean quoted = !parts.isEmpty()
                && parts.stream().noneMatch(it -> Quotes.without(it).equals(it));
        var plain = parts.stream().map(Quotes::without).toList();
        return new Intent.Complete(
                quoted ? String.join(" " + language.say("and") + " ", plain) : Quotes.without(words),
                otherwise,
                within,
                plain);
    }

    /** “Milk”, “bread” and “eggs” of “milk, bread and eggs”; none where it is one name. */
    private List<String> names(String words) {
        if (Understanding.isTooLongToAsk(words.length())) {
            return List.of();
        }
        var said = new Reading(words.codePoints().toArray(), reading.speaker());
        var names = new ArrayList<String>();
        int first = 0;
        int to = said.tokens().size();
        for (int at = 0; at <= to; at++) {
            if (at == to
                    || said.is("and-word", at)
                    || said.tokens().get(at).text().equals(",")) {
                if (first < at) {
                    names.add(said.between(first, at));
                }
                first = at + 1;
            }
        }
        return names.size() < 2 || names.size() > MOST_NAMED ? List.of() : names;
    }

    /** The task that words name, in the list at their end. */
    private Intent.Complete one(int from, int to) {
        var place = place(from, to);
        return one(text(from, place.first), place.lists);
    }

    /** The same, where more of it is said: “call at 5 in Work”. */
    private Intent.Complete oneOf(int from, int to) {
        describe(from);
        var place = place(from, to);
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
        return new Understanding(
                one(text(from, place.first), sure ? null : Understanding.plain(message), place.lists),
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
        var command = command(ends ? "unshare" : "share", start);
        int from = command == null ? start : command.from;
        int to = command == null ? start : command.to;
        int with = IntStream.range(from + 1, to - 1)
                .filter(at -> reading.is("with-word", at))
                .reduce((first, last) -> last)
                .orElse(-1);
        if (with < 0) {
            return null;
        }
        int role = IntStream.range(with + 2, to)
                .filter(at -> reading.after("role", at) == to)
                .findFirst()
                .orElse(to);
        var users = users(with + 1, role);
        if (users.isEmpty()) {
            return null;
        }
        var lists = reading.lists(from, with);
        var as = ends
                ? null
                : role == to
                        ? "editor"
                        : String.valueOf(Objects.requireNonNull(reading.match("role", role))
                                .meaning());
        if (!lists.isEmpty() && !ends && users.stream().anyMatch(reading.speaker()::means)) {
            return unclear(language.say("not-yourself"), List.of(addInstead()));
        }
        if (lists.size() == 1) {
            var what = ends ? "unshare" : "share";
            var spans = around(start, from, with, what);
            spans.add(span(from, with, "list", lists.get(0).id()));
            return new Understanding(new Intent.Share(lists.get(0), users, as), spans);
        }
        if (lists.isEmpty()) {
            return from == start || saysMore(from)
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
                                it.list().among(lists)))
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
