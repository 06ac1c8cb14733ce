package dev.sandglass.task.domain.chat;

import dev.sandglass.task.domain.TaskFields;
import dev.sandglass.task.domain.chat.Meaning.Again;
import dev.sandglass.task.domain.chat.Meaning.Day;
import dev.sandglass.task.domain.chat.Meaning.Eve;
import dev.sandglass.task.domain.chat.Meaning.Important;
import dev.sandglass.task.domain.chat.Meaning.InList;
import dev.sandglass.task.domain.chat.Meaning.Lead;
import dev.sandglass.task.domain.chat.Meaning.Nagging;
import dev.sandglass.task.domain.chat.Meaning.OnDaysOff;
import dev.sandglass.task.domain.chat.Meaning.Question;
import dev.sandglass.task.domain.chat.Meaning.Remind;
import dev.sandglass.task.domain.chat.Meaning.Tag;
import dev.sandglass.task.domain.chat.Meaning.Times;
import dev.sandglass.task.domain.chat.Meaning.Until;
import dev.sandglass.task.domain.chat.Phrase.Manner;
import dev.sandglass.task.domain.chat.Phrase.Verdict;
import dev.sandglass.task.domain.chat.Token.Kind;
import dev.sandglass.task.domain.finding.Folding;
import dev.sandglass.time.Due;
import dev.sandglass.time.Recurrence;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a task to be added: phrases that describe it become its fields, all other words its title. */
final class NewTask {
    private static final int MOST_CHOICES = 5;

    /** A question that the user must answer before anything is done. */
    @SuppressWarnings("serial") // never leaves this class
    private static final class Unsure extends RuntimeException {
        private final transient Understanding asked;

        Unsure(Intent.Unclear question) {
            this(Understanding.of(question));
        }

        Unsure(Understanding asked) {
            super("unsure", null, false, false);
            this.asked = asked;
        }
    }

    private final Reading reading;
    private final Language language;
    private final String message;
    private final ZonedDateTime now;
    private final int start;
    private final boolean commanded;
    private final List<Token> tokens;
    /** The phrases that are taken, in the order of the message; {@link #due} and {@link #reminder} are parts of it. */
    private final List<Phrase> taken = new ArrayList<>();

    private final List<Phrase> due = new ArrayList<>();
    private final List<Phrase> reminder = new ArrayList<>();
    /** The time from {@link #reminder} to the day the task is due. */
    private @Nullable Phrase lead;

    private final Wording wording;
    private final List<Span> understood = new ArrayList<>();

    /**
     * @param start token after the words that ask for a new task
     * @param commanded whether there are such words
     */
    NewTask(Reading reading, String message, int start, boolean commanded) {
        this.reading = reading;
        this.language = reading.language();
        this.message = message;
        this.now = reading.speaker().now();
        this.start = start;
        this.commanded = commanded;
        this.tokens = reading.tokens();
        this.wording = new Wording(reading, start, commanded, taken, reminder);
    }

    Understanding read() {
        reading.read(start, commanded);
        taken.addAll(reading.phrases(Verdict.TAKE));
        try {
            var add = add();
            if (commanded && start > 0) {
                understood.add(
                        0, new Span(tokens.get(0).from(), tokens.get(start - 1).to(), "command", "add"));
            }
            return new Understanding(add, understood);
        } catch (Unsure e) {
            return e.asked;
        }
    }

    /** The same, once it was read, in words without doubt: also due when another task is. */
    String sentence(@Nullable NewTask also) {
        return wording.sentence(taken, List.of(), Map.of())
                + (also == null
                        ? ""
                        : also.due.stream()
                                .map(it -> " " + also.wording.source(it))
                                .collect(Collectors.joining()));
    }

