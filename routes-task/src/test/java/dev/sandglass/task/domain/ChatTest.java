package dev.sandglass.task.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.task.routes.Replica;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.builder.RouteBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is said, on a ledger in memory. */
class ChatTest {
    private static final String ANSWERED =
            "No question waits for an answer: it was answered already, or it is more than an hour ago.";
    private static final Request ALICE = new Request("alice", Set.of(), null, null, Instant.now());

    private final Users users = new Users(ZoneOffset.UTC);
    private final CreateTask create = new CreateTask(users);
    private final Chat chat = new Chat(create, new ChangeList(users));
    private final Replica replica = new Replica(new MemoryDapr(1))
            .bind("chat", chat)
            .bind("identity", new Known())
            .bind("requests", new Known())
            .bind("answers", new Known());

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
                "chat-undo");
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
                    replica.decide(users.find(ALICE)),
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
