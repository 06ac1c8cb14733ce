package dev.sandglass.task.domain.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;

/** Properties of every sentence. */
class WordsPropertiesTest {
    private static final List<String> DATES = List.of(
            "tomorrow",
            "today",
            "tonight",
            "on friday",
            "friday",
            "next monday",
            "this week",
            "in 3 days",
            "in 20 minutes",
            "by end of month",
            "on the 5th",
            "5 december",
            "december 5th",
            "31.12.2027",
            "24.12.",
            "5/6",
            "2027-01-31",
            "next week",
            "at 5",
            "at 9:30",
            "9am",
            "at noon",
            "half past 7",
            "14:30",
            "in the evening",
            "this morning",
            "evening",
            "sat",
            "around 8",
            "8ish",
            "at 8:30ish",
            "by 6",
            "8 in the evening",
            "first thing monday",
            "in 2 weeks on monday",
            "in week 49",
            "3.12.26",
            "by june 2027",
            "eod monday",
            "tuesday the 7th",
            "not before monday");
    private static final List<String> RULES = List.of(
            "every day",
            "every second day",
            "every other monday",
            "every mon, wed and fri",
            "every 3rd friday",
            "every 1st and 15th",
            "every last day of the month",
            "monthly",
            "daily",
            "every! 3 days",
            "every year on 5 march",
            "on mondays",
            "until december",
            "for 10 days",
            "5 times",
            "starting tomorrow",
            "twice a week",
            "remind me 1h before",
            "remind me at 8",
            "remind me the night before",
            "remind me at 8 and 9:30",
            "remind me a few hours before",
            "3rd thursday every month",
            "second sunday in may every year",
            "monday every 2 weeks",
            "starting in january",
            "nag me every 10 minutes",
            "every hour until done",
            "#home",
            "#काम",
            "!high");
    private static final List<String> WORDS = List.of(
            "milk",
            "mum",
            "Anna",
            "the",
            "report",
            "of",
            "and",
            "with",
            "to",
            "2",
            "call",
            "for",
            "Café",
            "काम",
            "😀",
            "👨‍👩‍👧",
            "שלום",
            "우유",
            "if",
            "or",
            "until",
            "a",
            "not");
    private static final List<String> WHOLE = List.of(
            "https://example.com/2026-12-01/notes",
            "report-2026-12-01.pdf",
            "orders@6pm.com",
            "6pm.com",
            "/srv/2026-12-01/friday.log",
            "C:\\tomorrow\\9am.txt",
            "v17.2.1",
            "17.2.1",
            "1:20:30",
            "10.0.0.1:8080",
            "978-3-16-148410-0",
            "+48600700800",
            "#12",
            "#ff8800",
            "@friday",
            "`every day at 9am`",
            "\"mails up to january 30th\"",
            "“the 5th of November”",
            "«demain tomorrow»",
            "„nächsten friday“",
            "mid-january",
            "tomorrow's",
            "friday-ish",
            "9-5",
            "3pm-4pm",
            "tomorrow/friday",
            "foo=tomorrow",
            "2026abc",
            "$5",
            "5€",
            "deadbeef2026");

    @Property(tries = 1_000)
    void aTitleLosesNothingThatIsNotUnderstood(
            @ForAll("sentences") String sentence, @ForAll("moments") ZonedDateTime now) {
        var read = Understanding.of("buy " + sentence, now);
        isOften(read.intent() instanceof Intent.Add);
        if (read.intent() instanceof Intent.Add add) {
            int[] text = ("buy " + sentence).codePoints().toArray();
            var left = IntStream.range(0, text.length)
                    .filter(at -> read.understood().stream().noneMatch(it -> at >= it.from() && at < it.to()))
                    .map(at -> text[at]);
            assertEquals(letters(left), letters(add.title().codePoints()), read.toString());
        }
    }

    /** Without spaces, and the marks that may have held what was taken out. */
    /** A property of what the examples seldom are says nothing. */
    private static void isOften(boolean looked) {
        Statistics.collect(looked);
        Statistics.coverage(seen -> seen.check(true).percentage(share -> share > 5));
    }