    private Intent.Add add() {
        sort();
        if (!isVisible(wording.title(reading.phrases(Verdict.TAKE, Verdict.ASK, Verdict.DOUBT)))) {
            throw unclear("called", Understanding.plain(message));
        }
        for (var phrase : reading.phrases(Verdict.ASK)) {
            if (!isSaidOtherwise(phrase)) {
                leaveMore(phrase);
                throw ask(phrase);
            }
        }
        var again = again();
        if (again != null) {
            askOfTwoTimes();
        }
        var when = merged(due);
        for (var phrase : reading.phrases(Verdict.DOUBT)) {
            if (again == null && !when.isSaid()) {
                throw ask(phrase);
            }
        }
        askOfALoneVerb();
        var first = again == null ? null : first(again, when);
        var rule = again == null || first == null ? null : rule(again, first);
        var at = first == null ? due(when) : first;
        var nagging = last(Nagging.class);
        var workdays = last(OnDaysOff.class);
        var reminders = reminders(at, again != null);
        var title = wording.title(taken);
        var tags = tags();
        check(title, tags, at, reminders);
        var priority = last(Important.class);
        understood(at, rule);
        return new Intent.Add(
                title,
                at,
                priority == null ? null : priority.priority(),
                tags,
                rule,
                again == null || again.from() == Recurrence.From.SCHEDULE ? null : again.from(),
                workdays == null ? null : workdays.way(),
                reminders,
                nagging == null ? null : nagging.every(),
                list());
    }

    /** Where another day or time is said for sure, this one is of the title. */
    private boolean isSaidOtherwise(Phrase phrase) {
        boolean day = phrase.isDay() && due.stream().anyMatch(Phrase::isDay);
        boolean clock = phrase.says(Meaning.Clock.class) && due.stream().anyMatch(it -> it.says(Meaning.Clock.class));
        boolean list = phrase.says(InList.class) && taken.stream().anyMatch(it -> it.says(InList.class));
        return list || (day || clock) && !isJoined(phrase);
    }

    private @Nullable ListName list() {
        var lists = all(InList.class);
        if (lists.stream().map(Phrase::meaning).distinct().count() > 1) {
            throw askWhichList(
                    lists,
                    lists.stream()
                            .flatMap(it -> ((InList) it.meaning()).lists().stream())
                            .toList());
        }
        return lists.isEmpty()
                ? null
                : ((InList) lists.get(0).meaning()).lists().get(0);
    }

    private Unsure askWhichList(List<Phrase> phrases, List<ListName> lists) {
        var others = Wording.except(taken, phrases);
        var title =
                wording.title(Stream.concat(taken.stream(), phrases.stream()).toList());
        var choices = lists.stream()
                .limit(MOST_CHOICES)
                .map(it -> new Choice(
                        wording.sentence(
                                others,
                                List.of(),
                                Wording.asOne(phrases, phrases.get(0), reading.say("list", it.id()))),
                        language.say("title-in", Map.of("title", title, "list", it.among(lists)))))
                .collect(Collectors.toCollection(ArrayList::new));
        choices.add(wording.keep(phrases));
        return new Unsure(new Intent.Unclear(what(wording.source(phrases)), choices, wording.without(phrases)));
    }

    private String what(String words) {
        return language.say("what", "words", words);
    }

    /** "Tomorrow and Sunday" */
    private boolean isJoined(Phrase phrase) {
        int word = phrase.first() - 1;
        return reading.is("and-word", word) && due.stream().anyMatch(it -> it.end() == word);
    }

    private void check(String title, List<String> tags, @Nullable Due at, List<String> reminders) {
        if (!isVisible(title)) {
            throw unclear("called", Understanding.plain(message));
        }
        if (title.codePointCount(0, title.length()) > TaskFields.LONGEST_TITLE) {
            throw unclear("long-title", null);
        }
        if (tags.size() > TaskFields.MOST_TAGS
                || tags.stream().anyMatch(it -> it.codePointCount(0, it.length()) > TaskFields.LONGEST_TAG)) {
            throw unclear("many-tags", null);
        }
        if (reminders.size() > TaskFields.MOST_REMINDERS) {
            throw unclear("many-reminders", null);
        }
        if (at == null && reminders.stream().anyMatch(it -> !it.endsWith("Z"))) {
            throw unclear("remind-when", Understanding.plain(message));
        }
    }

    private static boolean isVisible(String title) {
        return title.codePoints().anyMatch(NewTask::isVisible);
    }

