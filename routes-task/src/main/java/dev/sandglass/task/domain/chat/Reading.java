package dev.sandglass.task.domain.chat;

import dev.sandglass.task.domain.chat.Meaning.Again;
import dev.sandglass.task.domain.chat.Meaning.Clock;
import dev.sandglass.task.domain.chat.Meaning.Day;
import dev.sandglass.task.domain.chat.Meaning.Eve;
import dev.sandglass.task.domain.chat.Meaning.Important;
import dev.sandglass.task.domain.chat.Meaning.InList;
import dev.sandglass.task.domain.chat.Meaning.Lead;
import dev.sandglass.task.domain.chat.Meaning.Nagging;
import dev.sandglass.task.domain.chat.Meaning.OnDaysOff;
import dev.sandglass.task.domain.chat.Meaning.Part;
import dev.sandglass.task.domain.chat.Meaning.Remind;
import dev.sandglass.task.domain.chat.Meaning.Tag;
import dev.sandglass.task.domain.chat.Meaning.Until;
import dev.sandglass.task.domain.chat.Parse.Match;
import dev.sandglass.task.domain.chat.Phrase.Manner;
import dev.sandglass.task.domain.chat.Phrase.Verdict;
import dev.sandglass.task.domain.chat.Token.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The phrases of a message, and what the words around them make of them: "Sunday" is a day, "Sunday roast" is none, and
 * "Sunday call" may be either.
 */
final class Reading {
    /** Phrases with at most a comma between: "tomorrow, at 5". */
    private record Group(Phrase first, int end, boolean time, boolean day, boolean repeats) {}

    /** In tokens. */
    private static final int LONGEST_NAME = 20;

    private static final int LONGEST_LIST_ENDING = 6;
    /** In tokens. */
    private static final int LONGEST_LEAD = 4;

    private static final Pattern TIMES = Pattern.compile("\\d{1,2}[:.]\\d\\d[-–—]\\d{1,2}[:.]\\d\\d");

    /** In words after its date. */
    private static final int LONGEST_FILE_NAME = 4;

    private final int[] text;
    private final List<Token> tokens;
    private final Language language;
    private final Speaker speaker;
    private final boolean[] kept;
    private final boolean literal;
    private final Parse parse;
    private int start;
    private boolean adds;
    private int closing = -1;
    private final Map<String, Integer> firstOf = new HashMap<>();
    private final boolean shouted;
    private List<Phrase> phrases = List.of();
    /** One for each phrase. */
    private List<Group> groups = List.of();
    /** By their first tokens. */
    private Phrase[] phraseAt = {};

    private final List<Verdict> verdicts = new ArrayList<>();

    Reading(int[] text, Speaker speaker) {
        this(text, speaker, List.of());
    }

    /** @param literal words that mean nothing but themselves */
    Reading(int[] text, Speaker speaker, List<Words> literal) {
        this.text = text;
        this.speaker = speaker;
        this.language = speaker.language();
        this.tokens = Tokenizer.of(text, language);
        this.kept = keep();
        this.literal = !literal.isEmpty();
        for (int at = 0; at < tokens.size(); at++) {
            var token = tokens.get(at);
            kept[at] |= literal.stream().anyMatch(it -> it.from() < token.to() && token.from() < it.to());
        }
        this.shouted = Arrays.stream(text).noneMatch(Character::isLowerCase);
        this.parse = new Parse(language, tokens, kept, text, meanings());
    }

    private Meanings meanings() {
        return new Meanings(speaker);
    }

    /** Tells if the user has said of words that they mean nothing but themselves. */
    boolean hasLiterals() {
        return literal;
    }

    int[] text() {
        return text;
    }

    Speaker speaker() {
        return speaker;
    }

    Language language() {
        return language;
    }

    /** The words from one token to another, as in the message. */
    String between(int first, int end) {
        int from = tokens.get(first).from();
        return Understanding.plain(new String(text, from, tokens.get(end - 1).to() - from));
    }

    List<Token> tokens() {
        return tokens;
    }

    boolean is(String name, int place) {
        return place >= 0
                && place < tokens.size()
                && tokens.get(place).is(Kind.WORD)
                && language.value(name, tokens.get(place).text()) != null;
    }

    @Nullable
    Object value(String name, String word) {
        return language.value(name, word);
    }

    /** @return where the longest phrase of that name ends, or {@code place} */
    int after(String name, int place) {
        var match = match(name, place);
        return match == null ? place : match.end();
    }

