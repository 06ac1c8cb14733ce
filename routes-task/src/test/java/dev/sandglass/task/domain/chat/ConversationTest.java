package dev.sandglass.task.domain.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.Json;
import dev.sandglass.events.Priority;
import dev.sandglass.events.Task;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.domain.finding.Page;
import dev.sandglass.task.domain.finding.Sample;
import dev.sandglass.time.Due;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model's wish becomes what the grammar has; only sentences that the grammar is not sure of go to a model. */
@Tag("FR-009")
class ConversationTest {
    private static final ZonedDateTime FRIDAY = ZonedDateTime.parse("2026-11-27T13:00:00+01:00[Europe/Warsaw]");
    private static final ListNames LISTS = new ListNames(List.of(
            new ListName("g1", "Groceries"),
            new ListName("i1", "Inbox"),
            new ListName("w1", "Work"),
            new ListName("w2", "Work")));
    private static final String TASK = "k3v9x2mq7r.12";

    private static Speaker speaker(String locale) {
        return new Speaker(FRIDAY, locale, null, LISTS);
    }

    // Sentences for a model -------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I promised Anna the photos by Monday",
                "it's about time somebody cleaned the garage",
                "if the weather is good on Sunday we go to the lake",
                "can you tell me what I have forgotten?",
                "how is my week looking",
                "what should I do first",
                "show me what I am late with",
                "share the shopping stuff with bob",
                "yoga every Tuesday except holidays",
                "the landlord said the heating man comes some time next week so the key has to be with the neighbours"
            })
    void whatIsNotUnderstoodOrInPartIsNotSure(String message) {
        assertFalse(Understanding.of(message, speaker("en")).sure());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "buy milk tomorrow",
                "milk",
                "team dinner every 5th friday at 7pm",
                "add I promised Anna the photos",
                "i need to call mum",
                "remind me tomorrow to call mum",
                "call mum on friday",
                "pay on 5/6",
                "buy milk and call mum tomorrow",
                "meet on 31.11.",
                "what is due this week",
                "find a plumber",
                "done with milk",
                "finish report",
                "delete milk",
                "move rent to tomorrow at 9",
                "snooze rent",
                "share Groceries with bob",
                "undo",
                "hello",
                "thanks",
                "",
                "1"
            })
    void whatIsUnderstoodOrMayBeOneOfTwoThingsIsSure(String message) {
        assertTrue(Understanding.of(message, speaker("en")).sure());
    }

    @Test
    void inGermanToo() {
        assertFalse(Understanding.of("ich habe Anna die Fotos versprochen", speaker("de"))
                .sure());
        assertTrue(Understanding.of("ich muss Anna anrufen", speaker("de")).sure());
        assertTrue(Understanding.of("Oma anrufen am Freitag", speaker("de")).sure());
    }

    @Test
    void whatIsTooLongToReadGoesNowhere() {
        assertTrue(Understanding.of("I said so ".repeat(300), speaker("en")).sure());
    }

    // Wishes ----------------------------------------------------------------------------------------------------------

    static Stream<String> locales() {
        return Language.FILES.stream();
    }

    /** Yes is a sentence that the grammar reads as just that. */
    @ParameterizedTest
    @MethodSource("locales")
    void eachWishIsAQuestionAndYesIsASentence(String locale) {
        var one = new Intent.Complete(TASK, null);
        assertEquals(
                one.id(),
                assertInstanceOf(Intent.Complete.class, yes(locale, "complete_tasks", ids()))
                        .id());
        assertEquals(
                one.id(),
                assertInstanceOf(Intent.Delete.class, yes(locale, "delete_tasks", ids()))
                        .one()
                        .id());
        assertInstanceOf(Intent.Skip.class, yes(locale, "skip_task", task("")));
        assertEquals(
                Due.parse("2026-12-04T17:30:00"),
                assertInstanceOf(
                                Intent.Snooze.class,
                                yes(locale, "snooze_task", task("\"until\":\"2026-12-04T17:30:00\"")))
                        .until());
        var moved = assertInstanceOf(
                Intent.Move.class, yes(locale, "move_task", task("\"date\":\"2026-12-04\",\"time\":\"05:15\"")));
        assertEquals("2026-12-04 05:15", moved.date() + " " + moved.time());
        var there = assertInstanceOf(Intent.Move.class, yes(locale, "move_task", task("\"list\":\"Groceries\"")));
        assertEquals("g1", Objects.requireNonNull(there.list()).id());
        assertEquals(
                new Intent.Share(new ListName("g1", "Groceries"), List.of("bob@example.com"), "viewer"),
                yes(locale, "share_list", "{\"list\":\"groceries\",\"user\":\"bob@example.com\",\"role\":\"viewer\"}"));
        assertEquals(
                new Intent.Share(new ListName("g1", "Groceries"), List.of("bob"), null),
                yes(locale, "share_list", "{\"list\":\"Groceries\",\"user\":\"bob\",\"role\":\"none\"}"));
        assertEquals(new Intent.Undo(), yes(locale, "undo", ""));
        for (String title : List.of("call Anna tomorrow", "read \"28 Days Later\"", "Sofa: in den Keller; jetzt!")) {
            var added = assertInstanceOf(
                    Intent.Add.class,
                    yes(
                            locale,
                            "add_tasks",
                            "{\"tasks\":[{\"title\":" + Json.text(title)
                                    + ",\"due\":\"2026-12-04T17:30:00\",\"priority\":\"urgent\",\"tags\":[\"haus\",\"büro\"],\"list\":\"Groceries\"}]}"));
            assertEquals(
                    new Intent.Add(
                            title,
                            Due.parse("2026-12-04T17:30:00"),
                            Priority.URGENT,
                            List.of("haus", "büro"),
                            null,
                            null,
                            null,
                            List.of(),
                            null,
                            new ListName("g1", "Groceries")),
                    added);
        }
        assertEquals(
                2,
                assertInstanceOf(
                                Intent.AddAll.class,
                                yes(
                                        locale,
                                        "add_tasks",
                                        "{\"tasks\":[{\"title\":\"a\",\"due\":\"2026-12-04\"},{\"title\":\"b\"}]}"))
                        .tasks()
                        .size());
    }

    /** A wish that no sentence is certain to mean is not asked about. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"tasks\":[{\"title\":\"a\",\"due\":\"2026-12-04\",\"recurrence\":\"daily\"}]}",
                "{\"tasks\":[{\"title\":\"a\",\"tags\":[\"two words\"]}]}",
                "{\"tasks\":[{\"title\":\"\\\"“«「『`\"}]}"
            })
    void whatNoSentenceSaysIsNotAsked(String arguments) {
        assertThrows(Rejection.class, () -> heard(looked("en"), "add_tasks", arguments));
    }

    @Test
    void thingsThatAreNotThereAreNoWish() {
        for (String wish : List.of(
                "complete_tasks {\"tasks\":[\"k3v9x2mq7r.13\"]}",
                "move_task " + task(""),
                "move_task " + task("\"date\":\"2026-12-04\",\"list\":\"Groceries\""),
                "move_task " + task("\"list\":\"Work\""),
                "snooze_task " + task("\"until\":\"2026-11-27T12:00:00\""),
                "share_list {\"list\":\"Groceries\",\"user\":\"bob as viewer with eve\",\"role\":\"viewer\"}",
                "share_list {\"list\":\"Work\",\"user\":\"bob\",\"role\":\"viewer\"}")) {
            String[] parts = wish.split(" ", 2);
            assertThrows(Rejection.class, () -> heard(looked("en"), parts[0], parts[1]), wish);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            {}                                                       | {sort=due, status=open}                                              |
            {"status":"any","text":"rent"}                           | {q=rent, sort=due}                                                   | with “rent”
            {"status":"completed","list":"Groceries"}                | {list=g1, sort=-updated, status=completed}                           | completed, in “Groceries”
            {"due_after":"2026-11-30","due_before":"2026-12-07"}     | {due_after=2026-11-30, due_before=2026-12-07, sort=due, status=open} | due from Monday on, due before 7 December
            {"overdue":true,"priority":["high"],"tags":["a","b"]}    | {overdue=true, priority=high, sort=due, status=open, tag=a,b}        | overdue, of high priority, with #a or #b
            """)
    void whatItShowsIsAQueryAndItsWords(String arguments, String query, @Nullable String what) {
        var show = assertInstanceOf(
                Intent.Show.class,
                heard(Conversation.about("…", speaker("en"), "i1"), "show_tasks", arguments)
                        .intent());
        assertEquals(query, show.query().toString());
        assertEquals(
                what == null
                        ? ""
                        : what.replace(
                                "7 December",
                                new Reply(speaker("en"))
                                        .nameOf(FRIDAY.toLocalDate().plusDays(10))),
                show.what());
    }

    /** After it has looked tasks up. */
    private static Conversation looked(String locale) {
        var asked = heard(Conversation.about("…", speaker(locale), "i1"), "find_tasks", "{}");
        assertTrue(asked.isOpen() && asked.looking());
        assertEquals("20", asked.query().get("limit"));
        return Conversation.found(asked, new Page(List.of(aTask()), 1, null));
    }

    /** Yes, after the question. */
    private static Intent yes(String locale, String tool, String arguments) {
        var asked = assertInstanceOf(
                Intent.Unclear.class, heard(looked(locale), tool, arguments).intent());
        assertEquals(2, asked.choices().size());
        var no = assertInstanceOf(
                Intent.Unclear.class,
                Understanding.answer(asked.pending(), asked.choices().get(1).label(), speaker(locale))
                        .intent());
        assertEquals(Language.spokenIn(locale).say("nothing-done"), no.question());
        return Understanding.answer(asked.pending(), asked.choices().get(0).label(), speaker(locale))
                .intent();
    }

    private static Conversation heard(Conversation talk, String tool, String arguments) {
        return Conversation.heard(talk, ModelAnswers.call(tool, arguments));
    }

    private static String ids() {
        return "{\"tasks\":[\"" + TASK + "\"]}";
    }

    private static String task(String more) {
        return "{\"task\":\"" + TASK + "\"" + (more.isEmpty() ? "" : "," + more) + "}";
    }

    private static Task aTask() {
        return new Sample(TASK)
                .list("g1")
                .title("water plants")
                .due("2026-11-28")
                .recurrence("daily")
                .task();
    }
}
