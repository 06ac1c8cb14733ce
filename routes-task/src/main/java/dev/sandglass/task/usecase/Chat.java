package dev.sandglass.task.usecase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
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
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

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
     * @param now in the user's zone
     */
    public record Turn(String conversation, Intent intent, ZonedDateTime now) {
        /** For routes: {@code add}, {@code show}, {@code complete} or {@code unclear}. */
        public String asks() {
            return intent.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        }

        /** Of a turn that adds: the task as a client would send it. */
        public JsonNode body() {
            return ((Intent.Add) intent).body();
        }
    }

    /** @param said {@code {"message","conversation"?}}, held against its schema */
    public Turn understand(@ExchangeProperty("request") Request request, @Body JsonNode said) {
        ZonedDateTime now = ZonedDateTime.now(users.of(request.user()).timeZone());
        String message = said.path("message").asText();
        String conversation = said.path("conversation").asText("");
        Optional<Pending> pending = conversation.isEmpty()
                ? Optional.empty()
                : conversations.question(request.user(), conversation, Pending.class);
        Intent intent = pending.map(question -> Understanding.answer(question, message, now))
                .orElseGet(() -> Understanding.of(message, now));
        if (pending.isPresent() && !(intent instanceof Intent.Unclear)) {
            // The question is answered; what is said next stands by itself.
            conversations.forget(request.user(), conversation);
        }
        return new Turn(conversation.isEmpty() ? Ids.random() : conversation, intent, now);
    }

    /** @param wanted the task, after the rules on new tasks */
    public Answer add(
            @ExchangeProperty("request") Request request, @ExchangeProperty("turn") Turn turn, @Body JsonNode wanted) {
        return create.create(request, wanted, created -> {
            Task task = Json.read(Objects.requireNonNull(created.body()), Task.class);
            return reply(turn, Reply.added(task, turn.now()), List.of(task), List.of());
        });
    }

    public Answer show(@ExchangeProperty("request") Request request, @ExchangeProperty("turn") Turn turn) {
        Intent.Show show = (Intent.Show) turn.intent();
        Page page = find.find(users.of(request.user()), show.query());
        return ledger.once(
                request.once(),
                () -> reply(turn, Reply.found(show, page.tasks(), page.total(), turn.now()), page.tasks(), List.of()));
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
        if (matching.size() != 1) {
            return ask(request, turn, Reply.which(asked, matching, turn.now()), matching);
        }
        return complete.complete(request, matching.get(0).id(), completed -> {
            JsonNode body = Objects.requireNonNull(completed.body());
            Task task = Json.read(body, Task.class);
            Due due = body.hasNonNull("next") ? Due.parse(body.get("next").asText()) : null;
            return reply(turn, Reply.completed(task, due, turn.now()), List.of(task), List.of());
        });
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
        return Answer.ok(answer);
    }
}