    @Nullable
    Match match(String name, int place) {
        var index = language.name(name);
        return index == null || place >= tokens.size() ? null : parse.longest(index, place);
    }

    /** Says something in the words of this language. */
    String say(String what, String in) {
        return language.say(what, what, in);
    }

    /** Reads the phrases that describe a task. */
    void read(int from) {
        read(from, false);
    }

    /** @param commanded whether it is told to add something, and may so be told to which list */
    void read(int from, boolean commanded) {
        start = from;
        adds = commanded;
        phrases = find();
        phraseAt = new Phrase[tokens.size() + 1];
        phrases.stream().filter(it -> it.manner() != Manner.LEAVE).forEach(it -> phraseAt[it.first()] = it);
        groups = groups();
        verdicts.clear();
        firstOf.clear();
        for (int k = 0; k < phrases.size(); k++) {
            verdicts.add(judge(k));
        }
        dependOnARepeat();
        dependOnAReminder();
    }

    /** The word there ends the command that the message begins with: “hinzu”. */
    void close(int at) {
        closing = at;
    }

    boolean isClosed(int at) {
        return at == closing;
    }

    List<Phrase> phrases(Verdict... wanted) {
        var found = new ArrayList<Phrase>();
        for (int k = 0; k < phrases.size(); k++) {
            if (List.of(wanted).contains(verdicts.get(k))) {
                found.add(phrases.get(k));
            }
        }
        return found;
    }

    /** Tells if two taken phrases are neighbours, with a comma between them at most. */
    boolean follows(Phrase one, Phrase other) {
        int end = one.end();
        return other.first() == end
                || (other.first() == end + 1 && tokens.get(end).text().equals(","));
    }

    private boolean[] keep() {
        var closed = new boolean[tokens.size()];
        var names = new Parse(language, tokens, closed.clone(), text, meanings());
        var keep = language.name("keep");
        for (int at = 0; keep != null && at < tokens.size(); ) {
            var match = names.longest(keep, at);
            if (match == null || !isKept(match, at)) {
                at++;
            } else {
                Arrays.fill(closed, at, match.end(), true);
                at = match.end();
            }
        }
        return closed;
    }

    /** "Bill 5 March" is no bill 5, "lesson 2 hours before" no lesson 2, and John is called at 9:30. */
    private boolean isKept(Match match, int at) {
        boolean number = tokens.get(match.end() - 1).is(Kind.INT, Kind.NTH);
        if (number && (is("month", match.end()) || is("lead-unit", match.end()))) {
            return false;
        }
        return !match.meaning().equals("book") || !is("person-verb", at - 1);
    }

    private List<Phrase> find() {
        var found = new ArrayList<Phrase>();
        boolean reminds = false;
        for (int at = start; at < tokens.size(); ) {
            var last = found.isEmpty() ? null : found.get(found.size() - 1);
            var phrase = kept[at] ? null : longest(at, last);
            if (reminds && last != null && last.end() == at && last.says(Clock.class)) {
                phrase = longer(phrase, another("another-time", at));
            } else if (last != null && last.end() == at && last.says(Clock.class)) {
                phrase = longer(phrase, secondTime(at));
            }
            if (phrase != null) {
                reminds = phrase.says(Remind.class)
                        || reminds && last != null && follows(last, phrase) && phrase.isTime();
                found.add(phrase);
            }
            at = phrase == null ? at + 1 : phrase.end();
        }
        return found;
    }

    /** "15 minutes before" stands by itself where it tells when to remind, whatever follows. */
    private @Nullable Phrase longest(int at, @Nullable Phrase last) {
        var token = tokens.get(at);
        if (at == closing) {
            return new Phrase(Manner.SIGN, Meaning.Nothing.NOTHING, at, at + 1 + marks(at + 1));
        }
        if (token.is(Kind.TAG)) {
            var tag = new String(text, token.from() + 1, token.to() - token.from() - 1);
            return new Phrase(Manner.SIGN, new Tag(tag), at, at + 1);
        }
        if (token.is(Kind.PRIORITY)) {
            var named = String.valueOf(language.value("priority", token.text()));
            return new Phrase(Manner.SIGN, Meanings.important(named), at, at + 1);
        }
        var lead = match(Manner.LEAD.inFile(), at);
        boolean leads = last != null && last.end() == at && last.says(Remind.class, Lead.class);
        // "And then every ten minutes" is longer than "and then".
        if (lead != null && leads && after(Manner.NAG.inFile(), at) < lead.end()) {
            return new Phrase(Manner.LEAD, (Meaning) lead.meaning(), at, lead.end());
        }
        Phrase longest = null;
        for (var manner : Manner.values()) {
            var match = manner == Manner.SIGN ? null : match(manner.inFile(), at);
            // "About 10 minutes before" is no ten o'clock.
            boolean counts = manner == Manner.VAGUE && match != null && isCounted(match.end());
            if (match != null && !counts && (longest == null || match.end() > longest.end())) {
                var meaning = match.meaning() instanceof Meaning it ? it : Meaning.Nothing.NOTHING;
                longest = new Phrase(manner, meaning, at, match.end());
            }
        }
        var list = longest == null || longest.manner() == Manner.LEAVE || longest.end() == at + 1 ? inList(at) : null;
        return longer(longest, list);
    }

