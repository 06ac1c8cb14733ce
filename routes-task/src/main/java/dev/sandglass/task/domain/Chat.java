package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.domain.chat.Choice;
import dev.sandglass.task.domain.chat.Intent;
import dev.sandglass.task.domain.chat.PendingQuestion;
import dev.sandglass.task.domain.chat.Reply;
import dev.sandglass.task.domain.chat.Understanding;
import dev.sandglass.task.domain.finding.Folding;
import dev.sandglass.task.domain.finding.Page;
import dev.sandglass.time.Due;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/chat}: a sentence is understood, done, and answered in a sentence. */
public class Chat {
    private static final int MOST_OPEN = 500;

    private final CreateTask create;

    public Chat(CreateTask create) {
        this.create = create;
    }

    /**
     * A sentence, and what it asks for.
     *
     * @param question it answers; null: it stands by itself
     * @param now in the user's zone
     */
    public record Turn(String conversation, @Nullable Stored question, Understanding understanding, ZonedDateTime now) {
        /** For routes: {@code add}, {@code show}, {@code complete}, {@code undo}, or {@code ask} back. */
        public String asks() {
            String name = intent().getClass().getSimpleName().toLowerCase(Locale.ROOT);
            return intent() instanceof Intent.Unclear ? "ask" : intent() instanceof Intent.Skip ? "complete" : name;
        }

        /** The task that a turn adds, as a client would send it. */
        public JsonNode body() {
            return ((Intent.Add) intent()).body();
        }

        Intent intent() {
            return understanding.intent();
        }
    }

    /** @param said {@code {"message","conversation"?}}, held against its schema */
    public Decision<Turn> understand(Request request, User user, JsonNode said) {
        ZonedDateTime now = request.at().atZone(user.timeZone());
        String message = said.path("message").asText();
        String conversation = said.path("conversation").asText("");
        if (conversation.isEmpty()) {
            return documents -> Accepted.unchanged(new Turn(Ids.random(), null, Understanding.of(message, now), now));
        }
        return documents -> {
            Stored waiting = documents.get(Keys.chat(request.user(), conversation));
            return Accepted.unchanged(
                    waiting.absent()
                            ? new Turn(conversation, null, Understanding.of(message, now), now)
                            : new Turn(
                                    conversation,
                                    waiting,
                                    Understanding.answer(waiting.as(PendingQuestion.class), message, now),
                                    now));
        };
    }

    /** @param wanted the task, after the rules on new tasks */
    public Write<Answer> add(Request request, User user, Turn turn, JsonNode wanted) {
        return settled(request, turn, create.create(request, user.inbox(), wanted, created -> {
            Task task = Json.read(Objects.requireNonNull(created.body()), Task.class);
            return reply(turn, Reply.added(task, turn.now()), List.of(task), List.of());
        }));
    }

    /** The parameters of a query for the tasks it is about. */
    public Map<String, String> query(Turn turn) {
        if (turn.intent() instanceof Intent.Show show) {
            return show.query();
        }
        Intent.Complete complete = meant(turn);
        Map<String, String> query = new HashMap<>(Map.of("status", "open", "sort", "due", "limit", "" + MOST_OPEN));
        if (TaskId.parse(complete.id()).isEmpty()) {
            // A page ends early where tasks are large: only those it may mean.
            query.put("q", complete.title(Folding::fold));
        }
        return query;
    }

    /** @param page what was found */
    public Write<Answer> show(Request request, Turn turn, Page page) {
        Intent.Show show = (Intent.Show) turn.intent();
        return settled(
                request,
                turn,
                page.total() == 0 && show.otherwise() != null
                        ? question(request, turn, Reply.nothing(show), List.of())
                        : Write.alone(
                                Set.of(),
                                draft -> reply(
                                        turn,
                                        Reply.found(show, page.tasks(), page.total(), turn.now()),
                                        page.tasks(),
                                        List.of())));
    }

