package dev.sandglass.task.domain.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.Json;
import dev.sandglass.time.Recurrence;
import dev.sandglass.time.ReminderSpec;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnderstandingTest {
    private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");
    /** A Saturday. */
    private static final ZonedDateTime NOW = ZonedDateTime.of(LocalDate.of(2026, 11, 21), LocalTime.of(9, 40), WARSAW);

    /** Each of these has millions of ways to be read as days of a month. */
    @ParameterizedTest
    @ValueSource(strings = {"second last & ", "first & ", "mon & ", "1st & "})
    void noMessageTakesMinutes(String part) {
        String message = "x " + part.repeat(1_990 / part.length());
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> Understanding.of(message, NOW));
    }

    /** Each word of these may begin what says when. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "move x | from | to ",
                "move tasks aa.1 | from | to ",
                "move x | from mon| to tue",
                "snooze x |9 |9 "
            })
    void noMessageIsReadAgainFromEachWordToEachOther(String text) {
        String[] parts = text.split("\\|");
        String message = parts[0] + parts[1].repeat(120 / parts[1].length()) + parts[2].repeat(120 / parts[2].length());
        Understanding.of("move x from monday to tuesday", NOW);
        assertTimeoutPreemptively(Duration.ofSeconds(1), () -> Understanding.of(message, NOW));
    }

    /** Each of these may be named in more ways than there is time for, or is compared with each part of the message. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "show |x, |90",
                "complete everything in x, |x, |650",
                "complete everything in x, |a, |650",
                "delete everything and |a, |650"
            })
    void namesOfListsAreLookedForOnce(String text) {
        var parts = text.split("\\|");
        var message = parts[0] + parts[1].repeat(Integer.parseInt(parts[2])) + "z";
        var speaker = knowing("x", "x, x", "y".repeat(200));
        Understanding.of("show x and y", speaker);
        assertTimeoutPreemptively(Duration.ofSeconds(1), () -> Understanding.of(message, speaker));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            show Groceries and Work | Groceries and Work
            show Groceries and Work and Work | Groceries and Work,Work
            show Work and Groceries | Work,Groceries
            show tasks in Groceries, Work and London due today | Groceries,Work,London
            complete everything in Work and Groceries and Work | Work,Groceries and Work
            show Work and Work | Work
            """)
    void aListWithAnAndIsOneBeforeItIsTwo(String sentence, String lists) {
        var speaker = knowing("Groceries", "Work", "Groceries and Work", "London");
        var intent = Understanding.of(sentence, speaker).intent();
        var show = intent instanceof Intent.Several several
                ? several.which()
                : assertInstanceOf(Intent.Show.class, intent, sentence);
        assertEquals(lists, show.query().get("list"));
    }

    /** Each is its own id. */
    private static Speaker knowing(String... lists) {
        return new Speaker(
                NOW,
                "en",
                null,
                new ListNames(Stream.of(lists).map(it -> new ListName(it, it)).toList()));
    }

    /** The choice has the ids of all of them, and is longer than what is typed. */
    @ParameterizedTest
    @ValueSource(
            strings = {"move tasks | to list Work", "move tasks | by 2 days", "delete tasks |", "done with tasks |"})
    void whatIsOfferedForManyTasksIsDoneToThem(String sentence) {
        var ids = IntStream.range(1, 31)
                .mapToObj(it -> "0aBcDeFgHiJkLmNo." + 100_000 * it)
                .toList();
        var choice = new Choice(sentence.replace("|", String.join(" ", ids)), "These: 30");
        var asked = new PendingQuestion(null, List.of(choice, new Choice("no", "Leave them")));
        var speaker = knowing("Work");
        assertEquals(
                ids,
                assertInstanceOf(
                                Intent.All.class,
                                Understanding.answer(asked, "1", speaker).intent())
                        .tasks());
        assertEquals(
                "these",
                assertInstanceOf(
                                Intent.Add.class,
                                Understanding.answer(asked, "these", speaker).intent())
                        .title(),
                "a word of a label is too little for it");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            buy milk tomorrow 9am #home !high | {"title":"buy milk","due":"2026-11-22T09:00:00","priority":"high","tags":["home"]}
            tomorrow buy milk | {"title":"buy milk","due":"2026-11-22"}
            call mum on friday at 5pm | {"title":"call mum","due":"2026-11-27T17:00:00"}
            dentist 2027-01-31 14:30 | {"title":"dentist","due":"2027-01-31T14:30:00"}
            dentist 2027-01-31T14:30:00 | {"title":"dentist","due":"2027-01-31T14:30:00"}
            january 31st 2027 at 2:30 pm dinner | {"title":"dinner","due":"2027-01-31T14:30:00"}
            book flight on 3rd of march | {"title":"book flight","due":"2027-03-03"}
            report 31 jan | {"title":"report","due":"2027-01-31"}
            leap 29 feb | {"title":"leap","due":"2028-02-29"}
            party on 24.12. | {"title":"party","due":"2026-12-24"}
            party 24.12.2027 at noon | {"title":"party","due":"2027-12-24T12:00:00"}
            pay on 31/12 | {"title":"pay","due":"2026-12-31"}
            pay bill on the 15th | {"title":"pay bill","due":"2026-12-15"}
            call mum tonight | {"title":"call mum","due":"2026-11-21T20:00:00"}
            film tonight at 9 | {"title":"film","due":"2026-11-21T21:00:00"}
            swim tomorrow morning | {"title":"swim","due":"2026-11-22T09:00:00"}
            lunch at noon | {"title":"lunch","due":"2026-11-21T12:00:00"}
            breakfast at 8am | {"title":"breakfast","due":"2026-11-22T08:00:00"}
            meet May at 5 | {"title":"meet May","due":"2026-11-21T17:00:00"}
            call in 2 hours | {"title":"call","due":"2026-11-21T11:40:00"}
            see doctor in two weeks | {"title":"see doctor","due":"2026-12-05"}
            lunch next friday | {"title":"lunch","due":"2026-11-27"}
            friday's report friday | {"title":"friday's report","due":"2026-11-27"}
            trip this weekend | {"title":"trip","due":"2026-11-21"}
            report on friday this week | {"title":"report","due":"2026-11-27"}
            report friday this week | {"title":"report","due":"2026-11-27"}
            report by end of month | {"title":"report","due":"2026-11-30"}
            finish report by friday | {"title":"finish report","due":"2026-11-27"}
            submit tax by 30 april 2027 !urgent #finance #home | {"title":"submit tax","due":"2027-04-30","priority":"urgent","tags":["finance","home"]}
            add what is love | {"title":"what is love"}
            create a task: water, please | {"title":"water, please"}
            I need to buy bread today | {"title":"buy bread","due":"2026-11-21"}
            """)
    void addsWhatIsDueOnce(String message, String body) {
        assertAdds(message, body);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            water plants every 3 days | {"title":"water plants","due":"2026-11-21","recurrence":"FREQ=DAILY;INTERVAL=3"}
            pay rent every 1st at 9am | {"title":"pay rent","due":"2026-12-01T09:00:00","recurrence":"monthly"}
            rent every month on the 15th | {"title":"rent","due":"2026-12-15","recurrence":"monthly"}
            close books every 31st | {"title":"close books","due":"2026-12-31","recurrence":"monthly"}
            take pills every day at 8:00 | {"title":"take pills","due":"2026-11-22T08:00:00","recurrence":"daily"}
            take pills every morning | {"title":"take pills","due":"2026-11-22T09:00:00","recurrence":"daily"}
            exercise at 6 every day | {"title":"exercise","due":"2026-11-21T18:00:00","recurrence":"daily"}
            review daily | {"title":"review","due":"2026-11-21","recurrence":"daily"}
            backup weekly | {"title":"backup","due":"2026-11-21","recurrence":"weekly"}
            every 2 weeks clean the bath | {"title":"clean the bath","due":"2026-11-21","recurrence":"FREQ=WEEKLY;INTERVAL=2"}
            filter every 3 months | {"title":"filter","due":"2026-11-21","recurrence":"FREQ=MONTHLY;INTERVAL=3;SKIP=BACKWARD"}
            standup every weekday 9:15 | {"title":"standup","due":"2026-11-23T09:15:00","recurrence":"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"}
            water plants every monday and thursday | {"title":"water plants","due":"2026-11-23","recurrence":"FREQ=WEEKLY;BYDAY=MO,TH"}
            gym every mon, wed and fri at 7am | {"title":"gym","due":"2026-11-23T07:00:00","recurrence":"FREQ=WEEKLY;BYDAY=MO,WE,FR"}
            brunch every saturday at 11:00 | {"title":"brunch","due":"2026-11-21T11:00:00","recurrence":"FREQ=WEEKLY;BYDAY=SA"}
            drinks every last friday at 6pm | {"title":"drinks","due":"2026-11-27T18:00:00","recurrence":"FREQ=MONTHLY;BYDAY=-1FR"}
            report on the last day of every month | {"title":"report","due":"2026-11-30","recurrence":"FREQ=MONTHLY;BYMONTHDAY=-1"}
            birthday yearly on 3 march | {"title":"birthday","due":"2027-03-03","recurrence":"yearly"}
            birthday every 3 march | {"title":"birthday","due":"2027-03-03","recurrence":"yearly"}
            run every other day until 31 jan | {"title":"run","due":"2026-11-21","recurrence":"FREQ=DAILY;INTERVAL=2;UNTIL=20270131"}
            pay monthly from 31 jan 3 times | {"title":"pay","due":"2027-01-31","recurrence":"FREQ=MONTHLY;SKIP=BACKWARD;COUNT=3"}
            haircut every! 6 weeks | {"title":"haircut","due":"2026-11-21","recurrence":"FREQ=WEEKLY;INTERVAL=6","recurFrom":"completion"}
            """)
    void addsWhatComesAgainWithItsFirstDate(String message, String body) {
        assertAdds(message, body);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            team meeting every monday at 10:00 remind me 15 minutes before | {"title":"team meeting","due":"2026-11-23T10:00:00","recurrence":"FREQ=WEEKLY;BYDAY=MO","reminders":["-PT15M"]}
            dentist tomorrow 9am, remind me 1 hour before and 1 day before | {"title":"dentist","due":"2026-11-22T09:00:00","reminders":["-PT1H","-P1D"]}
            dentist tomorrow remind me at 8am | {"title":"dentist","due":"2026-11-22","reminders":["2026-11-22T07:00:00Z"]}
            read report remind me at 5pm | {"title":"read report","reminders":["2026-11-21T16:00:00Z"]}
            call mum remind me 15 minutes before tomorrow at 5pm | {"title":"call mum","due":"2026-11-22T17:00:00","reminders":["-PT15M"]}
            remind me to call mum tomorrow at 5pm | {"title":"call mum","due":"2026-11-22T17:00:00","reminders":["PT0S"]}
            remind me in 10 minutes to turn off the oven | {"title":"turn off the oven","due":"2026-11-21T09:50:00","reminders":["PT0S"]}
            """)
    void addsReminders(String message, String body) {
        assertAdds(message, body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Buy milk for 2 people",
                "Read chapter 3",
                "march to the store",
                "sun cream",
                "sat nav repair",
                "buy 12 eggs",
                "plan 5 day trip",
                "meet at 25:00",
                "fix issue #12",
                "daily review",
                "upgrade to 1.5",
                "call bob at 5 Main Street",
                "Windows 11 upgrade",
                "fix bug 2026",
                "call 555 1234",
                "may I borrow it",
                "!!!",
                "Zażółć gęślą jaźń 🎉",
                "second draft"
            })
    void leavesWordsThatAreNoDate(String message) {
        assertAdds(message, Json.object().put("title", message).toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            what is due this week | due_after=2026-11-16, due_before=2026-11-23, sort=due, status=open
            what tasks are due next week | due_after=2026-11-23, due_before=2026-11-30, sort=due, status=open
            what's due tomorrow? | due_after=2026-11-22, due_before=2026-11-23, sort=due, status=open
            what do I have to do today? | due_after=2026-11-21, due_before=2026-11-22, sort=due, status=open
            what is due before friday | due_before=2026-11-27, sort=due, status=open
            show overdue | overdue=true, sort=due, status=open
            list #home | sort=due, status=open, tag=home
            show #home !high | priority=high, sort=due, status=open, tag=home
            what's urgent | priority=urgent, sort=due, status=open
            are there any urgent tasks? | priority=urgent, sort=due, status=open
            show all | sort=due, status=open
            list | sort=due, status=open
            show completed | sort=-updated, status=completed
            find milk | q=milk, sort=due
            when is dentist due? | q=dentist, sort=due
            """)
    void shows(String message, String query) {
        var show = assertInstanceOf(Intent.Show.class, understood(message));
        assertEquals("{" + query + "}", show.query().toString());
    }

    @Test
    void onASundayThisWeekIsTheOneThatEndsAndTheOneThatBegins() {
        var show = assertInstanceOf(
                Intent.Show.class,
                Understanding.of("what is due this week", NOW.plusDays(1)).intent());
        assertEquals(
                "{due_after=2026-11-16, due_before=2026-11-29, sort=due, status=open}",
                show.query().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "done with milk, milk",
        "finished milk, milk",
        "complete pay rent, pay rent",
        "i'm done with the milk!, the milk",
        "mark pay rent as done, pay rent",
        "milk is done, milk",
        "done with task a.1, task a.1"
    })
    void completes(String message, String words) {
        assertEquals(new Intent.Complete(words, null), understood(message));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\0",
                "how are you?",
                "help",
                "hello",
                "tomorrow 9am #home",
                "every day",
                "done",
                "pay on 5/6",
                "remind me to stretch",
                "thing on 2027-02-31",
                "thing 32 january",
                "show Anna the flat tomorrow",
                "add"
            })
    void asksBack(String message) {
        assertInstanceOf(Intent.Unclear.class, understood(message));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            tomorrow 9am #home | buy milk | {"title":"buy milk","due":"2026-11-22T09:00:00","tags":["home"]}
            remind me to stretch | tomorrow at 5pm | {"title":"stretch","due":"2026-11-22T17:00:00","reminders":["PT0S"]}
            pay on 5/6 | 1 | {"title":"pay","due":"2027-06-05"}
            pay on 5/6 | 6 May | {"title":"pay","due":"2027-05-06"}
            pay on 5/6 | tomorrow | {"title":"pay","due":"2026-11-22"}
            thing on 2027-02-31 | 28 feb 2027 | {"title":"thing","due":"2027-02-28"}
            tomorrow | call mum on friday at 5pm | {"title":"call mum","due":"2026-11-27T17:00:00"}
            how are you? | buy milk | {"title":"buy milk"}
            """)
    void takesAnswers(String message, String answer, String body) {
        var asked = assertInstanceOf(Intent.Unclear.class, understood(message));
        var kept = Json.read(Json.text(asked.pending()), PendingQuestion.class);
        var add = assertInstanceOf(
                Intent.Add.class, Understanding.answer(kept, answer, NOW).intent());
        assertEquals(body, add.body().toString());
    }

    /** "On the 5th december 5th" is a day and a 5th that is left. */
    @Test
    void aChoiceKeepsTwoDaysApart() {
        var asked = assertInstanceOf(
                Intent.Unclear.class, understood("buy milk at 5 every day on the 5th every day december 5th milk"));
        var add = assertInstanceOf(
                Intent.Add.class, understood(asked.choices().get(0).say()));
        assertEquals("buy milk every day milk", add.title());
    }

    private static final PendingQuestion DELETION = new PendingQuestion(
            null,
            List.of(
                    new Choice("delete tasks aa.1 aa.2", "Delete these: 2"),
                    new Choice("never mind", "Leave them as they are")));

    private static final PendingQuestion LOESCHEN = new PendingQuestion(
            null,
            List.of(
                    new Choice("lösche aufgaben aa.1 aa.2", "Diese löschen: 2"),
                    new Choice("nein", "Lassen, wie sie sind")));

    private static Intent answered(String locale, String answer) {
        var speaker = new Speaker(NOW, locale, null, ListNames.NONE);
        return Understanding.answer(locale.equals("en") ? DELETION : LOESCHEN, answer, speaker)
                .intent();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            en | 1
            en | 1.
            en | the first
            en | Delete these: 2
            en | yes
            en | Y
            en | yep
            en | yes, please
            en | sure!
            en | ok thanks
            de | 1
            de | ja
            de | J
            de | jawohl
            de | ja bitte
            de | Diese löschen: 2
            """)
    void yesIsSaidInFewWays(String locale, String answer) {
        assertInstanceOf(Intent.All.class, answered(locale, answer));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            en | 2
            en | n
            en | nope
            en | nah
            en | no thanks
            en | not yet
            en | no, keep them
            en | leave them
            en | Leave them as they are
            de | n
            de | nö
            de | nein danke
            de | nein, noch nicht
            """)
    void noChangesNothing(String locale, String answer) {
        var unclear = assertInstanceOf(Intent.Unclear.class, answered(locale, answer));
        assertEquals(Language.spokenIn(locale).say("nothing-done"), unclear.question());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ok?", "yes??", "1?", "Delete these: 2?", "no?", "2 ?"})
    void anAnswerThatAsksIsNone(String answer) {
        var unclear = assertInstanceOf(Intent.Unclear.class, answered("en", answer));
        assertEquals(DELETION.choices(), unclear.choices());
    }

    @ParameterizedTest
    @ValueSource(strings = {"d", "let", "e: 2", "these", "delete these", "delete", "ese"})
    void partsOfALabelDeleteNothing(String answer) {
        assertFalse(answered("en", answer) instanceof Intent.All);
    }

    /** A word that only one choice has, but no part of a word. */
    @Test
    void aChoiceIsNamedByItsWords() {
        var asked = new PendingQuestion(
                null, List.of(new Choice("add \"a\"", "“buy the milk”"), new Choice("add \"b\"", "“buy the bread”")));
        var bread = assertInstanceOf(
                Intent.Add.class, Understanding.answer(asked, "the bread", NOW).intent());
        assertEquals("b", bread.title());
        for (var none : List.of("bre", "buy", "ilk")) {
            assertEquals(
                    none,
                    assertInstanceOf(
                                    Intent.Add.class,
                                    Understanding.answer(asked, none, NOW).intent())
                            .title());
        }
    }

    /** A choice that another conversation offered is no answer. */
    @Test
    void severalAreNotDeletedUnasked() {
        var asked = assertInstanceOf(Intent.Unclear.class, understood("delete tasks aa.1 aa.2"));
        assertEquals("2 tasks. Shall I delete them?", asked.question());
        assertInstanceOf(
                Intent.All.class,
                Understanding.answer(asked.pending(), asked.choices().get(0).say(), NOW)
                        .intent());
    }

    /** Nothing of the sentence is cut out, and no choice ends in a word that joins. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "take out trash every monday except on 28 december",
                "drink water every day at 8 and 12",
                "drink water every monday at 8 and 12",
                "meet tomorrow at 3 or 4",
                "gym every monday and 3rd",
                "pills every day at 8am and 8pm",
                "tea at 4 and 5 tomorrow",
                "bins every even week on monday",
                "pay bill by friday remind me daily"
            })
    void asItIsWrittenIsAsItIsWritten(String sentence) {
        var asked = assertInstanceOf(Intent.Unclear.class, understood(sentence));
        var choices = asked.choices();
        for (var choice : choices) {
            var add = assertInstanceOf(
                    Intent.Add.class,
                    Understanding.answer(asked.pending(), choice.label(), NOW).intent(),
                    choice::toString);
            assertFalse(
                    !add.title().equals(sentence) && add.title().matches(".* (except|and|or)( \\d+)?"), add::toString);
        }
        var written = assertInstanceOf(
                Intent.Add.class, understood(choices.get(choices.size() - 1).say()));
        assertEquals("{\"title\":\"" + sentence + "\"}", written.body().toString());
    }

    @Test
    void neverMind() {
        var asked = assertInstanceOf(Intent.Unclear.class, understood("tomorrow"));
        assertInstanceOf(
                Intent.Unclear.class,
                Understanding.answer(asked.pending(), "never mind", NOW).intent());
    }

    @Test
    void theLastDayOfAllIsADayEverywhere() {
        assertValid(
                "buy remind me 23:59 9999-12-31", ZonedDateTime.parse("2001-09-08T21:46:40-04:00[America/New_York]"));
    }

    @Property(tries = 500)
    void anyTextIsReadAndEveryTaskIsValid(@ForAll String message, @ForAll("moments") ZonedDateTime now) {
        assertValid(message, now);
    }

    @Property(tries = 2_000)
    void anySentenceIsReadAndEveryTaskIsValid(
            @ForAll("sentences") String message, @ForAll("moments") ZonedDateTime now) {
        assertValid(message, now);
    }

    @Provide
    Arbitrary<String> sentences() {
        return Arbitraries.of(
                        "buy",
                        "milk",
                        "every",
                        "each",
                        "every!",
                        "999",
                        "3",
                        "0",
                        "31st",
                        "1st",
                        "last",
                        "day",
                        "days",
                        "weeks",
                        "month",
                        "months",
                        "year",
                        "of",
                        "the",
                        "monday",
                        "fri",
                        "and",
                        ",",
                        "on",
                        "at",
                        "in",
                        "next",
                        "this",
                        "tomorrow",
                        "today",
                        "tonight",
                        "noon",
                        "9am",
                        "12:61",
                        "23:59",
                        "24:00",
                        "29 feb",
                        "31 april",
                        "may",
                        "5/6",
                        "13/13",
                        "0/0",
                        "1/2/3000",
                        "2027-02-29",
                        "9999-12-31",
                        "0000-01-01",
                        "31.12.",
                        "99.99.2027",
                        "remind me",
                        "before",
                        "minutes",
                        "hours",
                        "#home",
                        "#",
                        "!high",
                        "until",
                        "for",
                        "times",
                        "daily",
                        "yearly",
                        "monthly",
                        "end of",
                        "weekend",
                        "done",
                        "with",
                        "show",
                        "what",
                        "is",
                        "due",
                        "add",
                        "finish",
                        "?",
                        "!",
                        "from",
                        "now",
                        "twelve",
                        "an",
                        "night",
                        "morning",
                        "-",
                        "…",
                        "\"",
                        "\u0000")
                .list()
                .ofMaxSize(14)
                .map(words -> String.join(" ", words));
    }

    @Provide
    Arbitrary<ZonedDateTime> moments() {
        return Combinators.combine(
                        Arbitraries.longs().between(1_000_000_000L, 4_000_000_000L),
                        Arbitraries.of("UTC", "Europe/Warsaw", "Pacific/Apia", "America/New_York", "+05:45"))
                .as((second, zone) -> java.time.Instant.ofEpochSecond(second).atZone(ZoneId.of(zone)));
    }

    private static void assertValid(String message, ZonedDateTime now) {
        if (Understanding.of(message, now).intent() instanceof Intent.Add add) {
            assertTrue(
                    !add.title().isBlank()
                            && add.title().codePointCount(0, add.title().length()) <= 500,
                    add.toString());
            assertTrue(add.title().chars().noneMatch(Character::isISOControl), add.toString());
            assertTrue(
                    add.tags().stream().allMatch(it -> !it.isEmpty() && it.codePointCount(0, it.length()) <= 50),
                    add.toString());
            assertTrue(add.recurrence() == null || add.due() != null, add.toString());
            if (add.recurrence() != null) {
                Recurrence.parse(add.recurrence());
            }
            for (var reminder : add.reminders()) {
                assertTrue(add.due() != null || !ReminderSpec.parse(reminder).needsDue(), add.toString());
            }
        }
    }

    /** The words that were understood, each with its meaning. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            en | push rent back 2 days! | push:move, back 2 days:move
            en | move rent to tomorrow at 9 | move:move, to tomorrow at 9:2026-11-22T09:00:00
            en | move rent to 9pm | move:move, to 9pm:move
            en | move rent to Groceries | move:move, to Groceries:g
            en | snooze rent for 1 hour | snooze:snooze, for 1 hour:snooze
            en | remind me again in 2 hours about rent | remind me again in 2 hours about:snooze
            en | the milk is done. | is done:complete
            en | mark milk as done | mark:complete, as done:complete
            en | delete milk | delete:delete
            en | skip gym | skip:skip
            en | undo that | undo that:undo
            en | share Groceries with bob to read | share:share, Groceries:g, with bob to read:share
            en | everything in Groceries is done | everything:complete, in Groceries:g, is done:complete
            en | show #home !high in Groceries | show:show, #home:home, !high:high, in Groceries:g
            en | show !high #home | show:show, !high:high, #home:home
            en | call mum tomorrow 8ish | tomorrow:2026-11-22T08:00:00, 8ish:2026-11-22T08:00:00
            en | put 🥛 on my Groceries list | put:add, on my Groceries list:g
            en | call mum on 1 dec, remind me the night before | on 1 dec:2026-12-01, remind me:2026-11-30T19:00:00Z, the night before:2026-11-30T19:00:00Z
            de | füge Milch morgen um 8 zu Groceries hinzu | füge:add, morgen:2026-11-22T08:00:00, um 8:2026-11-22T08:00:00, zu Groceries:g, hinzu:add
            de | Milch zu Groceries hinzufügen | zu Groceries:g, hinzufügen:add
            de | Miete um 2 Tage nach hinten verschieben | um 2 Tage nach hinten verschieben:move
            de | verschiebe Miete auf morgen | verschiebe:move, auf morgen:2026-11-22
            de | Miete auf morgen verschieben | auf morgen:2026-11-22, verschieben:move
            de | hake Milch ab | hake:complete, ab:complete
            """)
    void marksTheWordsThatItUnderstood(String locale, String message, String marks) {
        var lists = new ListNames(List.of(new ListName("g", "Groceries")));
        int[] text = message.codePoints().toArray();
        assertEquals(
                marks,
                Understanding.of(message, new Speaker(NOW, locale, null, lists)).understood().stream()
                        .map(it -> new String(text, it.from(), it.to() - it.from()) + ":" + it.value())
                        .collect(Collectors.joining(", ")));
    }

    private static Intent understood(String message) {
        return Understanding.of(message, NOW).intent();
    }

    private static void assertAdds(String message, String body) {
        var add = assertInstanceOf(Intent.Add.class, understood(message), message);
        assertEquals(body, add.body().toString(), message);
    }
}