    /** "Remind me at 9:30 AND 9:45". */
    private @Nullable Phrase another(String name, int at) {
        var match = match(name, at);
        return match == null ? null : new Phrase(Manner.GUARDED, (Meaning) match.meaning(), at, match.end());
    }

    /** “At 3 OR 4”, but neither “at 3 and 4 December” nor “at 3 and 4 eggs”. */
    private @Nullable Phrase secondTime(int at) {
        var second = another("second-time", at);
        var alone = second == null ? null : longest(at + 1, null);
        return second == null || alone != null && alone.end() > second.end() ? null : second;
    }

    private static @Nullable Phrase longer(@Nullable Phrase one, @Nullable Phrase other) {
        return one == null || other != null && other.end() > one.end() ? other : one;
    }

    /** The number of marks that end the sentence from there. */
    private int marks(int at) {
        boolean all = tokens.stream().skip(at).allMatch(it -> it.is(Kind.MARK));
        return all ? tokens.size() - at : 0;
    }

    private boolean isCounted(int at) {
        return is("lead-unit", at) || is("measure", at);
    }

    /**
     * "In Groceries", "to the list Groceries" where something is added.
     *
     * @throws Speaker.ListsUnknown where a name may stand there and none is known
     */
    @Nullable
    Phrase inList(int at) {
        var list = match("in-the-list", at);
        var found = list == null ? null : named(at, list.end(), true);
        if (found != null) {
            return found;
        }
        boolean may = match("in-list", at) != null || (adds && match("to-list", at) != null);
        return may ? named(at, Math.max(after("in-list", at), after("to-list", at)), false) : null;
    }