    /** Spaces, formats and the fillers of Hangul and Braille show nothing. */
    private static boolean isVisible(int it) {
        return !Tokenizer.isSpace(it)
                && Character.getType(it) != Character.FORMAT
                && "\u115f\u1160\u2800\u3164\uffa0".indexOf(it) < 0;
    }

    private Unsure unclear(String question, @Nullable String about) {
        return new Unsure(new Intent.Unclear(language.say(question), List.of(), about));
    }

    // Due or reminder -------------------------------------------------------------------------------------------------

    /**
     * "Remind me at 8" says when to remind, "call mum at 8" when it is due. A time after "15 minutes before" says when it
     * is due. A message that begins with "remind me tomorrow" is due tomorrow if it names no other day.
     */
    private void sort() {
        Phrase last = null;
        boolean reminding = false;
        for (var phrase : taken) {
            boolean joined = last != null && reminding && reading.follows(last, phrase);
            if (phrase.says(Remind.class, Nagging.class)) {
                reminding = phrase.says(Remind.class);
            } else if (joined && phrase.isTime()) {
                reminder.add(phrase);
            } else if (dayBefore(last, phrase)) {
                lead = last;
                reminder.add(phrase);
            } else {
                reminding = false;
                if (phrase.isTime()) {
                    due.add(phrase);
                }
            }
            last = phrase;
        }
        boolean leads = taken.stream().anyMatch(it -> it.says(Remind.class, Nagging.class) && reading.first(it));
        if (leads
                && Stream.concat(reminder.stream(), due.stream())
                                .map(NewTask::kind)
                                .distinct()
                                .count()
                        == reminder.size() + due.size()) {
            due.addAll(0, reminder);
            reminder.clear();
        }
    }

    /** "The day before at 6pm". */
    private boolean dayBefore(@Nullable Phrase last, Phrase phrase) {
        return last != null
                && last.meaning() instanceof Lead it
                && it.reminder().startsWith("-P")
                && !it.reminder().startsWith("-PT")
                && phrase.says(Meaning.Clock.class)
                && reading.follows(last, phrase)
                && taken.stream().anyMatch(day -> day.isDay() || day.says(Again.class));
    }

    private static Class<?> kind(Phrase phrase) {
        return phrase.isDay() ? Day.class : phrase.meaning().getClass();
    }

    private <T extends Meaning> @Nullable T last(Class<T> what) {
        T last = null;
        for (var phrase : taken) {
            if (what.isInstance(phrase.meaning())) {
                last = what.cast(phrase.meaning());
            }
        }
        return last;
    }

    private <T extends Meaning> List<Phrase> all(Class<T> what) {
        return taken.stream().filter(it -> it.says(what)).toList();
    }

    // When ------------------------------------------------------------------------------------------------------------

    private When merged(List<Phrase> phrases) {
        var when = When.NOT_SAID;
        for (var phrase : phrases) {
            var more = when.with(phrase.meaning());
            if (more.isEmpty()) {
                throw askWhich(phrases);
            }
            when = more.get();
        }
        return when;
    }

    /** Asks which of several is meant, each with the phrases that belong to it. */
    private Unsure askWhich(List<Phrase> phrases) {
        var dues = phrases.stream()
                .flatMap(it -> with(it, phrases).dues(now).stream())
                .distinct()
                .limit(MOST_CHOICES)
                .toList();
        return pick(phrases, dues);
    }

    private static When with(Phrase phrase, List<Phrase> others) {
        var when = When.NOT_SAID.with(phrase.meaning()).orElse(When.NOT_SAID);
        for (var other : others) {
            when = when.with(other.meaning()).orElse(when);
        }
        return when;
    }

    private @Nullable Due due(When when) {
        if (!when.isSaid()) {
            return null;
        }
        var dues = when.dues(now);
        if (dues.size() != 1) {
            throw pick(due, dues);
        }
        return ahead(dues.get(0), when);
    }

