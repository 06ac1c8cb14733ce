package dev.sandglass.task.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.routes.Replica;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.builder.RouteBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Users chat, on a ledger in memory. */
class ChatTest {
    private static final String ANSWERED =
            "No question waits for an answer: it was answered already, or it is more than an hour ago.";
    private static final Request ALICE = new Request("alice", Set.of(), null, null, Instant.now());

    private final Users users = new Users(ZoneOffset.UTC);
    private final CreateTask create = new CreateTask(users);
    private final Chat chat = new Chat(create, new ChangeList(users), false);
    private final Reminders reminders = new Reminders();
    private final Replica replica = new Replica(reminders)
            .bind("chat", chat)
            .bind("identity", new Known())
            .bind("requests", new Known())
            .bind("answers", new Known());

    /** The other side of calls of <em>reminder</em>. */
    private static final class Reminders extends MemoryDapr {
        private String planned = "[]";
        private String order = "";

        Reminders() {
            super(1);
        }

        @Override
        public JsonNode invoke(String app, String verb, String path, @Nullable String body, @Nullable Duration limit) {
            if (path.equals("internal/snooze")) {
                order = String.valueOf(body);
                JsonNode until = Json.read(order, JsonNode.class).path("until");
                return Json.object().set("at", until);
            }
            return Json.read("{\"reminders\":" + planned + "}", JsonNode.class);
        }
    }

    /** The user is known, and says JSON. */
    public static final class Known {
        public void identify() {}

        public void read(Object said, String operation) {}

        public void answer() {}
    }

