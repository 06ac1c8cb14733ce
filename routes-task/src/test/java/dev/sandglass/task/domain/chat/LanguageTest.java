package dev.sandglass.task.domain.chat;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.task.domain.chat.Language.Expression.Action;
import dev.sandglass.task.domain.chat.Language.Expression.Text;
import dev.sandglass.task.domain.chat.Language.Node;
import dev.sandglass.task.domain.chat.Language.Node.Word;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A language is a file. */
class LanguageTest {
    private static final ZonedDateTime FRIDAY = ZonedDateTime.parse("2026-11-27T13:00:00+01:00[Europe/Warsaw]");
    private static final Language ENGLISH = Language.spokenIn("en");
    private static final Speaker GERMAN = new Speaker(FRIDAY, "de", null, ListNames.NONE);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            Milch kaufen morgen | {"title":"Milch kaufen","due":"2026-11-28"}
            Zahnarzt übermorgen um 14:30 Uhr | {"title":"Zahnarzt","due":"2026-11-29T14:30:00"}
            Oma anrufen am Montag um 20 Uhr #familie !hoch | {"title":"Oma anrufen","due":"2026-11-30T20:00:00","priority":"high","tags":["familie"]}
            Müll rausbringen jeden Montag | {"title":"Müll rausbringen","due":"2026-11-30","recurrence":"FREQ=WEEKLY;BYDAY=MO"}
            Pflanzen gießen alle 3 Tage | {"title":"Pflanzen gießen","due":"2026-11-27","recurrence":"FREQ=DAILY;INTERVAL=3"}
            Pflanzen gießen jeden zweiten Tag | {"title":"Pflanzen gießen","due":"2026-11-27","recurrence":"FREQ=DAILY;INTERVAL=2"}
            Party am 24.12. | {"title":"Party","due":"2026-12-24"}
            Rede halten am 5. Mai | {"title":"Rede halten","due":"2027-05-05"}
            Bericht lesen morgen abends | {"title":"Bericht lesen","due":"2026-11-28T19:00:00"}
            Zahnarzt morgen um 10:30 erinnere mich 2 Stunden vorher | {"title":"Zahnarzt","due":"2026-11-28T10:30:00","reminders":["-PT2H"]}
            „morgen“ nachschlagen | {"title":"„morgen“ nachschlagen"}
            call mum tomorrow | {"title":"call mum tomorrow"}
            """)
    void anotherLanguageIsAnotherFile(String message, String body) {
        var add = assertInstanceOf(
                Intent.Add.class, Understanding.of(message, GERMAN).intent());
        assertEquals(body, add.body().toString());
    }

    @ParameterizedTest
    @CsvSource({
        ",2026-11-29T09:00,this week,2026-11-23/2026-12-06",
        "MONDAY,2026-11-29T09:00,this week,2026-11-23/2026-11-30",
        "SUNDAY,2026-11-29T09:00,this week,2026-11-29/2026-12-06",
        "SUNDAY,2026-11-29T09:00,next week,2026-12-06/2026-12-13",
        "SATURDAY,2026-11-27T09:00,this week,2026-11-21/2026-11-28",
    })
    void weeksBeginAsOneSays(@Nullable DayOfWeek first, LocalDateTime at, String week, String days) {
        var speaker = new Speaker(at.atZone(FRIDAY.getZone()), "en", first, ListNames.NONE);
        var show = assertInstanceOf(
                Intent.Show.class,
                Understanding.of("what is due " + week, speaker).intent());
        assertEquals(days, show.query().get("due_after") + "/" + show.query().get("due_before"));
    }

    @Test
    void asksInTheOtherLanguageToo() {
        var asked = assertInstanceOf(
                Intent.Unclear.class,
                Understanding.of("Oma anrufen am Freitag", GERMAN).intent());
        assertEquals(
                "aufgabe \"Oma anrufen\" am 2026-12-04", asked.choices().get(1).say());
        var add = assertInstanceOf(
                Intent.Add.class,
                Understanding.of(asked.choices().get(1).say(), GERMAN).intent());
        assertEquals(
                "{\"title\":\"Oma anrufen\",\"due\":\"2026-12-04\"}", add.body().toString());
    }

    /** Each file says the same things, with the same names in them. */
    @Test
    void everyLanguageHasAnAnswerToAll() {
        var others = said(Language.spokenIn("de"));
        said(ENGLISH).forEach((what, names) -> assertEquals(names, others.get(what), what));
        assertTrue(said(ENGLISH).size() > 150);
    }

    private static Map<String, Set<String>> said(Language language) {
        var said = new TreeMap<String, Set<String>>();
        for (var rule : language.rules(Objects.requireNonNull(language.name("say")))) {
            var names = new TreeSet<String>();
            Pattern.compile("<[a-z]+>")
                    .matcher(((Text) rule.meaning()).value())
                    .results()
                    .forEach(it -> names.add(it.group()));
            said.put(((Word) rule.phrase()).text(), names);
        }
        return said;
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de"})
    void everyMeaningIsOne(String locale) {
        var language = Language.spokenIn(locale);
        int meanings = 0;
        for (int name = 0; name < language.size(); name++) {
            for (var rule : language.rules(name)) {
                if (rule.meaning() instanceof Action action
                        && !action.arguments().isEmpty()) {
                    assertTrue(Meanings.knows(action.name()), action.toString());
                    meanings++;
                }
            }
        }
        assertTrue(meanings > 20, meanings + " meanings");
    }

    /** A phrase that the file spells out says something, or nothing; it never fails. */
    @ParameterizedTest
    @ValueSource(strings = {"en", "de"})
    void everyPhraseOfTheFileIsRead(String locale) {
        var language = Language.spokenIn(locale);
        var speaker = new Speaker(FRIDAY, locale, null, ListNames.NONE);
        var random = new Random(7);
        for (int name = 0; name < language.size(); name++) {
            for (var rule : language.rules(name)) {
                for (int n = 0; n < 8; n++) {
                    var said = "x " + said(language, rule.phrase(), random);
                    assertDoesNotThrow(() -> Understanding.of(said, speaker), said);
                }
            }
        }
    }

    private static String said(Language language, Node node, Random random) {
        if (node instanceof Node.Word word) {
            return word.text();
        }
        if (node instanceof Node.OfKind of) {
            return switch (of.kind()) {
                case INT -> "" + (1 + random.nextInt(40));
                case NTH -> "4th";
                case DATE -> "2027-01-31";
                case DOTTED -> "31.1.";
                case SLASHED -> "5/6";
                case CLOCK -> "9:30";
                case EXACT -> "9:30pm";
                case DOT_CLOCK -> "17.30";
                default -> "word";
            };
        }
        if (node instanceof Node.Name it) {
            var rules = language.rules(it.index());
            return said(language, rules.get(random.nextInt(rules.size())).phrase(), random);
        }
        if (node instanceof Node.OneOf one) {
            return said(language, one.others().get(random.nextInt(one.others().size())), random);
        }
        if (node instanceof Node.Maybe maybe) {
            return random.nextBoolean() ? said(language, maybe.part(), random) : "";
        }
        if (node instanceof Node.Several several) {
            return said(language, several.part(), random) + " " + said(language, several.part(), random);
        }
        return ((Node.Sequence) node)
                .parts().stream().map(it -> said(language, it, random)).collect(Collectors.joining(" "));
    }

    @Test
    void aMistakeInAFileIsNamedWithItsLine() {
        var mistake = assertThrows(IllegalArgumentException.class, () -> Language.of("mistaken"));
        assertEquals("mistaken.words, line 4: there is no )", mistake.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Language.of("nowhere"));
    }
}