    private static String letters(IntStream text) {
        return text.filter(it -> !Tokenizer.isSpace(it) && ",;:.-–—()".indexOf(it) < 0)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    @Property(tries = 1_000)
    void spansAreInOrderApartAndWithinTheMessage(
            @ForAll("sentences") String sentence, @ForAll("moments") ZonedDateTime now) {
        int last = 0;
        for (var span : Understanding.of(sentence, now).understood()) {
            assertTrue(span.from() >= last && span.to() > span.from(), sentence);
            last = span.to();
        }
        assertTrue(last <= sentence.codePointCount(0, sentence.length()), sentence);
    }

    @Property(tries = 1_000)
    void whatIsWholeStaysWhole(
            @ForAll("whole") String whole,
            @ForAll("sentences") String before,
            @ForAll("sentences") String after,
            @ForAll("moments") ZonedDateTime now) {
        var sentence = "buy " + before + " " + whole + " " + after;
        var intent = Understanding.of(sentence, now).intent();
        isOften(intent instanceof Intent.Add);
        if (intent instanceof Intent.Add add) {
            assertTrue(add.title().contains(whole), sentence + " -> " + add);
        }
    }

    @Property(tries = 500)
    void whatIsWholeSaysNothing(@ForAll("whole") String whole, @ForAll("moments") ZonedDateTime now) {
        var add = assertInstanceOf(
                Intent.Add.class,
                Understanding.of("buy " + whole + " please", now).intent(),
                whole);
        assertEquals("buy " + whole + " please", add.title());
        assertEquals(
                "{\"title\":" + dev.sandglass.events.Json.text(add.title()) + "}",
                add.body().toString());
    }

    @Property(tries = 1_000)
    void nothingIsOverdueWhenItIsMade(@ForAll("sentences") String sentence, @ForAll("moments") ZonedDateTime now) {
        var intent = Understanding.of(sentence, now).intent();
        isOften(intent instanceof Intent.Add dated && dated.due() != null);
        if (intent instanceof Intent.Add add && add.due() != null) {
            // Among these words, only 31.12.2027, 2027-01-31 and 3.12.26 may be past, and the first date of a rule from
            // there.
            boolean named = add.due().date().getYear() == 2027 && sentence.contains("2027")
                    || sentence.contains("3.12.26")
                            && (add.recurrence() != null || add.due().date().equals(LocalDate.of(2026, 12, 3)));
            assertTrue(named || add.due().at(now.getZone()).isAfter(now.toInstant()), sentence + " -> " + add);
        }
    }

    @Property(tries = 2_000)
    void spacesSayNothing(
            @ForAll("sentences") String sentence,
            @ForAll("spaces") List<String> spaces,
            @ForAll("moments") ZonedDateTime now) {
        var words = Arrays.asList(sentence.split(" "));
        var spaced = new StringBuilder(spaces.get(0));
        for (int i = 0; i < words.size(); i++) {
            spaced.append(words.get(i)).append(spaces.get((i + 1) % spaces.size()));
        }
        assertEquals(
                Understanding.of(sentence, now).intent(),
                Understanding.of(spaced.toString(), now).intent(),
                sentence);
    }

    /** A user who picks a choice gets what it says: a task, not one more question about the same words. */
    @Property(tries = 1_000)
    void eachChoiceIsUnderstood(@ForAll("sentences") String sentence, @ForAll("moments") ZonedDateTime now) {
        var intent = Understanding.of("buy milk " + sentence, now).intent();
        isOften(intent instanceof Intent.Unclear);
        if (intent instanceof Intent.Unclear asked) {
            for (var choice : asked.choices()) {
                var next = Understanding.of(choice.say(), now).intent();
                assertFalse(
                        next instanceof Intent.Unclear again && again.question().equals(asked.question()),
                        sentence + " -> " + choice + " -> " + next);
            }
        }
    }

    /** A question leads to an answer in a few steps, whatever is picked. */
    @Property(tries = 1_000)
    void choicesComeToAnEnd(
            @ForAll("sentences") String sentence,
            @ForAll("picks") List<Integer> picks,
            @ForAll("moments") ZonedDateTime now) {
        var intent = Understanding.of("buy milk " + sentence, now).intent();
        isOften(intent instanceof Intent.Unclear);
        var way = new ArrayList<String>();
        for (int pick : picks) {
            if (!(intent instanceof Intent.Unclear asked) || asked.choices().isEmpty()) {
                return;
            }
            var choice = asked.choices().get(pick % asked.choices().size());
            way.add(choice.say());
            intent = Understanding.of(choice.say(), now).intent();
        }
        assertFalse(intent instanceof Intent.Unclear asked && !asked.choices().isEmpty(), way.toString());
    }

    /** Measures processor time, which other work on the machine does not change, without the first readings of a fresh virtual machine. */
    @Test
    void hostileLinesAreReadInTime() {
        var lines = Stream.concat(
                        Stream.of("a" + "\u0301".repeat(1_999), "#a" + "\u0301".repeat(1_998), "\u0301".repeat(2_000)),
                        Stream.of(
                                        "\"a ",
                                        "'a ",
                                        "“a ",
                                        "( ",
                                        "((",
                                        "#a#",
                                        "every ",
                                        "mon ",
                                        "mon,",
                                        "mon/",
                                        "and ",
                                        "1st and ",
                                        "9:30 ",
                                        "9 ",
                                        "remind me ",
                                        "1h before ",
                                        "every mon and ",
                                        "12.12. ",
                                        "tomorrow ",
                                        "at ",
                                        "A ",
                                        "5/6 ",
                                        "to ",
                                        "if ",
                                        "of the ",
                                        "- ",
                                        "😀",
                                        "!high ",
                                        "2027-01-31 ",
                                        "last ",
                                        "second ",
                                        "the ",
                                        "Friday Night ",
                                        "may ",
                                        "first and second ",
                                        "in 3 days or ",
                                        "a",
                                        "-",
                                        "1",
                                        ".",
                                        ",",
                                        "`",
                                        "from 3 to 5 ",
                                        "week on ",
                                        "x,tomorrow,")
                                .map(it -> it.repeat(2_000 / it.codePointCount(0, it.length()))))
                .toList();
        var now = ZonedDateTime.parse("2026-11-27T13:00:00+01:00[Europe/Warsaw]");
        var processor = ManagementFactory.getThreadMXBean();
        for (int warm = 0; warm < 3; warm++) {
            lines.forEach(it -> Understanding.of(it, now));
        }
        for (var line : lines) {
            long best = Long.MAX_VALUE;
            for (int round = 0; round < 3; round++) {
                long start = processor.getCurrentThreadCpuTime();
                Understanding.of(line, now);
                best = Math.min(best, processor.getCurrentThreadCpuTime() - start);
            }
            // A slow machine took 50 ms for one of them.
            assertTrue(best < 200_000_000, line.substring(0, 10) + "…: " + best / 1_000_000 + " ms");
        }
    }

    @Provide
    Arbitrary<String> sentences() {
        var parts = Stream.of(DATES, RULES, WORDS, WORDS, WHOLE)
                .flatMap(List::stream)
                .toList();
        return Arbitraries.of(parts).list().ofMinSize(1).ofMaxSize(7).map(it -> String.join(" ", it));
    }

    @Provide
    Arbitrary<String> whole() {
        return Arbitraries.of(WHOLE);
    }

    @Provide
    Arbitrary<List<String>> spaces() {
        return Arbitraries.of(" ", "  ", "\t", "\n", "\u00a0", "\u3000", " \u2009")
                .list()
                .ofSize(4);
    }

    @Provide
    Arbitrary<List<Integer>> picks() {
        return Arbitraries.integers().between(0, 9).list().ofSize(8);
    }

    @Provide
    Arbitrary<ZonedDateTime> moments() {
        return Combinators.combine(
                        Arbitraries.longs()
                                .between(
                                        LocalDate.of(2026, 1, 1).toEpochDay() * 86_400,
                                        LocalDate.of(2029, 1, 1).toEpochDay() * 86_400),
                        Arbitraries.of("UTC", "Europe/Warsaw", "Pacific/Apia", "America/New_York", "Asia/Kathmandu"))
                .as((second, zone) -> Instant.ofEpochSecond(second).atZone(ZoneId.of(zone)));
    }
}