    /** A new task is not late, unless it names a day that is past. */
    private Due ahead(Due at, When when) {
        boolean past = !at.at(now.getZone()).isAfter(now.toInstant());
        if (past && (when.soon() != null || !at.date().isBefore(now.toLocalDate()))) {
            throw unclear("over", wording.without(due));
        }
        return at;
    }

    private Unsure pick(List<Phrase> phrases, List<Due> dues) {
        return ask(phrases, dues, Wording.except(taken, phrases), wording.keep(phrases));
    }

    private Unsure ask(List<Phrase> phrases, List<Due> dues, List<Phrase> others, Choice keep) {
        var words = wording.source(phrases);
        if (dues.isEmpty()) {
            var day = phrases.stream()
                    .filter(Phrase::isDay)
                    .map(wording::daySource)
                    .findFirst()
                    .orElse(words);
            return new Unsure(new Intent.Unclear(
                    language.say("no-such-day", "day", ended(day)), List.of(keep), wording.without(phrases)));
        }
        var choices = new ArrayList<Choice>();
        for (var at : dues) {
            choices.add(new Choice(
                    wording.sentence(others, List.of(), Wording.asOne(phrases, phrases.get(0), said(at))),
                    language.say("due", "due", new Reply(language, now).due(at))));
        }
        choices.add(keep);
        return new Unsure(new Intent.Unclear(what(words), choices, wording.without(phrases)));
    }

    /** With one full stop. */
    private static String ended(String text) {
        return text.endsWith(".") ? text : text + ".";
    }

    private String said(Due at) {
        var day = reading.say("day", at.date().toString());
        return at.time() == null ? day : day + " " + reading.say("time", IntentParser.CLOCK.format(at.time()));
    }

    private Unsure ask(Phrase phrase) {
        var keep = wording.keep(List.of(phrase));
        if (phrase.meaning() instanceof Question question) {
            var choices = question.instead().stream()
                    .map(it -> wording.instead(taken, phrase, it))
                    .collect(Collectors.toCollection(ArrayList::new));
            choices.add(keep);
            var words = wording.source(phrase);
            return new Unsure(new Intent.Unclear(
                    question.question().isEmpty()
                            ? what(words)
                            : language.say("asked", Map.of("words", words, "question", question.question())),
                    choices,
                    wording.without(List.of(phrase))));
        }
        if (phrase.meaning() instanceof InList in) {
            return askWhichList(List.of(phrase), in.lists());
        }
        if (phrase.isWhen() || phrase.says(Until.class)) {
            var joined = Stream.concat(due.stream(), Stream.of(phrase))
                    .distinct()
                    .sorted(Comparator.comparing(Phrase::first))
                    .toList();
            if (isJoined(phrase)) {
                return askWhich(joined);
            }
            var day = phrase.meaning() instanceof Until until ? until.day() : phrase.meaning();
            var when = with(new Phrase(phrase.manner(), day, phrase.first(), phrase.end()), due);
            return ask(joined, when.dues(now), Wording.except(taken, due), keep);
        }
        // A title “gym and 3rd” has no sense without the rule.
        boolean half = phrase.says(Again.class) && reading.is("and-word", endOf(phrase));
        var alone = wording.instead(taken, phrase, Wording.lower(wording.source(phrase)));
        return new Unsure(Understanding.of(new Intent.Unclear(
                        language.say("not-sure-of", "words", wording.source(phrase)),
                        half ? List.of(keep) : List.of(alone, keep),
                        wording.without(List.of(phrase))))
                .unsure());
    }

    /** "Watch tomorrow", "cancel Friday": without its day such a verb says nothing. */
    private void askOfALoneVerb() {
        if (due.size() != 1 || taken.size() > 1 || !due.get(0).isDay()) {
            return;
        }
        var phrase = due.get(0);
        boolean bare = phrase.manner() == Manner.BARE || phrase.manner() == Manner.FREE;
        if (bare && phrase.first() == start + 1 && phrase.end() >= lastWord() && reading.is("day-verb", start)) {
            throw ask(phrase);
        }
    }

    private int lastWord() {
        int last = tokens.size();
        while (last > 0 && tokens.get(last - 1).is(Kind.MARK)) {
            last--;
        }
        return last;
    }