    /** The lists that all words from one token to another name: "Groceries", "the list Groceries", "my Groceries list". */
    List<ListName> lists(int from, int to) {
        int first = from;
        while (first < to - 1 && (is("determiner", first) || is("list-word", first))) {
            first++;
        }
        int end = first < to - 1 && is("list-word", to - 1) ? to - 1 : to;
        if (tokens.get(end - 1).to() - tokens.get(first).from()
                > speaker.knownLists().longest()) {
            return List.of();
        }
        return Stream.of(between(from, to), between(first, to), between(first, end))
                .map(it -> called(Quotes.without(it)))
                .filter(it -> !it.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    /** The longest name of a list that begins at a token. */
    private @Nullable Phrase named(int first, int from, boolean called) {
        var known = speaker.knownLists();
        for (int end = Math.min(tokens.size(), from + LONGEST_NAME); end > from; end--) {
            if (tokens.get(end - 1).to() - tokens.get(from).from() > known.longest()) {
                continue;
            }
            var said = Quotes.without(between(from, end));
            var lists = called(said);
            if (!lists.isEmpty()) {
                boolean compound = adds && known.called(said).isEmpty();
                boolean sure = called || compound || is("list-word", end) || end > from + 1 && is("list-word", end - 1);
                boolean exact = lists.stream().allMatch(it -> it.name().equals(said));
                int behind = is("list-word", end) ? end + 1 : end;
                return new Phrase(Manner.IN_A_LIST, new InList(lists, sure || exact), first, behind);
            }
        }
        return null;
    }

    /** “Einkaufsliste” is the list “Einkauf” in a language that makes one word of it. */
    private List<ListName> called(String said) {
        var known = speaker.knownLists();
        var lists = known.called(said);
        for (int at = Math.max(1, said.length() - LONGEST_LIST_ENDING); lists.isEmpty() && at < said.length(); at++) {
            if (language.value("list-ending", said.substring(at)) != null) {
                lists = known.called(said.substring(0, at));
            }
        }
        return lists;
    }

    private Verdict judge(int k) {
        var phrase = phrases.get(k);
        if (phrase.manner() == Manner.LEAVE) {
            return Verdict.LEAVE;
        }
        if (phrase.manner() == Manner.SIGN) {
            return Verdict.TAKE;
        }
        var named = named(k);
        if (named != null) {
            return named;
        }
        int before = phrase.first() - 1;
        if (isVersion(k)) {
            return phrase.manner() == Manner.SURE ? Verdict.ASK : Verdict.LEAVE;
        }
        if (isSecond(k)) {
            return counts(phrase) ? Verdict.LEAVE : verdicts.get(k - 1);
        }
        boolean joined = isSecond(k + 1) && !counts(phrases.get(k + 1)) || isFollowedBy(OnDaysOff.class, k);
        boolean unsure = isToldOfADay(k)
                || is("undecided", before)
                || is("undecided", phrase.end()) && !joined
                // "Ask if he is there tomorrow" is not to be asked tomorrow, or not surely.
                || hasWordBefore("clause", phrase.first());
        var verdict = switch (phrase.manner()) {
            case ASK -> is("determiner", before) ? Verdict.LEAVE : Verdict.ASK;
            case DOUBTFUL_REPEAT -> is("determiner", before) || content(phrase.end()) ? Verdict.LEAVE : Verdict.ASK;
            case REPEAT -> repeat(k);
            case GUARDED -> guarded(k);
            case VAGUE -> vague(k);
            case SURE -> sure(k);
            case BARE -> bare(k);
            case ADVERB ->
                is("determiner", before) || is("preposition", before) || content(phrase.end())
                        ? Verdict.LEAVE
                        : Verdict.TAKE;
            case WEAK -> weak(k);
            case DOUBT -> Verdict.DOUBT;
            case IN_A_LIST -> inList(phrase);
            default -> Verdict.TAKE;
        };
        return verdict == Verdict.TAKE && unsure && (phrase.isTime() || phrase.says(Again.class))
                ? Verdict.ASK
                : verdict;
    }

    /** “At 3 or 4”: what holds of the first time, holds of the second. */
    private boolean isSecond(int k) {
        return k > 0
                && k < phrases.size()
                && phrases.get(k).manner() == Manner.GUARDED
                && phrases.get(k - 1).says(Clock.class)
                && phrases.get(k - 1).end() == phrases.get(k).first()
                && match("second-time", phrases.get(k).first()) != null;
    }

    /** “At 5 and 6 eggs”, „um 5 und 6 Eier“. */
    private boolean counts(Phrase second) {
        int end = second.end();
        boolean noun = end < tokens.size() && tokens.get(end).capital();
        return content(end) || isCounted(end) || noun;
    }

    /** "In Home" where one has such a list, but not "in Home Depot". */
    private Verdict inList(Phrase phrase) {
        var in = (InList) phrase.meaning();
        if (content(phrase.end()) && !(first(phrase) && isVerb(phrase.end()))) {
            return Verdict.LEAVE;
        }
        boolean sure = in.sure() || isClosed(phrase.end());
        return sure && in.lists().size() == 1 ? Verdict.TAKE : Verdict.ASK;
    }

    /** "On Monday", but perhaps not "on Monday report", nor "at 1:50 scale". */
    private Verdict sure(int k) {
        var phrase = phrases.get(k);
        if (tokens.get(phrase.end() - 1).is(Kind.CLOCK) && is("ratio-word", phrase.end())) {
            return Verdict.LEAVE;
        }
        var group = groups.get(k);
        // "Every year on 29 February call Ann".
        boolean begins = first(phrase) || group.repeats() && first(group.first()) && isVerb(group.end());
        boolean ofANoun = content(group.end()) && !begins;
        // "Tickets for Monday" are bought before, a table for Monday at eight is booked then.
        boolean isSubject = is("for-word", phrase.first())
                && !first(phrase)
                && after("near-day", phrase.first() + 1) != phrase.end();
        return phrase.isDay() && !group.time() && (ofANoun || isSubject) ? Verdict.ASK : Verdict.TAKE;
    }

    /** "At 5", but not "at 5 Main Street". */
    private Verdict guarded(int k) {
        var phrase = phrases.get(k);
        var group = groups.get(k);
        if (!content(phrase.end())) {
            return Verdict.TAKE;
        }
        if (first(group.first())) {
            return group.day() || group.repeats() || isVerb(phrase.end()) ? Verdict.TAKE : Verdict.LEAVE;
        }
        return group.day() ? Verdict.ASK : Verdict.LEAVE;
    }

    /** "Around 8 tomorrow" is a time, "around 8" may be so many of something, "around 8 people" is. */
    private Verdict vague(int k) {
        var phrase = phrases.get(k);
        int before = phrase.first() - 1;
        boolean ofANoun = content(phrase.end()) && !(first(phrase) && isVerb(phrase.end()));
        boolean several = is("undecided", phrase.end())
                || before >= start && tokens.get(before).is(Kind.INT);
        if (ofANoun || several) {
            return Verdict.LEAVE;
        }
        return groups.get(k).day() || isFollowedBy(Part.class, k) ? Verdict.TAKE : Verdict.ASK;
    }

    /** "Tomorrow is her birthday", "the meeting is tomorrow": it may say something of a day. */
    private boolean isToldOfADay(int k) {
        var phrase = phrases.get(k);
        return (phrase.isTime() || phrase.says(Again.class))
                && (is("predicate", phrase.first() - 1)
                        || (first(phrase) && is("predicate", groups.get(k).end())));
    }

    private Verdict repeat(int k) {
        var phrase = phrases.get(k);
        if (is("determiner", phrase.first() - 1)) {
            return Verdict.LEAVE;
        }
        int end = groups.get(k).end();
        boolean more = is("condition", end)
                || (end < tokens.size() && tokens.get(end).text().equals(",") && is("condition", end + 1))
                || (is("and-word", end) && isMore(end + 1));
        return more || (content(end) && !first(phrase)) ? Verdict.ASK : Verdict.TAKE;
    }

    /** "Every day at 8 AND 20", "and Friday": but not "and feed the cat". */
    private boolean isMore(int at) {
        return at < tokens.size()
                && (phraseAt[at] != null
                        || !tokens.get(at).is(Kind.WORD, Kind.WHOLE, Kind.MARK)
                        || is("determiner", at)
                        || is("place", at));
    }

    private Verdict bare(int k) {
        var phrase = phrases.get(k);
        int before = phrase.first() - 1;
        if (is("determiner", before)) {
            return Verdict.LEAVE;
        }
        var token = tokens.get(phrase.first());
        boolean alone = phrase.end() == phrase.first() + 1;
        if (alone && token.is(Kind.DOTTED, Kind.SLASHED) && isShort(token)) {
            return numbers(k);
        }
        // “A link with 2026-12-01 in it” names no day: it tells of one.
        if (alone
                && token.is(Kind.DATE)
                && is("preposition", before)
                && phrase.end() < tokens.size()
                && tokens.get(phrase.end()).is(Kind.WORD)) {
            return Verdict.LEAVE;
        }
        if (alone && token.is(Kind.DATE) && is("dated", before) || isPast(phrase)) {
            return Verdict.ASK;
        }
        if (phrase.isDay() && (is("preposition", before) || is("and-word", before) || isOfAFile(phrase))) {
            return Verdict.ASK;
        }
        int end = groups.get(k).end();
        if (phrase.isDay() && before == start && is("day-verb", before) && !content(end)) {
            return Verdict.ASK;
        }
        if (!content(end) || (groups.get(k).time() && groups.get(k).day())) {
            return Verdict.TAKE;
        }
        if (!first(groups.get(k).first())) {
            return Verdict.LEAVE;
        }
        return token.is(Kind.EXACT) || isVerb(end) ? Verdict.TAKE : Verdict.ASK;
    }

    /** "Screenshot 2026-12-01 at 9.15.png" */
    private boolean isOfAFile(Phrase phrase) {
        if (!tokens.get(phrase.first()).is(Kind.DATE)) {
            return false;
        }
        for (int at = phrase.end(); at < Math.min(tokens.size(), phrase.end() + LONGEST_FILE_NAME); at++) {
            var text = tokens.get(at).text();
            int dot = text.lastIndexOf('.');
            if (tokens.get(at).is(Kind.WHOLE) && dot > 0 && dot < text.length() - 1 && text.indexOf('@') < 0) {
                return true;
            }
        }
        return false;
    }

    /** "Photos 2019-05-01": a day that is past is more often the subject of a task than its due date. */
    private boolean isPast(Phrase phrase) {
        return phrase.meaning() instanceof Day day
                && !day.dates().isEmpty()
                && day.dates().stream().allMatch(it -> it.isBefore(speaker.now().toLocalDate()));
    }

    /** "Call mum" and "pick up parcels", but neither "call with mum" nor "run". */
    boolean isVerb(int at) {
        int object = at + 1;
        return is("verb", at)
                && object < tokens.size()
                && tokens.get(object).is(Kind.WORD, Kind.WHOLE, Kind.INT)
                && (!is("function", object) || is("determiner", object) || is("particle", object));
    }

    /** 24.12. and 24.12.26 may be versions, 5/6 a part of something. */
    private boolean isShort(Token token) {
        boolean years = token.is(Kind.DOTTED) && text[token.to() - 3] == '.';
        return token.c() == 0 || years;
    }

    private Verdict numbers(int k) {
        var phrase = phrases.get(k);
        if (groups.get(k).time() || repeats() && tokens.get(phrase.first()).is(Kind.DOTTED)) {
            return Verdict.TAKE;
        }
        if (content(phrase.end()) && !first(phrase)) {
            return Verdict.LEAVE;
        }
        return Verdict.ASK;
    }

    /** "Upgrade postgres to 17.2." */
    private boolean isVersion(int k) {
        var last = tokens.get(phrases.get(k).end() - 1);
        return last.is(Kind.DOTTED) && isShort(last) && !groups.get(k).time() && hasWord("version-word");
    }

    private Verdict weak(int k) {
        var phrase = phrases.get(k);
        int before = phrase.first() - 1;
        var last = k == 0 || verdicts.get(k - 1) == Verdict.LEAVE ? null : phrases.get(k - 1);
        if (phrase.says(Part.class)) {
            boolean held = last != null
                    && last.end() == phrase.first()
                    && (last.isDay() || last.says(Again.class, Clock.class) || isDue(last));
            return held || isFollowedBy(Clock.class, k) ? Verdict.TAKE : Verdict.LEAVE;
        }
        if (phrase.says(Important.class)) {
            return important(k);
        }
        if (is("determiner", before)) {
            return Verdict.LEAVE;
        }
        if (phrase.says(Day.class)) {
            // "Sat on the bench" is no Saturday.
            if (first(phrase) && !groups.get(k).time() && !isVerb(groups.get(k).end())) {
                return Verdict.LEAVE;
            }
            boolean said = groups.get(k).time()
                    || isFollowedBy(Part.class, k) && !content(groups.get(k).end());
            if (!said && language.value("attributes", "days") == null) {
                return Verdict.LEAVE;
            }
            return said ? Verdict.TAKE : content(groups.get(k).end()) ? Verdict.LEAVE : Verdict.ASK;
        }
        return clock(k, last != null && follows(last, phrase) ? last : null);
    }

    /** "Bis Montag" is until Monday only of what repeats. */
    private boolean isDue(Phrase phrase) {
        return phrase.says(Until.class) && is("due-word", phrase.first()) && !repeats();
    }

    private boolean repeats() {
        return phrases.stream().anyMatch(it -> it.says(Again.class));
    }

    private boolean isFollowedBy(Class<? extends Meaning> what, int k) {
        return k + 1 < phrases.size()
                && phrases.get(k + 1).first() == phrases.get(k).end()
                && phrases.get(k + 1).says(what);
    }

    /** "P1" as other programs have it: at an end, and in small letters; "Park at P1" names a place. */
    private Verdict important(int k) {
        var phrase = phrases.get(k);
        boolean ends = !content(phrase.end()) && !is("function", phrase.first() - 1);
        boolean begins = first(phrase) && isVerb(phrase.end());
        return !tokens.get(phrase.first()).capital() && (ends || begins) ? Verdict.TAKE : Verdict.LEAVE;
    }

    /** 9:30 by itself: a time, a ratio or a score. */
    private Verdict clock(int k, @Nullable Phrase last) {
        var phrase = phrases.get(k);
        var token = tokens.get(phrase.first());
        if (last != null && (last.isDay() || last.says(Again.class) || last.manner() == Manner.DOUBTFUL_REPEAT)) {
            return Verdict.TAKE;
        }
        boolean ratio = hasWord("ratio-word");
        var next = k + 1 < phrases.size() && follows(phrase, phrases.get(k + 1)) ? phrases.get(k + 1) : null;
        boolean dated = next != null && (next.isDay() || next.says(Again.class));
        if (ratio || (content(groups.get(k).end()) && !first(phrase))) {
            return Verdict.LEAVE;
        }
        if (token.a() == 1) {
            // 1:20 is a ratio as often as a time.
            return dated && token.b() % 30 != 0 ? Verdict.LEAVE : Verdict.ASK;
        }
        return dated || token.a() > 9 || token.c() == 1 ? Verdict.TAKE : Verdict.ASK;
    }

    private boolean hasWord(String name) {
        return hasWordBefore(name, tokens.size());
    }

    private boolean hasWordBefore(String name, int end) {
        return firstOf.computeIfAbsent(name, it -> {
                    int at = start;
                    while (at < tokens.size() && !is(it, at)) {
                        at++;
                    }
                    return at;
                })
                < end;
    }

    /** An end or a beginning of nothing may be when it is due, or not. */
    private void dependOnARepeat() {
        boolean repeats = false;
        for (int k = 0; k < phrases.size(); k++) {
            repeats |= phrases.get(k).says(Again.class) && verdicts.get(k) == Verdict.TAKE;
        }
        for (int k = 0; k < phrases.size() && !repeats; k++) {
            var phrase = phrases.get(k);
            if (phrase.meaning() instanceof Until until && is("due-word", phrase.first())) {
                phrases.set(k, new Phrase(Manner.SURE, until.day(), phrase.first(), phrase.end()));
                verdicts.set(k, sure(k));
                continue;
            }
            switch (phrase.manner()) {
                case UNTIL, START -> verdicts.set(k, Verdict.DOUBT);
                case TIMES -> verdicts.set(k, Verdict.LEAVE);
                default -> {}
            }
        }
    }

    private void dependOnAReminder() {
        boolean reminds = false;
        for (int k = 0; k < phrases.size(); k++) {
            var phrase = phrases.get(k);
            boolean joined = k > 0 && reminds && follows(phrases.get(k - 1), phrase);
            if (phrase.meaning() instanceof Remind remind && verdicts.get(k) == Verdict.TAKE) {
                boolean more = k + 1 < phrases.size()
                        && follows(phrase, phrases.get(k + 1))
                        && (phrases.get(k + 1).isTime() || phrases.get(k + 1).says(Lead.class, Eve.class));
                // "Remind me a few hours before" says when, and it is not understood.
                boolean another = content(phrase.end()) || is("determiner", phrase.end());
                boolean unknown = saysBefore(phrase.end());
                reminds = more || remind.always() && !unknown && (first(phrase) || !another);
                if (!reminds) {
                    verdicts.set(k, Verdict.LEAVE);
                }
            } else if (phrase.says(Lead.class, Eve.class)) {
                reminds = joined || isCalledAReminder(phrase) || endsAReminder(k);
                if (!reminds) {
                    verdicts.set(k, Verdict.LEAVE);
                }
            } else if (phrase.meaning() instanceof Nagging nagging) {
                reminds = false;
                if (nagging.after() && !isReminded(k)) {
                    verdicts.set(k, Verdict.LEAVE);
                }
            } else {
                reminds = joined && phrase.isTime();
            }
        }
    }

    /** "Remind me to call mum on Sunday at 3pm, 30 minutes before". */
    private boolean endsAReminder(int k) {
        return k > 1
                && verdicts.get(0) == Verdict.TAKE
                && first(phrases.get(0))
                && phrases.get(0).says(Remind.class)
                && phrases.get(k - 1).isTime()
                && follows(phrases.get(k - 1), phrases.get(k))
                && tokens.stream().skip(phrases.get(k).end()).allMatch(it -> it.is(Kind.MARK));
    }

    /** "Remind me well before" says when, and it is not understood. */
    private boolean saysBefore(int from) {
        return IntStream.range(from, Math.min(tokens.size(), from + LONGEST_LEAD))
                .takeWhile(at -> phraseAt[at] == null && !is("connector", at))
                .anyMatch(at -> is("before-word", at));
    }

    private static boolean isCalledAReminder(Phrase phrase) {
        return phrase.meaning() instanceof Lead lead && lead.called()
                || phrase.meaning() instanceof Eve eve && eve.called();
    }

    /** Tells if a phrase before this one says when to remind. */
    private boolean isReminded(int k) {
        return IntStream.range(0, k)
                .filter(it -> verdicts.get(it) == Verdict.TAKE)
                .mapToObj(phrases::get)
                .anyMatch(it -> it.says(Remind.class, Lead.class, Eve.class));
    }

    /** Signs say nothing of what is behind them: "#home Friday call mum". */
    boolean first(Phrase phrase) {
        int at = phrase.first() - 1;
        while (at >= start && (tokens.get(at).is(Kind.MARK, Kind.TAG, Kind.PRIORITY) || is("please", at))) {
            at--;
        }
        return at < start;
    }

    /** Tells if there may be a noun there that the phrase before it describes. */
    private boolean content(int at) {
        if (at >= tokens.size() || kept[at] || phraseAt[at] != null || language.value("attributes", "days") == null) {
            return false;
        }
        var token = tokens.get(at);
        return switch (token.kind()) {
            case WORD -> language.value("function", token.text()) == null && Character.isLetter(text[token.from()]);
            case MARK, TAG, PRIORITY -> false;
            case CLOCK, EXACT -> false;
            case WHOLE -> Character.isLetterOrDigit(text[token.from()]) && !isTimes(token);
            default -> true;
        };
    }

    /** 14:00-15:30 */
    private static boolean isTimes(Token token) {
        return TIMES.matcher(token.text()).matches();
    }

    private List<Group> groups() {
        var groups = new ArrayList<Group>();
        for (int k = 0; k < phrases.size(); ) {
            int last = k;
            while (inGroup(k)
                    && last + 1 < phrases.size()
                    && inGroup(last + 1)
                    && follows(phrases.get(last), phrases.get(last + 1))) {
                last++;
            }
            var all = phrases.subList(k, last + 1);
            var group = new Group(
                    all.get(0),
                    all.get(all.size() - 1).end(),
                    all.stream().anyMatch(it -> it.says(Clock.class)),
                    all.stream().anyMatch(it -> it.says(Day.class)),
                    all.stream().anyMatch(it -> it.says(Again.class)));
            groups.addAll(Collections.nCopies(all.size(), group));
            k = last + 1;
        }
        return groups;
    }

    private static boolean inGroup(Phrase phrase) {
        return phrase.manner() != Manner.LEAVE
                && phrase.manner() != Manner.SIGN
                && phrase.manner() != Manner.IN_A_LIST
                && phrase.manner() != Manner.ASK
                && !phrase.says(Remind.class);
    }

    private boolean inGroup(int k) {
        return inGroup(phrases.get(k));
    }

    // Names ---------------------------------------------------------------------------------------------------------

    /**
     * Capitals where they are not usual make a name: "watch The Day After Tomorrow".
     *
     * @return null: no name
     */
    private @Nullable Verdict named(int k) {
        var phrase = phrases.get(k);
        boolean bare = switch (phrase.manner()) {
            case BARE, WEAK, FREE, REPEAT, ADVERB, DOUBTFUL_REPEAT -> true;
            default -> false;
        };
        if (!bare
                || shouted
                || language.value("capitals", "names") == null
                || groups.get(k).time()) {
            return null;
        }
        boolean before = isCapital(phrase.first() - 1);
        boolean after = isCapital(phrase.end()) && phraseAt[phrase.end()] == null;
        int capitals = 0;
        for (int at = phrase.first(); at < phrase.end(); at++) {
            capitals += isCapital(at) && !is("any-weekday", at) && !is("month", at) ? 1 : 0;
        }
        boolean spokenOf = hasWordBefore("name-verb", phrase.first());
        if (capitals > 0) {
            boolean article = isCapital(phrase.first()) && is("determiner", phrase.first());
            boolean sure = after || article || (spokenOf && (before || capitals > 1));
            return sure
                    ? (everyWordIsCapital() ? Verdict.ASK : Verdict.LEAVE)
                    : before || capitals > 1 || spokenOf ? Verdict.ASK : null;
        }
        boolean weekday = phrase.manner() != Manner.FREE && phrase.manner() != Manner.REPEAT && phrase.isDay();
        if (weekday && after) {
            return first(phrase) ? Verdict.ASK : Verdict.LEAVE;
        }
        boolean alone = phrase.end() == phrase.first() + 1;
        return weekday && alone && before ? (spokenOf ? Verdict.LEAVE : Verdict.ASK) : null;
    }

    /** A capital that does not begin a sentence. */
    private boolean isCapital(int at) {
        if (at < start
                || at >= tokens.size()
                || !tokens.get(at).is(Kind.WORD)
                || !tokens.get(at).capital()) {
            return false;
        }
        return at > start
                && !endsSentence(at - 1)
                && tokens.get(at).to() - tokens.get(at).from() > 1;
    }

    private boolean endsSentence(int at) {
        return tokens.get(at).is(Kind.MARK) && ".!?:。！？".contains(tokens.get(at).text());
    }

    private boolean everyWordIsCapital() {
        for (int at = start; at < tokens.size(); at++) {
            var token = tokens.get(at);
            if (token.is(Kind.WORD) && !token.capital() && language.value("function", token.text()) == null) {
                return false;
            }
        }
        return true;
    }
}