    /**
     * @param page the open tasks
     * @return an {@link OnTask}, or a {@link Write} that asks which one is meant
     */
    public Object complete(Request request, Turn turn, Page page) {
        Intent.Complete asked = meant(turn);
        boolean skip = turn.intent() instanceof Intent.Skip;
        List<Task> matching = asked.among(
                page.tasks().stream()
                        .filter(task -> !skip || task.recurrence() != null)
                        .toList(),
                Folding::fold);
        Optional<Task> meant = skip
                ? matching.stream().filter(only -> matching.size() == 1).findFirst()
                : asked.meant(matching, Folding::fold);
        if (meant.isEmpty()) {
            return Once.guard(
                    request.once(), question(request, turn, Reply.which(asked, skip, matching, turn.now()), matching));
        }
        if (skip) {
            return SkipTask.skip(request.about(meant.get().id()), skipped -> {
                        Task task = Json.read(Objects.requireNonNull(skipped.body()), Task.class);
                        return reply(turn, Reply.skipped(task, turn.now()), List.of(task), List.of());
                    })
                    .each(write -> answering(turn, write));
        }
        return CompleteTask.complete(request.about(meant.get().id()), completed -> {
                    JsonNode body = Objects.requireNonNull(completed.body());
                    Task task = Json.read(body, Task.class);
                    Due due =
                            body.hasNonNull("next") ? Due.parse(body.get("next").asText()) : null;
                    return reply(turn, Reply.completed(task, due, turn.now()), List.of(task), List.of());
                })
                .each(write -> answering(turn, write));
    }

    /** @param lists of the user, in which it may be */
    public OnTask undo(Request request, Turn turn, List<String> lists) {
        return Undo.last(request, lists, (first, undone) -> {
                    Task task = Objects.requireNonNull(first.task());
                    JsonNode tasks = Objects.requireNonNull(undone.body()).path("tasks");
                    return reply(turn, Reply.undone(first.event(), task.title()), tasks, List.of());
                })
                .each(write -> answering(turn, write.within(decision -> draft -> {
                    try {
                        return decision.apply(draft);
                    } catch (Rejection why) {
                        if (why.reason() != Rejection.Reason.CONFLICT) {
                            throw why;
                        }
                        return reply(turn, why.getMessage() + ".", List.of(), List.of());
                    }
                })));
    }

    /** The task that is to be completed or skipped, as it was said. */
    private static Intent.Complete meant(Turn turn) {
        return turn.intent() instanceof Intent.Skip skip ? skip.one() : (Intent.Complete) turn.intent();
    }

    private static Write<Answer> settled(Request request, Turn turn, Write<Answer> write) {
        return Once.guard(request.once(), answering(turn, write));
    }

    /** A question is answered once: of two answers at the same time the second is told so. What is refused may be answered again. */
    private static Write<Answer> answering(Turn turn, Write<Answer> write) {
        Stored question = turn.question();
        return question == null
                ? write
                : write.lookingAt(question.key())
                        .within(decision -> draft -> draft.answer(question)
                                ? decision.apply(draft)
                                : reply(turn, Reply.ANSWERED, List.of(), List.of()));
    }

    public Write<Answer> ask(Request request, Turn turn) {
        return Once.guard(request.once(), question(request, turn, (Intent.Unclear) turn.intent(), List.of()));
    }

    private static Write<Answer> question(Request request, Turn turn, Intent.Unclear question, List<Task> tasks) {
        return Write.alone(Set.of(), draft -> {
            draft.ask(Keys.chat(request.user(), turn.conversation()), question.pending());
            return reply(turn, question.question(), tasks, question.choices());
        });
    }

    private static Answer reply(Turn turn, String reply, Object tasks, List<Choice> choices) {
        ObjectNode answer = Json.object().put("reply", reply).put("conversation", turn.conversation());
        answer.set("tasks", Json.tree(tasks));
        answer.set("choices", Json.tree(choices));
        answer.set("understood", Json.tree(turn.understanding().understood()));
        return Answer.ok(answer);
    }
}