    // Repeating -------------------------------------------------------------------------------------------------------

    private @Nullable Repeat again() {
        var rules = all(Again.class);
        var repeats = rules.stream()
                .map(it -> ((Again) it.meaning()).repeat())
                .distinct()
                .toList();
        askOfARemindedRule(rules);
        if (repeats.size() > 1) {
            throw askWhichRule(rules);
        }
        return repeats.isEmpty() ? null : repeats.get(0);
    }

    private Unsure askWhichRule(List<Phrase> rules) {
        var choices = rules.stream()
                .limit(MOST_CHOICES)
                .map(it -> new Choice(
                        wording.sentence(
                                Wording.except(taken, rules),
                                List.of(),
                                Wording.asOne(rules, it, Wording.lower(wording.source(it)))),
                        wording.source(it)))
                .collect(Collectors.toCollection(ArrayList::new));
        choices.add(wording.keep(rules));
        return new Unsure(new Intent.Unclear(language.say("several-rules"), choices, wording.without(rules)));
    }

    /** “Every Monday EXCEPT on 28 December”: what may be more of the rule is not said of the first date. */
    private void leaveMore(Phrase rule) {
        int end = endOf(rule);
        int more = end < tokens.size() && tokens.get(end).text().equals(",") ? end + 1 : end;
        boolean another = reading.phrases(Verdict.ASK).stream().anyMatch(it -> it.first() == more);
        if (rule.says(Again.class) && !another && (reading.is("condition", more) || reading.is("and-word", more))) {
            taken.removeIf(it -> it.first() >= more && it.manner() != Manner.SIGN);
        }
    }

    /** The token after a phrase and those that follow it. */
    private int endOf(Phrase first) {
        int end = first.end();
        for (var phrase : taken) {
            end = phrase.first() == end ? phrase.end() : end;
        }
        return end;
    }

    /** “By Friday, remind me daily” may say how often to remind. */
    private void askOfARemindedRule(List<Phrase> rules) {
        for (var rule : rules) {
            var before = taken.stream().filter(it -> reading.follows(it, rule)).findFirst();
            if (before.isEmpty()
                    || !before.get().says(Remind.class)
                    || reading.first(before.get())
                    || due.stream().noneMatch(Phrase::isDay) && all(Until.class).isEmpty()) {
                continue;
            }
            var both = List.of(before.get(), rule);
            var choices = new ArrayList<Choice>();
            if (((Again) rule.meaning()).repeat().equals(Repeat.every(Recurrence.From.SCHEDULE, Repeat.Unit.DAYS, 1))) {
                choices.add(instead(both, language.say("nag-me-daily")));
            }
            choices.add(instead(both, Wording.lower(wording.source(rule))));
            choices.add(wording.keep(both));
            var words = wording.source(before.get()) + " " + wording.source(rule);
            throw new Unsure(new Intent.Unclear(what(words), choices, wording.without(both)));
        }
    }

    private Choice instead(List<Phrase> phrases, String words) {
        return new Choice(
                wording.sentence(
                        Wording.except(taken, phrases), List.of(), Wording.asOne(phrases, phrases.get(0), words)),
                language.say("title-and", Map.of("title", wording.title(taken), "words", words)));
    }

    /** “Every day at 8 and 12”. */
    private void askOfTwoTimes() {
        var clocks = due.stream()
                .map(Phrase::meaning)
                .filter(Meaning.Clock.class::isInstance)
                .distinct()
                .toList();
        if (clocks.size() > 1) {
            throw askTime(clocks.stream()
                    .flatMap(it -> new When(null, (Meaning.Clock) it, null, null).times().stream())
                    .distinct()
                    .toList());
        }
    }