    @BeforeEach
    void start() throws Exception {
        replica.camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:rules.apply").setBody(body());
            }
        });
        replica.start(
                "chat",
                "chat-add",
                "chat-add-all",
                "chat-all",
                "chat-ask",
                "chat-change",
                "chat-know-lists",
                "chat-share",
                "chat-show",
                "chat-snooze",
                "chat-understand",
                "chat-undo");
        // From their first request on the user is known.
        say("show all", null);
    }

    @AfterEach
    void stop() {
        replica.stop();
    }

    @Test
    void aQuestionIsAnsweredOnce() {
        JsonNode asked = say("pay on 5/6", null);
        String conversation = asked.path("conversation").asText();
        assertEquals(3, asked.path("choices").size());
        assertEquals("pay", say("1", conversation).at("/tasks/0/title").asText());
        JsonNode again = say("1", conversation);
        assertEquals(ANSWERED, again.path("reply").asText());
        assertEquals(0, again.path("tasks").size());
    }

    /** A page of the open tasks ends where they are too large, before the one that is meant. */
    @Test
    void aTaskIsFoundBehindManyLargeOnes() {
        say("add buy milk", null);
        for (int i = 0; i < 20; i++) {
            body(replica.write(create.create(
                    ALICE,
                    replica.decide(users.find(ALICE)).inbox(),
                    Json.object()
                            .put("title", "a large one")
                            .put("description", "😀".repeat(16_000))
                            .put("due", "2040-01-01"))));
        }
        assertEquals(
                "buy milk", say("done with the milk", null).at("/tasks/0/title").asText());
    }

    @Test
    void ofTwoAnswersAtOnceTheSecondIsToldSo() {
        String conversation = say("pay on 5/6", null).path("conversation").asText();
        Chat.Turn first = understand("1", conversation);
        Chat.Turn second = understand("2", conversation);
        assertEquals("pay", add(first, first.body()).at("/tasks/0/title").asText());
        assertEquals(ANSWERED, add(second, second.body()).path("reply").asText());
        assertEquals(1, say("show all", null).path("tasks").size());
    }

    @Test
    void whatFailedCanBeAnsweredOnceMore() {
        String conversation = say("pay on 5/6", null).path("conversation").asText();
        Chat.Turn turn = understand("1", conversation);
        ObjectNode refused = Json.object().put("title", "pay").put("list", "nowhere");
        assertThrows(RuntimeException.class, () -> add(turn, refused));
        assertEquals("pay", say("1", conversation).at("/tasks/0/title").asText());
    }

    @Test
    void nothingIsCompletedOnAGuess() {
        say("add write the report", null);
        JsonNode asked = say("finish report", null);
        assertEquals("open", asked.at("/tasks/0/status").asText());
        assertEquals(2, asked.path("choices").size());
        JsonNode done = say("1", asked.path("conversation").asText());
        assertEquals("completed", done.at("/tasks/0/status").asText());
    }

    @Test
    void whatWasDoneIsShownByItsDay() {
        say("add write the report tomorrow", null);
        say("add pay rent", null);
        say("done with the report", null);
        JsonNode today = say("what did I finish today?", null);
        assertEquals("write the report", today.at("/tasks/0/title").asText());
        assertEquals(1, today.path("tasks").size());
        assertEquals(
                "No tasks completed yesterday.",
                say("what did I finish yesterday?", null).path("reply").asText());
    }

    @Test
    void whoSaysDeleteAndMoreIsAskedBeforeAnythingIsDone() {
        say("add call", null);
        JsonNode asked = say("delete call at 5", null);
        assertEquals(1, say("show all", null).path("tasks").size());
        JsonNode deleted = say("1", asked.path("conversation").asText());
        assertEquals(
                "Deleted “call”. “Undo” brings it back.", deleted.path("reply").asText());
        say("2", say("delete call at 5", null).path("conversation").asText());
        assertEquals("delete call", say("show all", null).at("/tasks/0/title").asText());
    }

    @Test
    void whatWasDoneIsTakenBackAndWhereNothingIsLeftItSaysSo() {
        say("add write the report", null);
        say("done with the report", null);
        JsonNode undone = say("undo that!", null);
        assertEquals(
                "Undone: “write the report” is open again.",
                undone.path("reply").asText());
        assertEquals("open", undone.at("/tasks/0/status").asText());
        assertEquals(
                "Undone: “write the report” is gone again.",
                say("please undo", null).path("reply").asText());
        assertTrue(say("undo", null).path("reply").asText().startsWith("Nothing is left that you could undo"));
    }

    @Test
    @Tag("FR-002")
    void aDateOfARecurringTaskIsSkipped() {
        say("add call about water", null);
        say("add water the plants every day starting 1 january 2040", null);
        JsonNode skipped = say("skip water", null);
        assertEquals("2040-01-02", skipped.at("/tasks/0/due").asText());
        assertEquals(
                "Skipped “water the plants”. It is now due on 2 January 2040.",
                skipped.path("reply").asText());
        say("add water the garden every day starting 1 january 2040", null);
        JsonNode asked = say("skip water", null);
        assertEquals(
                "2 open tasks match “water”. Which one is to be skipped?",
                asked.path("reply").asText());
        assertEquals(3, asked.path("choices").size());
        JsonNode second = say("2", asked.path("conversation").asText());
        assertEquals("2040-01-03", second.at("/tasks/0/due").asText(), second::toString);
        JsonNode none = say("skip lunch", null);
        assertEquals(
                "I find no open recurring task with “lunch”.",
                none.path("reply").asText());
        assertEquals(
                "skip lunch",
                say("1", none.path("conversation").asText())
                        .at("/tasks/0/title")
                        .asText());
    }

    @Test
    void aTaskGoesIntoTheListThatIsNamed() {
        String list = list("Groceries");
        JsonNode added = say("add milk tomorrow in Groceries", null);
        assertEquals(list, added.at("/tasks/0/list").asText());
        assertEquals("milk", added.at("/tasks/0/title").asText());
        assertEquals(
                "Added “milk” to “Groceries”, due tomorrow.",
                added.path("reply").asText());
        assertEquals("list", added.at("/understood/2/as").asText());
        say("buy bread", null);
        assertEquals(1, say("show Groceries", null).path("tasks").size());
        assertEquals(2, say("show all", null).path("tasks").size());
        String other = list("Groceries");
        JsonNode asked = say("add eggs to Groceries", null);
        assertEquals(3, asked.path("choices").size());
        List<String> both = List.of(list, other);
        assertTrue(both.contains(say("2", asked.path("conversation").asText())
                .at("/tasks/0/list")
                .asText()));
        assertEquals(
                "eggs in Paris",
                say("add eggs in Paris", null).at("/tasks/0/title").asText());
    }

    @Test
    @Tag("FR-003")
    void aTaskThatNagsSaysSo() {
        JsonNode said = say("remind me on 1 january 2040 at 8am to take pills and nag every 10 minutes", null);
        assertEquals("PT10M", said.at("/tasks/0/nag").asText());
        assertEquals("take pills", said.at("/tasks/0/title").asText());
        assertEquals(
                "Added “take pills”, due on 1 January 2040 at 08:00. I will remind you when it is due. "
                        + "Then again every 10 minutes, until it is done.",
                said.path("reply").asText());
        assertEquals("nag", said.at("/understood/3/as").asText(), said.toString());
        assertEquals(
                "Then again every hour, until it is done.",
                say("call mum on 2 january 2040 nag me every hour until done", null)
                        .path("reply")
                        .asText()
                        .replaceFirst(".*day\\. ", ""));
    }

    @Test
    void wordsThatStayInTheTitleMeanNothingElse() {
        String message = "read Friday tomorrow by 5 january 2040";
        int at = message.indexOf("tomorrow");
        ObjectNode said = Json.object().put("message", message);
        said.putArray("literal").addObject().put("from", at).put("to", at + 8);
        Chat.Turn turn = replica.decide(chat.understand(ALICE, replica.decide(users.find(ALICE)), said));
        JsonNode task = add(turn, turn.body()).at("/tasks/0");
        assertEquals("read Friday tomorrow", task.path("title").asText());
        assertTrue(task.hasNonNull("due"));
        ((ObjectNode) said.at("/literal/0")).put("to", at - 1);
        Rejection backwards =
                assertThrows(Rejection.class, () -> chat.understand(ALICE, replica.decide(users.find(ALICE)), said));
        assertEquals(Rejection.Reason.INVALID, backwards.reason());
    }

    @Test
    void aTaskIsMovedToAnotherDayTimeOrList() {
        String list = list("Groceries");
        say("add pay rent on 1 january 2040 at 9am", null);
        JsonNode moved = say("move rent to 5 january 2040", null);
        assertEquals("2040-01-05T09:00:00", moved.at("/tasks/0/due").asText());
        assertEquals(
                "Moved “pay rent”. It is now due on 5 January 2040 at 09:00.",
                moved.path("reply").asText());
        assertEquals(
                "2040-01-05T20:00:00",
                say("move rent to 8pm", null).at("/tasks/0/due").asText());
        assertEquals(
                "2040-01-12T20:00:00",
                say("postpone rent by 1 week", null).at("/tasks/0/due").asText());
        JsonNode there = say("move rent to Groceries", null);
        assertEquals(list, there.at("/tasks/0/list").asText());
        assertEquals("Moved “pay rent” to “Groceries”.", there.path("reply").asText());
        assertEquals(
                "move sofa to attic",
                say("move sofa to attic", null).at("/tasks/0/title").asText());
        JsonNode none = say("move lunch to tomorrow", null);
        assertEquals("I find no open task with “lunch”.", none.path("reply").asText());
    }

    @Test
    void aTaskIsMovedBySoLongFromWhenItIsDue() {
        say("add call mum on 1 january 2040 at 9am", null);
        for (String[] step : new String[][] {
            {"push mum back 90 minutes", "2040-01-01T10:30:00"},
            {"move call mum 1 hour earlier", "2040-01-01T09:30:00"},
            {"postpone mum by 24 hours", "2040-01-02T09:30:00"},
            {"move mum 2 days earlier", "2039-12-31T09:30:00"},
            {"delay mum by a month", "2040-01-31T09:30:00"},
        }) {
            assertEquals(step[1], say(step[0], null).at("/tasks/0/due").asText(), step[0]);
        }
    }

    @Test
    void noTaskIsMovedBehindTheLastYearThereIs() {
        say("add call mum on 31 december 9999 at 9am", null);
        for (String move : List.of("postpone mum by 1 day", "push mum back 20 hours")) {
            Rejection refused = assertThrows(Rejection.class, () -> say(move, null), move);
            assertEquals(Reason.INVALID, refused.reason());
            assertTrue(refused.more().toString().contains("0001 to 9999"), refused.more()::toString);
        }
        assertEquals(
                "9999-12-31T09:00:00", say("show all", null).at("/tasks/0/due").asText());
    }

    @Test
    void whereThereIsNothingToCountFromItAsks() {
        say("add pay rent", null);
        JsonNode asked = say("postpone rent by 2 days", null);
        assertEquals(
                "“pay rent” has no date to count from. When is it due?",
                asked.path("reply").asText());
        assertEquals(2, asked.path("choices").size());
        JsonNode moved = say("5 january 2040", asked.path("conversation").asText());
        assertEquals("2040-01-05", moved.at("/tasks/0/due").asText());
        asked = say("postpone rent by 1 hour", null);
        assertEquals(
                "“pay rent” is due on 5 January 2040, without a time to count from. At what time is it due?",
                asked.path("reply").asText());
        moved = say("3pm", asked.path("conversation").asText());
        assertEquals("2040-01-05T15:00:00", moved.at("/tasks/0/due").asText());
        moved = say("postpone rent by 1 hour", null);
        assertEquals("2040-01-05T16:00:00", moved.at("/tasks/0/due").asText());
    }

    @Test
    void aWholeDayIsMovedByHoursThatAreWholeDays() {
        say("add pay rent on 5 january 2040", null);
        assertEquals(
                "2040-01-07",
                say("postpone rent by 48 hours", null).at("/tasks/0/due").asText());
        JsonNode asked = say("postpone rent by 2 hours", null);
        JsonNode left = say("1", asked.path("conversation").asText());
        assertEquals("All right, nothing was done.", left.path("reply").asText());
    }

    @Test
    void aTaskWithoutADateIsMovedFromNow() {
        say("add pay rent", null);
        JsonNode asked = say("postpone rent by 2 days", null);
        JsonNode moved = say("yes", asked.path("conversation").asText());
        assertEquals(
                LocalDate.ofInstant(ALICE.at(), ZoneOffset.UTC).plusDays(2).toString(),
                moved.at("/tasks/0/due").asText());
    }

    @Test
    void whatIsDeletedWasNamedExactlyOrChosenAndComesBack() {
        say("add buy milk", null);
        JsonNode asked = say("delete milk", null);
        assertEquals(
                "Is “buy milk” to be deleted, or is this a new task?",
                asked.path("reply").asText());
        JsonNode deleted = say("1", asked.path("conversation").asText());
        assertEquals(
                "Deleted “buy milk”. “Undo” brings it back.",
                deleted.path("reply").asText());
        assertEquals(0, say("show all", null).path("tasks").size());
        say("undo", null);
        say("delete buy milk", null);
        assertEquals(0, say("show all", null).path("tasks").size());
    }

    @Test
    void severalAreDeletedOnlyOnceThatWasConfirmedAndComeBackTogether() {
        list("Old");
        say("add a in Old", null);
        say("add b in Old", null);
        say("add c", null);
        JsonNode asked = say("delete everything in Old", null);
        assertEquals(
                "2 tasks in “Old”: “a”; “b”. Shall I delete them?",
                asked.path("reply").asText());
        assertEquals(3, say("show all", null).path("tasks").size(), "nothing yet");
        JsonNode left = say("no", asked.path("conversation").asText());
        assertEquals("All right, nothing was done.", left.path("reply").asText());
        asked = say("delete everything in Old", null);
        say("add d in Old", null);
        JsonNode gone = say("yes", asked.path("conversation").asText());
        assertEquals(
                "Deleted 2 tasks. “Undo” brings them back.", gone.path("reply").asText());
        assertEquals(2, say("show all", null).path("tasks").size(), "d was not shown");
        say("undo", null);
        assertEquals(4, say("show all", null).path("tasks").size());
        asked = say("complete all tasks in Old", null);
        assertEquals(
                3, say("1", asked.path("conversation").asText()).path("tasks").size());
        assertEquals(1, say("show all", null).path("tasks").size());
        assertEquals(
                "No tasks overdue.",
                say("delete all overdue tasks", null).path("reply").asText());
    }

    @Test
    void whatWasOfferedElsewhereIsAskedForAgain() {
        String list = list("Old");
        say("add a in Old", null);
        say("add b in Old", null);
        String sentence =
                say("delete everything in Old", null).at("/choices/0/say").asText();
        JsonNode asked = say(sentence, null);
        assertEquals("2 tasks. Shall I delete them?", asked.path("reply").asText());
        assertEquals(2, say("show all", null).path("tasks").size());
        String conversation = asked.path("conversation").asText();
        assertEquals(2, say("ok?", conversation).path("choices").size());
        assertEquals(2, say("show all", null).path("tasks").size());
        say("yes please", conversation);
        assertEquals(0, say("show all", null).path("tasks").size());
        JsonNode nobodys = say("delete tasks " + list + ".998 " + list + ".999", null);
        assertEquals(
                "There is no such task.",
                say("yes", nobodys.path("conversation").asText()).path("reply").asText());
    }

    @Test
    void ofSeveralThingsItAsksAndAddsThemTogether() {
        JsonNode asked = say("buy milk and call mum tomorrow", null);
        assertEquals("Is that one thing or several?", asked.path("reply").asText());
        assertEquals(3, asked.path("choices").size());
        JsonNode added = say("1", asked.path("conversation").asText());
        assertEquals(
                "Added 2 tasks: “buy milk”; “call mum” (tomorrow).",
                added.path("reply").asText());
        assertTrue(added.at("/tasks/0/due").isNull());
        say("undo", null);
        assertEquals(0, say("show all", null).path("tasks").size());
        asked = say("buy milk and call mum tomorrow", null);
        added = say("2", asked.path("conversation").asText());
        assertEquals(added.at("/tasks/1/due"), added.at("/tasks/0/due"));
        asked = say("buy milk and call mum tomorrow", null);
        assertEquals(
                "buy milk and call mum",
                say("3", asked.path("conversation").asText())
                        .at("/tasks/0/title")
                        .asText());
    }

    private List<String> titles() {
        return say("show all", null)
                .path("tasks")
                .valueStream()
                .map(task -> task.path("title").asText())
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "delete milk and bread | Shall I delete them? | Deleted 2 tasks. “Undo” brings them back.",
                "done with milk, bread | Are they done? | Done: 2 tasks.",
                "delete \"milk\" and \"bread\" | Shall I delete them? | Deleted 2 tasks. “Undo” brings them back."
            })
    void severalThatAreNamedAreAskedAboutAndDoneTogether(String message, String question, String reply) {
        say("add milk", null);
        say("add bread", null);
        say("add salt and pepper", null);
        JsonNode asked = say(message, null);
        assertEquals(
                "2 tasks: “milk”; “bread”. " + question, asked.path("reply").asText());
        assertEquals(3, titles().size());
        assertEquals(
                reply,
                say("1", asked.path("conversation").asText()).path("reply").asText());
        assertEquals(List.of("salt and pepper"), titles());
        say("undo", null);
        assertEquals(List.of("bread", "milk", "salt and pepper"), titles());
    }

    @ParameterizedTest
    @CsvSource({
        "skip gym and yoga, I find no open recurring task with “gym and yoga”.",
        "stop repeating gym and yoga, I find no open recurring task with “gym and yoga”.",
        "snooze gym and yoga for 1 hour, I find no open task with “gym and yoga”."
    })
    void whatIsDoneToOneTaskOnlyIsDoneToNoneOfSeveral(String message, String reply) {
        say("add gym every day starting 1 january 2040", null);
        say("add yoga every day starting 1 january 2040", null);
        assertEquals(reply, say(message, null).path("reply").asText());
        say("show all", null).path("tasks").forEach(task -> {
            assertEquals("2040-01-01", task.path("due").asText());
            assertEquals("daily", task.path("recurrence").asText());
            assertTrue(task.path("reminders").isEmpty());
        });
        assertEquals(List.of("gym", "yoga"), titles());
    }

    @Test
    void aTitleWithAnAndIsOneTask() {
        say("add salt and pepper", null);
        say("add salt", null);
        say("add pepper", null);
        say("delete salt and pepper", null);
        assertEquals(List.of("pepper", "salt"), titles());
    }

    @Test
    void ofSeveralThatAreNamedItSaysWhichIsNotThere() {
        say("add milk", null);
        say("add oat flakes", null);
        say("add oat milk", null);
        JsonNode asked = say("delete oat flakes and bread", null);
        assertEquals(
                "I find no open task with “bread”. Which one is to be deleted?",
                asked.path("reply").asText());
        assertEquals("oat flakes", asked.at("/choices/0/label").asText());
        asked = say("complete milk and oat", null);
        assertEquals(
                "3 open tasks match “milk and oat”. Which one is done?",
                asked.path("reply").asText(),
                "one of them may be two");
        assertEquals(3, titles().size());
    }

    @Test
    void whateverIsNamedItIsLookedFor() {
        say("add milk", null);
        say("add 12\" pizza \\\\ tonight", null);
        for (String names : List.of(
                "milk and \"",
                "\" and '",
                "\\ and milk",
                ", and ,",
                "qq, ".repeat(19) + "qq",
                "qq, ".repeat(90) + "qq")) {
            assertTrue(
                    say("delete " + names, null)
                            .path("reply")
                            .asText()
                            .matches("I find no open task with .*|.* match .*"),
                    names);
        }
        JsonNode asked = say("delete milk and 12\" pizza", null);
        assertEquals(2, asked.path("choices").size(), asked::toString);
    }

    @Test
    void severalAreMovedTogether() {
        String list = list("Groceries");
        say("add milk", null);
        say("add bread on 1 january 2040", null);
        JsonNode asked = say("move milk and bread to Groceries on 5 january 2040", null);
        assertEquals(
                "2 tasks: “milk”; “bread” (on 1 January 2040). Shall I move them?",
                asked.path("reply")
                        .asText()
                        .replaceFirst("“bread” .*; “milk”\\.", "“milk”; “bread” (on 1 January 2040)."));
        JsonNode moved = say("1", asked.path("conversation").asText());
        assertEquals("Moved 2 tasks.", moved.path("reply").asText());
        assertEquals(2, moved.path("tasks").size());
        moved.path("tasks").forEach(task -> {
            assertEquals(list, task.path("list").asText());
            assertEquals("2040-01-05", task.path("due").asText());
        });
        say("undo", null);
        assertEquals(0, say("show Groceries", null).path("tasks").size());
        assertEquals(List.of("bread", "milk"), titles());
        asked = say("postpone milk and bread by 2 days", null);
        assertEquals(
                "“milk” has no date to count from. When is it due?",
                asked.path("reply").asText());
    }

    @Test
    void asManyAreMovedAsCanBeNamed() {
        list("Groceries");
        List<String> names =
                "abcdefghijklmnopqrst".chars().mapToObj(c -> "item" + (char) c).toList();
        names.forEach(name -> say("add " + name, null));
        JsonNode asked = say("move " + String.join(", ", names) + " to Groceries", null);
        JsonNode moved = say("1", asked.path("conversation").asText());
        assertEquals("Moved 20 tasks.", moved.path("reply").asText());
        assertEquals(20, say("show Groceries", null).path("tasks").size());
        assertEquals(names, titles());
    }

    @Test
    void aTaskIsMovedToAListAndADay() {
        String list = list("Summer Trip");
        say("add passport", null);
        JsonNode moved = say("move passport to Summer Trip on 5 january 2040", null);
        assertEquals(list, moved.at("/tasks/0/list").asText());
        assertEquals("2040-01-05", moved.at("/tasks/0/due").asText());
        assertEquals(
                "Moved “passport” to “Summer Trip”. It is now due on 5 January 2040.",
                moved.path("reply").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop repeating pay rent", "end the series pay rent", "pay rent no longer repeats"})
    @Tag("FR-001")
    void aSeriesIsEnded(String message) {
        say("add pay rent every month starting 1 january 2040", null);
        say("add pay rent back", null);
        JsonNode ended = say(message, null);
        assertEquals("“pay rent” repeats no more.", ended.path("reply").asText());
        assertTrue(ended.at("/tasks/0/recurrence").isNull());
        assertEquals("2040-01-01", ended.at("/tasks/0/due").asText());
        assertEquals(
                "I find no open recurring task with “pay rent”.",
                say(message, null).path("reply").asText());
        say("undo", null);
        assertEquals("monthly", say("show all", null).at("/tasks/0/recurrence").asText());
    }

    @Test
    void listsOfOneNameAreToldApartByTheirOwners() {
        list("Groceries");
        String shared = listOfBob("Groceries", "editor");
        JsonNode asked = say("add eggs to Groceries", null);
        List<String> labels = asked.path("choices")
                .valueStream()
                .map(choice -> choice.path("label").asText())
                .toList();
        int theirOne = labels.indexOf("“eggs”, in “Groceries (bob)”");
        assertTrue(labels.contains("“eggs”, in “Groceries (alice)”") && theirOne >= 0, labels::toString);
        assertEquals(
                shared,
                say("" + (theirOne + 1), asked.path("conversation").asText())
                        .at("/tasks/0/list")
                        .asText());
    }

    @Test
    void severalAreAddedByOneSentenceAndTakenBackTogether() {
        assertEquals(
                "Added 2 tasks: “milk”; “eggs”.",
                say("add milk and add eggs", null).path("reply").asText());
        say("undo", null);
        assertEquals(List.of(), titles());
    }

    @Test
    void nobodySharesAListWithThemselves() {
        list("Groceries");
        assertEquals(
                "A list is shared with somebody else: say the name by which they sign in.",
                say("share Groceries with myself", null).path("reply").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"viewer", "editor"})
    void whoIsInAnothersListLeavesIt(String role) {
        listOfBob("Summer Trip", role);
        assertEquals(
                "“Summer Trip” is not shared with alice any more.",
                say("unshare Summer Trip with me", null).path("reply").asText());
        assertEquals(
                "You have no list “Summer Trip”.",
                say("unshare Summer Trip with me", null).path("reply").asText());
        list("Groceries");
        assertEquals(
                "The owner of a list stays its owner.",
                say("stop sharing Groceries with myself", null).path("reply").asText());
    }

    /** A list of bob's that alice is in. */
    private String listOfBob(String name, String role) {
        Request bob = new Request("bob", Set.of(), null, null, Instant.now());
        // From their first request on the user is known.
        replica.send("direct:chat", Json.object().put("message", "show all"), Map.of("request", bob));
        ChangeList lists = new ChangeList(users);
        String list = body(replica.write(lists.create(bob, Json.object().put("name", name))))
                .path("id")
                .asText();
        replica.write(lists.share(bob.about(list, "alice"), Json.object().put("role", role)));
        return list;
    }

    /** The choice that it offers, where it asks. */
    private JsonNode sayAndPick(String message) {
        JsonNode said = say(message, null);
        return said.path("choices").isEmpty()
                ? said
                : say("1", said.path("conversation").asText());
    }

    @ParameterizedTest
    @CsvSource({
        "delete water from Groceries, Deleted “water”. “Undo” brings it back.",
        "delete water in Groceries, Deleted “water”. “Undo” brings it back.",
        "done with water in Groceries, Done: “water”. The next one is due on 2 January 2040.",
        "skip water in Groceries, Skipped “water”. It is now due on 2 January 2040.",
        "move water from Groceries to 5 january 2040, Moved “water”. It is now due on 5 January 2040."
    })
    void onlyTasksOfTheListThatIsNamedAreMeant(String message, String reply) {
        String list = list("Groceries");
        for (String where : List.of("", " in Groceries", "")) {
            say("add water every day starting 1 january 2040" + where, null);
        }
        assertEquals(reply, sayAndPick(message).path("reply").asText());
        JsonNode others = say("show all", null).path("tasks");
        assertEquals(
                2,
                others.valueStream()
                        .filter(task -> task.path("due").asText().equals("2040-01-01"))
                        .filter(task -> !task.path("list").asText().equals(list))
                        .count(),
                others::toString);
        assertEquals(
                "I find no open task with “bread” in “Groceries”.",
                say("done with bread in Groceries", null).path("reply").asText());
    }

    @Test
    void ofTheTasksOfTheListThatIsNamedOneIsChosen() {
        String list = list("Groceries");
        say("add milk", null);
        say("add oat milk in Groceries", null);
        say("add soy milk in Groceries", null);
        JsonNode asked = say("delete \"milk\" from Groceries", null);
        assertEquals(
                "2 open tasks match “milk”. Which one is to be deleted?",
                asked.path("reply").asText());
        say("2", asked.path("conversation").asText());
        JsonNode left = say("show all", null).path("tasks");
        assertEquals(2, left.size());
        assertEquals(
                1,
                left.valueStream()
                        .filter(task -> task.path("list").asText().equals(list))
                        .count());
    }

    @Test
    void aListIsSharedByItsName() {
        String list = list("Groceries");
        JsonNode shared = say("share groceries with bob", null);
        assertEquals(
                "“Groceries” is shared with bob, who may read and change it.",
                shared.path("reply").asText());
        assertEquals("editor", role(list, "bob"));
        say("share Groceries with bob as viewer", null);
        assertEquals("viewer", role(list, "bob"));
        say("stop sharing Groceries with bob", null);
        assertEquals("", role(list, "bob"));
        assertEquals(
                "The Inbox cannot be shared.",
                say("share Inbox with bob", null).path("reply").asText());
        JsonNode none = say("share photos with bob", null);
        assertEquals("You have no list “photos”.", none.path("reply").asText());
        assertEquals(
                "share photos with bob",
                say("1", none.path("conversation").asText())
                        .at("/tasks/0/title")
                        .asText());
    }

    @Test
    void aListIsSharedWithAllThatAreNamedOrWithNone() {
        String list = list("Groceries");
        assertEquals(
                "“Groceries” is shared with anna and bob, who may read and change it.",
                say("share Groceries with anna and bob", null).path("reply").asText());
        assertEquals("editor", role(list, "anna"));
        assertEquals("editor", role(list, "bob"));
        say("share Groceries with anna, bob and carl as viewers", null);
        assertEquals("viewer", role(list, "anna"));
        assertEquals("viewer", role(list, "carl"));
        assertEquals(
                "The owner of a list stays its owner.",
                say("share Groceries with dora and alice", null).path("reply").asText());
        assertEquals("", role(list, "dora"));
        say("stop sharing Groceries with anna and bob", null);
        assertEquals("", role(list, "anna") + role(list, "bob"));
        assertEquals("viewer", role(list, "carl"));
    }

    @Test
    @Tag("FR-003")
    void itRemindsAgainLaterByTheLastReminderThatRang() {
        String id = say("add pay rent", null).at("/tasks/0/id").asText();
        String one = "{\"id\":\"" + id + ".%s.1\",\"status\":\"%s\",\"at\":\"%s\",\"firedAt\":%s}";
        reminders.planned = "["
                + one.formatted("aaaaaaaaaa", "scheduled", "2040-01-01T08:00:00Z", "null")
                + "," + one.formatted("bbbbbbbbbb", "delivered", "2026-01-01T08:00:00Z", "\"2026-01-01T08:00:00Z\"")
                + "," + one.formatted("cccccccccc", "delivered", "2026-01-02T08:00:00Z", "\"2026-01-02T08:00:00Z\"")
                + "," + one.formatted("dddddddddd", "cancelled", "2026-01-03T08:00:00Z", "null")
                + "," + one.formatted("overdue", "delivered", "2026-01-04T08:00:00Z", "\"2026-01-04T08:00:00Z\"") + "]";
        JsonNode snoozed = say("snooze rent 1 hour", null);
        assertTrue(
                snoozed.path("reply").asText().startsWith("I will remind you of “pay rent” again today at")
                        || snoozed.path("reply").asText().contains("tomorrow"),
                snoozed::toString);
        JsonNode order = Json.read(reminders.order, JsonNode.class);
        assertEquals("cccccccccc", order.path("reminder").asText());
        assertEquals(
                0,
                Duration.between(
                                ALICE.at().plusSeconds(3_600),
                                Instant.parse(order.path("until").asText()))
                        .abs()
                        .toMinutes());
        assertTrue(
                say("undo", null).path("reply").asText().startsWith("The last thing you did: a reminder was put off."),
                "the task is not taken away in its place");
    }

    @Test
    @Tag("FR-003")
    void aTaskWithoutAReminderGetsOne() {
        say("add pay rent", null);
        String tomorrow =
                LocalDate.ofInstant(ALICE.at(), ZoneOffset.UTC).plusDays(1).toString();
        JsonNode reminded = say("remind me again about rent tomorrow at 8am", null);
        assertEquals(
                tomorrow + "T08:00:00Z", reminded.at("/tasks/0/reminders/0").asText());
        assertEquals(
                "I will remind you of “pay rent” again tomorrow at 08:00.",
                reminded.path("reply").asText());
        JsonNode asked = say("snooze rent", null);
        assertEquals("For how long?", asked.path("reply").asText());
        JsonNode answered = say("2 hours", asked.path("conversation").asText());
        assertEquals(2, answered.at("/tasks/0/reminders").size(), answered::toString);
    }

    @Test
    void germanIsSpokenWithWhoWantsIt() {
        replica.write(users.change(ALICE, Json.object().put("locale", "de-AT")));
        JsonNode added = say("Milch kaufen morgen um 9:30 Uhr #haus", null);
        assertEquals("Milch kaufen", added.at("/tasks/0/title").asText());
        assertEquals(
                "Hinzugefügt: „Milch kaufen“, fällig morgen um 09:30, #haus.",
                added.path("reply").asText());
        JsonNode asked = say("lösche Milch", null);
        JsonNode deleted = say("1", asked.path("conversation").asText());
        assertEquals(
                "„Milch kaufen“ gelöscht. „Rückgängig“ bringt es zurück.",
                deleted.path("reply").asText());
        assertEquals(
                "Rückgängig: „Milch kaufen“ ist wieder da.",
                say("mach das rückgängig", null).path("reply").asText());
        assertEquals(
                "Das geht nicht; auf Englisch: The Inbox cannot be shared.",
                say("Inbox mit bob teilen", null).path("reply").asText());
        assertEquals(
                "„Milch kaufen“ gelöscht. „Rückgängig“ bringt es zurück.",
                say("Milch kaufen löschen", null).path("reply").asText());
    }

    private String list(String name) {
        Answer made =
                replica.write(new ChangeList(users).create(ALICE, Json.object().put("name", name)));
        return body(made).path("id").asText();
    }

    private String role(String list, String user) {
        Answer found = replica.decide(FindLists.one(ALICE.about(list)));
        return body(found).at("/members/" + user).asText();
    }

    @Test
    void whatIsNotFoundCanBeAdded() {
        JsonNode asked = say("find a plumber", null);
        assertEquals("No tasks with “plumber”.", asked.path("reply").asText());
        JsonNode added = say("1", asked.path("conversation").asText());
        assertEquals("find a plumber", added.at("/tasks/0/title").asText());
    }

    @Test
    void saysWhichWordsItUnderstood() {
        String message = "😀 milk tomorrow #home";
        JsonNode understood = say(message, null).path("understood");
        assertEquals(2, understood.size());
        assertEquals("tomorrow", cut(message, understood.get(0)));
        assertEquals("due", understood.at("/0/as").asText());
        assertEquals("#home", cut(message, understood.get(1)));
        assertTrue(understood.at("/1").toString().contains("\"value\":\"home\""));
    }

    private static String cut(String message, JsonNode span) {
        int[] text = message.codePoints().toArray();
        int from = span.path("from").asInt();
        return new String(text, from, span.path("to").asInt() - from);
    }

    private JsonNode say(String message, @Nullable String conversation) {
        return body(replica.send(
                "direct:chat",
                Json.object().put("message", message).put("conversation", conversation),
                Map.of("request", ALICE)));
    }

    private Chat.Turn understand(String message, String conversation) {
        return replica.decide(chat.understand(
                ALICE, user(), Json.object().put("message", message).put("conversation", conversation)));
    }

    private JsonNode add(Chat.Turn turn, JsonNode wanted) {
        return body(replica.write(chat.add(ALICE, user(), turn, wanted)));
    }

    private User user() {
        return replica.decide(users.find(ALICE));
    }

    private static JsonNode body(Answer answer) {
        return Objects.requireNonNull(answer.body());
    }
}
