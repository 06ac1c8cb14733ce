package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sentences of {@code docs/words.md}, through the API: each becomes a task, leads to a question, or stays as it is written. */
@ExtendWith(Stack.class)
@Tag(Stack.BESIDE_ANOTHER)
class WordsIT {
    private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");
    private static Api api;

    @BeforeAll
    static void somebodyInWarsaw() throws Exception {
        api = Person.like("alice").api();
        api.patch("/api/me", Map.of("timeZone", WARSAW.getId())).with(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "read https://example.com/2026-12-01/notes",
                "rename report-2026-12-01.pdf to final",
                "upgrade postgres to 17.2.",
                "email orders@6pm.com about refund",
                "second draft of Sunday school plan",
                "watch The Day After Tomorrow",
                "buy Sunday roast",
                "read John 3:16",
                "watch \"28 Days Later\"",
                "Zażółć gęślą jaźń 👨‍👩‍👧 שלום 우유 काम"
            })
    @Tag("FR-009")
    void whatIsNoDateStaysInTheTitle(String message) throws Exception {
        JsonNode task = added(message);
        assertEquals(message, task.path("title").asText());
        assertTrue(task.path("due").isNull(), task.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            dilute shampoo 1:20 tomorrow | dilute shampoo 1:20 |
            delete "mails up to january 30th" tomorrow | delete "mails up to january 30th" |
            call tomorrow evening at 8 | call | T20:00:00
            """)
    @Tag("FR-009")
    void whatIsADateIsTakenWhole(String message, String title, String time) throws Exception {
        JsonNode task = added(message);
        assertEquals(title, task.path("title").asText());
        String tomorrow = LocalDate.now(WARSAW).plusDays(1) + (time == null ? "" : time);
        assertEquals(tomorrow, task.path("due").asText());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            water plants every 2nd day | FREQ=DAILY;INTERVAL=2
            water plants every other day | FREQ=DAILY;INTERVAL=2
            team dinner every 5th friday at 7pm | FREQ=MONTHLY;BYDAY=5FR
            pay staff every 1st and 15th | FREQ=MONTHLY;BYMONTHDAY=1,15
            pay staff every first working day of the month | FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1
            invoice 2 days before the month's end | FREQ=MONTHLY;BYMONTHDAY=-3
            call mum second Sunday in May every year | FREQ=YEARLY;BYMONTH=5;BYDAY=2SU
            stretch every day for 10 days | FREQ=DAILY;COUNT=10
            """)
    @Tag("FR-001")
    void howItRepeatsIsTakenWhole(String message, String rule) throws Exception {
        JsonNode task = added(message);
        assertEquals(rule, task.path("recurrence").asText());
        assertTrue(message.startsWith(task.path("title").asText() + " "), task.toString());
    }

    @Test
    @Tag("FR-008")
    void tagsAndTitlesOfAnyScriptStayWhole() throws Exception {
        assertEquals("काम", added("buy rice #काम").at("/tags/0").asText());
        assertEquals("cafe\u0301", added("buy coffee #cafe\u0301").at("/tags/0").asText());
        String title = "😀".repeat(300);
        assertEquals(title, added(title).path("title").asText());
    }

    @Test
    void aQuestionIsAnsweredOnceAndSaysWhatIsUnderstood() throws Exception {
        JsonNode asked = say("pay on 5/6 #home", null);
        assertEquals(0, asked.path("tasks").size());
        String conversation = asked.path("conversation").asText();
        JsonNode task = say("1", conversation).path("tasks").path(0);
        assertEquals("pay", task.path("title").asText());
        assertTrue(task.path("due").asText().endsWith("-06-05"), task.toString());
        assertEquals("home", task.at("/tags/0").asText());
        JsonNode again = say("1", conversation);
        assertEquals(0, again.path("tasks").size());
        assertTrue(again.path("reply").asText().contains("answered already"), again.toString());
        JsonNode span = say("😀 milk tomorrow", null).at("/understood/0");
        assertEquals(
                "7 15 due",
                span.path("from").asText() + " " + span.path("to").asText() + " "
                        + span.path("as").asText());
    }

    /** The words reach lists, other people and <em>reminder</em>. */
    @Test
    @Tag("FR-009")
    void listsPeopleAndTasksAreNamedByWords() throws Exception {
        Person bob = Person.like("bob");
        String list = api.post("/api/lists", Map.of("name", "Groceries"))
                .with(201)
                .path("id")
                .asText();
        JsonNode milk = added("add milk tomorrow at 9am in Groceries remind me 1 hour before");
        assertEquals(list, milk.path("list").asText());
        say("share Groceries with " + bob.name(), null);
        assertEquals(
                "editor",
                bob.api()
                        .get("/api/lists/" + list)
                        .with(200)
                        .at("/members/" + bob.name())
                        .asText());
        String later = LocalDate.now(WARSAW).plusDays(2) + "T09:00:00";
        assertEquals(
                later,
                say("move milk to the day after tomorrow", null)
                        .at("/tasks/0/due")
                        .asText());
        JsonNode snoozed = say("snooze milk until the day after tomorrow at 8:30am", null);
        assertTrue(snoozed.path("reply").asText().endsWith("at 08:30."), snoozed.toString());
        JsonNode asked = say("delete everything in Groceries", null);
        JsonNode deleted = say("yes", asked.path("conversation").asText());
        assertEquals(
                "Deleted one task. “Undo” brings it back.",
                deleted.path("reply").asText());
        bob.api().get("/api/tasks/" + milk.path("id").asText()).with(404);
        say("undo", null);
        bob.api().get("/api/tasks/" + milk.path("id").asText()).with(200);
    }

    private static JsonNode added(String message) throws Exception {
        JsonNode answer = say(message, null);
        assertEquals(1, answer.path("tasks").size(), answer.toString());
        return answer.path("tasks").path(0);
    }

    private static JsonNode say(String message, String conversation) throws Exception {
        Map<String, String> body = conversation == null
                ? Map.of("message", message)
                : Map.of("message", message, "conversation", conversation);
        return api.post("/api/chat", body).with(200);
    }
}