    private Due first(Repeat again, When when) {
        var starts = taken.stream().filter(it -> it.manner() == Manner.START).toList();
        var named = starts.isEmpty() ? when : when.on((Day) starts.get(0).meaning());
        var phrases = starts.isEmpty()
                ? due
                : Stream.concat(due.stream(), starts.stream()).toList();
        var days =
                named.day() == null ? List.of(now.toLocalDate()) : named.day().dates();
        if (days.isEmpty()) {
            throw pick(phrases, List.of());
        }
        boolean monthly = again.unit() == Repeat.Unit.MONTHS || again.unit() == Repeat.Unit.YEARS;
        boolean odd = starts.isEmpty() && named.day() != null && named.day().weekday() && monthly;
        if (days.size() > 1 && again.on().equals(Repeat.On.NONE) || odd) {
            throw pick(phrases, days.stream().map(it -> new Due(it, null)).toList());
        }
        var part = when.part() == null ? again.part() : when.part();
        var times = new When(null, when.clock(), part, null).times();
        if (times.size() > 1) {
            throw askTime(times);
        }
        if (when.soon() != null) {
            return Due.of(when.soon().at());
        }
        var time = times.isEmpty() ? null : times.get(0);
        return again.first(days.get(0), time, now)
                .filter(it -> it.getYear() <= 9999)
                .map(it -> new Due(it, time))
                .orElseThrow(() -> unclear("no-first-day", wording.without(all(Again.class))));
    }

    private Unsure askTime(List<LocalTime> times) {
        var clocks = due.stream().filter(it -> it.says(Meaning.Clock.class)).toList();
        var choices = new ArrayList<Choice>();
        for (var time : times) {
            var said = reading.say("time", IntentParser.CLOCK.format(time));
            choices.add(new Choice(
                    wording.sentence(
                            Wording.except(taken, clocks), List.of(), Wording.asOne(clocks, clocks.get(0), said)),
                    said));
        }
        choices.add(wording.keep(clocks));
        var words = wording.source(clocks);
        return new Unsure(new Intent.Unclear(what(words), choices, wording.without(clocks)));
    }

    private String rule(Repeat again, Due first) {
        var until = all(Until.class);
        if (!until.isEmpty()) {
            var dates = ((Until) until.get(until.size() - 1).meaning()).day().dates();
            if (dates.isEmpty()) {
                throw pick(until, List.of());
            }
            var last = dates.get(dates.size() - 1);
            if (last.isBefore(first.date())) {
                throw unclear("ends-first", wording.without(until));
            }
            return again.rule(";UNTIL=" + DateTimeFormatter.BASIC_ISO_DATE.format(last));
        }
        var times = last(Times.class);
        var span = last(Meaning.Span.class);
        int count = times != null ? times.count() : span != null ? again.count(first.date(), span.period(), now) : 0;
        return again.rule(count > 0 ? ";COUNT=" + count : "");
    }

    // Reminders -------------------------------------------------------------------------------------------------------

    private List<String> reminders(@Nullable Due at, boolean repeats) {
        var reminders = new ArrayList<String>();
        for (var it : all(Lead.class)) {
            var text = ((Lead) it.meaning()).reminder();
            reminders.add(it == lead ? instant(reminder, at, text, repeats) : text.equals("PT0S") ? whenDue(at) : text);
            span(it, "reminders", reminders.get(reminders.size() - 1));
        }
        for (var it : all(Eve.class)) {
            if (at == null) {
                throw unclear("remind-when", Understanding.plain(message));
            }
            var ring = at.date().minusDays(1).atTime(((Eve) it.meaning()).part().hour, 0);
            reminders.add(ringing(ring, at, repeats));
            span(it, "reminders", reminders.get(reminders.size() - 1));
        }
        var marks = all(Remind.class);
        var rings = new LinkedHashMap<Phrase, String>();
        for (var ring : rings()) {
            var instant = instant(ring, at, lead == null ? "" : ((Lead) lead.meaning()).reminder(), repeats);
            ring.forEach(it -> rings.putIfAbsent(it, instant));
        }
        if (lead == null) {
            reminders.addAll(0, rings.values().stream().distinct().toList());
        }
        rings.forEach((phrase, instant) -> span(phrase, "reminders", instant));
        var nags = all(Nagging.class);
        if (!(marks.isEmpty() && nags.isEmpty()) && reminders.isEmpty()) {
            reminders.add(whenDue(at));
        }
        marks.forEach(it -> span(it, "reminders", reminders.get(0)));
        nags.forEach(it -> span(it, "nag", ((Nagging) it.meaning()).every()));
        return reminders.stream().distinct().toList();
    }

