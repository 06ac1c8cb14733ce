package dev.sandglass.task.usecase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Unavailable;
import dev.sandglass.task.domain.User;
import dev.sandglass.task.domain.chat.Choice;
import dev.sandglass.task.domain.chat.Intent;
import dev.sandglass.task.domain.chat.Pending;
import dev.sandglass.task.domain.chat.Reply;
import dev.sandglass.task.domain.chat.Understanding;
import dev.sandglass.task.domain.finding.Folding;
import dev.sandglass.task.domain.finding.Page;
import dev.sandglass.task.ledger.Answer;
import dev.sandglass.task.ledger.Conversations;
import dev.sandglass.task.ledger.Ids;
import dev.sandglass.task.ledger.Ledger;
import dev.sandglass.task.ledger.Users;
import dev.sandglass.time.Due;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/chat}: a sentence is understood, done, and answered in a sentence. */
@Singleton
@Named("chat")
public class Chat {
    private static final int MOST_OPEN = 500;

    private final Conversations conversations;
    private final Ledger ledger;
    private final Users users;
    private final FindTasks find;
    private final CreateTask create;
    private final CompleteTask complete;

    Chat(
            Conversations conversations,
            Ledger ledger,
            Users users,
            FindTasks find,
            CreateTask create,
            CompleteTask complete) {
        this.conversations = conversations;
        this.ledger = ledger;
        this.users = users;
        this.find = find;
        this.create = create;
        this.complete = complete;
    }

    /**
     * What was said, and what it asks for.
     *
     * @param question it answers; null: it stands by itself
     * @param now in the user's zone
     */
    public record Turn(String conversation, @Nullable Stored question, Understanding understanding, ZonedDateTime now) {
        /** For routes: {@code add}, {@code show}, {@code complete} or {@code unclear}. */
        public String asks() {
            return intent().getClass().getSimpleName().toLowerCase(Locale.ROOT);
        }

        /** Of a turn that adds: the task as a client would send it. */
        public JsonNode body() {
            return ((Intent.Add) intent()).body();
        }

        Intent intent() {
            return understanding.intent();
        }
    }

    /** @param said {@code {"message","conversation"?}}, held against its schema */
    public Turn understand(@ExchangeProperty("request") Request request, @Body JsonNode said) {
        ZonedDateTime now = ZonedDateTime.now(users.of(request.user()).timeZone());
        String message = said.path("message").asText();
        String conversation = said.path("conversation").asText("");
        Stored waiting = conversation.isEmpty() ? null : conversations.question(request.user(), conversation);
        Stored question = waiting == null || waiting.absent() ? null : waiting;
        Understanding understanding = question == null
                ? Understanding.of(message, now)
                : Understanding.answer(question.as(Pending.class), message, now);
        return new Turn(conversation.isEmpty() ? Ids.random() : conversation, question, understanding, now);
    }

    /** @param wanted the task, after the rules on new tasks */
    public Answer add(
            @ExchangeProperty("request") Request request, @ExchangeProperty("turn") Turn turn, @Body JsonNode wanted) {
        return settled(
                request,
                turn,
                () -> create.create(request, wanted, created -> {
                    Task task = Json.read(Objects.requireNonNull(created.body()), Task.class);
                    return reply(turn, Reply.added(task, turn.now()), List.of(task), List.of());
                }));
    }

    public Answer show(@ExchangeProperty("request") Request request, @ExchangeProperty("turn") Turn turn) {
        Intent.Show show = (Intent.Show) turn.intent();
        return settled(request, turn, () -> {
            Page page = find.find(users.of(request.user()), show.query());
            return page.total() == 0 && show.otherwise() != null
                    ? ask(request, turn, Reply.nothing(show), List.of())
                    : ledger.once(
                            request.once(),
                            () -> reply(
                                    turn,
                                    Reply.found(show, page.tasks(), page.total(), turn.now()),
                                    page.tasks(),
                                    List.of()));
        });
    }

    public Answer complete(@ExchangeProperty("request") Request request, @ExchangeProperty("turn") Turn turn) {
        Intent.Complete asked = (Intent.Complete) turn.intent();
        Optional<Answer> before = ledger.answered(request.once());
        if (before.isPresent()) {
            return before.get();
        }
        User user = users.of(request.user());
        List<Task> open = find.find(user, Map.of("status", "open", "sort", "due", "limit", "" + MOST_OPEN))
                .tasks();
        List<Task> matching = asked.among(open, Folding::fold);
        Optional<Task> meant = asked.meant(matching, Folding::fold);
        if (meant.isEmpty()) {
            return ask(request, turn, Reply.which(asked, matching, turn.now()), matching);
        }
        return settled(
                request,
                turn,
                () -> complete.complete(request, meant.get().id(), completed -> {
                    JsonNode body = Objects.requireNonNull(completed.body());
                    Task task = Json.read(body, Task.class);
                    Due due =
                            body.hasNonNull("next") ? Due.parse(body.get("next").asText()) : null;
                    return reply(turn, Reply.completed(task, due, turn.now()), List.of(task), List.of());
                }));
    }

    /** A question is answered once: of two answers at the same time the second is told so. */
    private Answer settled(Request request, Turn turn, Supplier<Answer> action) {
        Stored question = turn.question();
        if (question == null) {
            return action.get();
        }
        if (!conversations.settle(question)) {
            return ledger.answered(request.once()).orElseGet(() -> reply(turn, Reply.ANSWERED, List.of(), List.of()));
        }
        try {
            return action.get();
        } catch (RuntimeException e) {
            askAgain(request, turn, question);
            throw e;
        }
    }

    /** What failed may be answered once more. */
    private void askAgain(Request request, Turn turn, Stored question) {
        try {
            conversations.ask(request.user(), turn.conversation(), question.as(Pending.class));
        } catch (Unavailable e) {
            // The store is away, which is what the caller is told.
        }
    }

    public Answer ask(@ExchangeProperty("request") Request request, @ExchangeProperty("turn") Turn turn) {
        return ask(request, turn, (Intent.Unclear) turn.intent(), List.of());
    }

    private Answer ask(Request request, Turn turn, Intent.Unclear question, List<Task> tasks) {
        return ledger.once(request.once(), () -> {
            conversations.ask(request.user(), turn.conversation(), question.pending());
            return reply(turn, question.question(), tasks, question.choices());
        });
    }

    private static Answer reply(Turn turn, String reply, List<Task> tasks, List<Choice> choices) {
        ObjectNode answer = Json.object().put("reply", reply).put("conversation", turn.conversation());
        ArrayNode found = answer.putArray("tasks");
        tasks.forEach(task -> found.add(Json.<JsonNode>tree(task)));
        ArrayNode offered = answer.putArray("choices");
        choices.forEach(choice -> offered.add(Json.<JsonNode>tree(choice)));
        answer.set("understood", Json.tree(turn.understanding().understood()));
        return Answer.ok(answer);
    }
}