    /** "Remind me tomorrow at 9:30 and 9:45" names two times of a day. */
    private List<List<Phrase>> rings() {
        var clocks =
                reminder.stream().filter(it -> it.says(Meaning.Clock.class)).toList();
        return clocks.size() < 2
                ? Stream.of(reminder).filter(it -> !it.isEmpty()).toList()
                : clocks.stream()
                        .map(it -> Wording.except(reminder, Wording.except(clocks, List.of(it))))
                        .toList();
    }

    /** An all-day task counts from 00:00; its reminder is at 09:00. */
    private static String whenDue(@Nullable Due due) {
        return due != null && due.allDay() ? "PT9H" : "PT0S";
    }

    /**
     * A time alone is meant on the day the task is due, if it is.
     *
     * @param ring the phrases that say when
     * @param before the days before, as a reminder has them; empty: on the day itself
     */
    private String instant(List<Phrase> ring, @Nullable Due at, String before, boolean repeats) {
        var when = merged(ring);
        var named = when.day() == null && when.soon() == null && at != null
                ? when.on(new Day(at.date().plus(before.isEmpty() ? Period.ZERO : Period.parse(before))))
                : when;
        var dues = named.dues(now);
        if (dues.size() != 1) {
            throw pick(ring, dues);
        }
        var time =
                dues.get(0).time() == null ? IntentParser.MORNING : dues.get(0).time();
        return ringing(dues.get(0).date().atTime(time), at, repeats && when.day() == null && when.soon() == null);
    }

    /** A task that repeats is reminded of as long before each time; one that does not, at that moment. */
    private String ringing(LocalDateTime ring, @Nullable Due due, boolean repeats) {
        if (due == null || !repeats) {
            return Due.of(ring).startsAt(now.getZone()).toString();
        }
        var start = due.date().atTime(due.time() == null ? LocalTime.MIDNIGHT : due.time());
        var early = Duration.between(ring, start);
        return early.isNegative() ? early.negated().toString() : early.isZero() ? "PT0S" : "-" + early;
    }

    // Tags, and the understood words ----------------------------------------------------------------------------------

    private List<String> tags() {
        var tags = new LinkedHashMap<String, String>();
        all(Tag.class).stream()
                .map(it -> ((Tag) it.meaning()).tag())
                .forEach(it -> tags.putIfAbsent(Folding.fold(it), it));
        return List.copyOf(tags.values());
    }

    private void understood(@Nullable Due at, @Nullable String rule) {
        for (var phrase : taken) {
            if (phrase.meaning() instanceof InList in) {
                span(phrase, "list", in.lists().get(0).id());
            } else if (phrase.says(Meaning.Nothing.class)) {
                understood.add(new Span(
                        tokens.get(phrase.first()).from(),
                        tokens.get(phrase.first()).to(),
                        "command",
                        "add"));
            } else if (phrase.meaning() instanceof Tag tag) {
                span(phrase, "tags", tag.tag());
            } else if (phrase.meaning() instanceof Important it) {
                span(phrase, "priority", it.priority().name().toLowerCase(Locale.ROOT));
            } else if (rule != null && isOfTheRule(phrase)) {
                span(phrase, "recurrence", rule);
            } else if (at != null && (due.contains(phrase) || phrase.manner() == Manner.START)) {
                span(phrase, "due", at.toString());
            }
        }
    }

    private static boolean isOfTheRule(Phrase phrase) {
        return phrase.says(Again.class, Until.class, Times.class, Meaning.Span.class, OnDaysOff.class);
    }

    private void span(Phrase phrase, String as, String value) {
        int word = phrase.first() - 1;
        boolean joined = reading.is("and-word", word) && taken.stream().anyMatch(it -> it.end() == word);
        int from = tokens.get(joined ? word : wording.first(phrase)).from();
        understood.add(new Span(from, tokens.get(phrase.end() - 1).to(), as, value));
    }
}
