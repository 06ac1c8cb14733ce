package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Portions;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.domain.chat.Choice;
import dev.sandglass.task.domain.chat.Conversation;
import dev.sandglass.task.domain.chat.Intent;
import dev.sandglass.task.domain.chat.ListName;
import dev.sandglass.task.domain.chat.ListNames;
import dev.sandglass.task.domain.chat.PendingQuestion;
import dev.sandglass.task.domain.chat.Reply;
import dev.sandglass.task.domain.chat.Speaker;
import dev.sandglass.task.domain.chat.Understanding;
import dev.sandglass.task.domain.chat.Words;
import dev.sandglass.task.domain.finding.Finding;
import dev.sandglass.task.domain.finding.Folding;
import dev.sandglass.task.domain.finding.Page;
import dev.sandglass.time.Due;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/chat}: a sentence is understood, done, and answered in a sentence. */
public class Chat {
    /** Tasks that are changed by one sentence, in one transaction. */
    private static final int MOST_TOGETHER = 30;

    private static final Pattern WORD = Pattern.compile("[^\\s\"\\\\]+");

    private final CreateTask create;
    private final ChangeList lists;
    private final boolean free;

    /** @param free whether there is a model for what the grammar is not sure of */
    public Chat(CreateTask create, ChangeList lists, boolean free) {
        this.create = create;
        this.lists = lists;
        this.free = free;
    }

    /**
     * A sentence, and what it asks for.
     *
     * @param question it answers; null: it stands by itself
     * @param literal words of it that stay in the title
     */
    public record Turn(
            String conversation,
            @Nullable Stored question,
            String message,
            List<Words> literal,
            Speaker speaker,
            Understanding understanding) {
        /** For routes: the end of the name of the one that does it. */
        public String asks() {
            return intent().asks();
        }

        /** The task that a turn adds, as a client would send it. */
        public JsonNode body() {
            return ((Intent.Add) intent()).body();
        }

        /** The tasks that it adds. */
        public List<JsonNode> bodies() {
            return ((Intent.AddAll) intent())
                    .tasks().stream().<JsonNode>map(Intent.Add::body).toList();
        }

        Intent intent() {
            return understanding.intent();
        }

        private Reply reply() {
            return new Reply(speaker);
        }
    }

    /** @param said {@code {"message","conversation"?,"literal"?}}, held against its schema */
    public Decision<Turn> understand(Request request, User user, JsonNode said) {
        Speaker speaker = new Speaker(request.at().atZone(user.timeZone()), user.locale(), user.weekStart(), null);
        String message = said.path("message").asText();
        String conversation = said.path("conversation").asText("");
        List<Words> literal = said.path("literal")
                .valueStream()
                .map(words -> Json.read(words, Words.class))
                .toList();
        for (int i = 0; i < literal.size(); i++) {
            if (literal.get(i).to() < literal.get(i).from()) {
                throw Rejection.wrong("/literal/" + i + "/to", "must not be before from");
            }
        }
        return documents -> {
            Stored waiting = conversation.isEmpty() ? null : documents.get(Keys.chat(request.user(), conversation));
            return Accepted.unchanged(turn(
                    conversation.isEmpty() ? Ids.random() : conversation,
                    waiting == null || waiting.absent() ? null : waiting,
                    message,
                    literal,
                    speaker));
        };
    }

    private static Turn turn(
            String conversation, @Nullable Stored question, String message, List<Words> literal, Speaker speaker) {
        return new Turn(
                conversation,
                question,
                message,
                literal,
                speaker,
                question == null
                        ? Understanding.of(message, speaker, literal)
                        : Understanding.answer(question.as(PendingQuestion.class), message, speaker));
    }

    /** Tells if a sentence goes to the model. */
    public boolean isFree(Turn turn) {
        return free && !turn.understanding().sure();
    }

    /** Tells if the names of the user's lists are needed for that, or to understand the sentence. */
    public boolean asksForLists(Turn turn) {
        return turn.intent() instanceof Intent.KnowLists || isFree(turn);
    }

    /** A sentence goes to the model. */
    public static Conversation converse(User user, Turn turn) {
        return Conversation.about(turn.message(), turn.speaker(), Objects.requireNonNull(user.inbox()));
    }

    /**
     * The turn as the model has it.
     *
     * @throws Rejection INVALID where a client who sends this is refused
     */
    public static Turn wished(User user, Turn turn, Conversation conversation) {
        TaskFields defaults = TaskFields.defaults(Objects.requireNonNull(user.inbox()), user.timeZone());
        conversation.bodies().forEach(body -> defaults.merge(Json.read(body, JsonNode.class), defaults));
        if (conversation.intent() instanceof Intent.Show show) {
            FindTasks.parse(user, show.query());
        }
        return new Turn(
                turn.conversation(),
                turn.question(),
                turn.message(),
                turn.literal(),
                turn.speaker(),
                conversation.understanding());
    }

    /** The meaning of a sentence to one whose lists have these names. */
    public static Decision<Turn> byLists(Request request, User user, Turn turn) {
        Portions<ListName> names = user.heads(request, head -> new ListName(head.id(), head.name(), head.owner()));
        return documents -> Accepted.unchanged(turn(
                turn.conversation(),
                turn.question(),
                turn.message(),
                turn.literal(),
                turn.speaker().knowing(new ListNames(names.in(documents)))));
    }

    /** Says what a sentence means before it is said: nothing is done. */
    public static Answer understood(Turn turn) {
        ObjectNode answer = Json.object();
        answer.put("question", turn.intent() instanceof Intent.Unclear asked ? asked.question() : null);
        answer.set("understood", Json.tree(turn.understanding().understood()));
        return Answer.ok(answer);
    }

    /** @param wanted the task, after the rules on new tasks */
    public Write<Answer> add(Request request, User user, Turn turn, JsonNode wanted) {
        ListName list = ((Intent.Add) turn.intent()).list();
        return settled(request, turn, create.create(request, user.inbox(), wanted, created -> {
            Task task = Json.read(Objects.requireNonNull(created.body()), Task.class);
            String name = list != null && list.id().equals(task.list()) ? list.name() : null;
            return reply(turn, turn.reply().added(task, name), List.of(task), List.of());
        }));
    }

    /** @param wanted the tasks, after the rules on new tasks: all are made, or none */
    public Write<Answer> addAll(Request request, User user, Turn turn, List<JsonNode> wanted) {
        List<Write<Answer>> writes = wanted.stream()
                .map(one -> create.create(request, user.inbox(), one, created -> created))
                .toList();
        return settled(
                request,
                turn,
                together(writes, draft -> {
                            List<Task> tasks = writes.stream()
                                    .map(write -> write.decision().apply(draft))
                                    .map(made -> Json.read(Objects.requireNonNull(made.body()), Task.class))
                                    .toList();
                            return reply(turn, turn.reply().added(tasks), tasks, List.of());
                        })
                        .lookingAt(Keys.user(request.user())));
    }

    private static Write<Answer> together(List<Write<Answer>> writes, Function<Draft, Answer> decision) {
        return Write.alone(
                writes.stream().flatMap(write -> write.lists().stream()).collect(Collectors.toSet()), decision);
    }

    /** The parameters of a query for the tasks it is about. */
    public Map<String, String> query(Turn turn) {
        if (turn.intent() instanceof Intent.Show show) {
            return show.query();
        }
        Map<String, String> query = new HashMap<>();
        if (turn.intent() instanceof Intent.Several several) {
            query.putAll(several.which().query());
            query.put("limit", "" + MOST_TOGETHER);
            return query;
        }
        query.putAll(Map.of("status", "open", "sort", "due", "limit", "" + Finding.MOST));
        Intent.Complete one = meant(turn).one();
        if (TaskId.parse(one.id()).isEmpty()) {
            // A page ends early where tasks are large: only those it may mean.
            String any = titled(one.each());
            query.put(any.isEmpty() ? "q" : "filter", any.isEmpty() ? one.title(Folding::fold) : any);
        }
        if (!one.within().isEmpty()) {
            query.put("list", one.within().stream().map(ListName::id).collect(Collectors.joining(",")));
        }
        return query;
    }

    /** Titles that have the longest word of one of these: a filter takes few comparisons by it. */
    private static String titled(List<Intent.Complete> each) {
        return each.stream()
                .flatMap(one -> WORD
                        .matcher(one.title(Folding::fold))
                        .results()
                        .map(MatchResult::group)
                        .max(Comparator.comparing(String::length))
                        .stream())
                .map(word -> "title ~ \"" + word + "\"")
                .collect(Collectors.joining(" or "));
    }

    /**
     * Shows tasks, or asks before something is done to all of them.
     *
     * @param page what was found
     */
    public Write<Answer> show(Request request, Turn turn, Page page) {
        if (turn.intent() instanceof Intent.Several several) {
            Intent.Unclear sure = turn.reply().sure(several.delete(), several.which(), page.tasks(), page.total());
            return settled(request, turn, question(request, turn, sure, page.tasks()));
        }
        Intent.Show show = (Intent.Show) turn.intent();
        return settled(
                request,
                turn,
                page.total() == 0 && show.otherwise() != null
                        ? question(request, turn, turn.reply().nothing(show), List.of())
                        : Write.alone(
                                Set.of(),
                                draft -> reply(
                                        turn,
                                        turn.reply().found(show, page.tasks(), page.total()),
                                        page.tasks(),
                                        List.of())));
    }

    /**
     * @param page the open tasks
     * @return the one that is meant, or a {@link Write} that asks which one that is
     */
    public Object meant(Request request, Turn turn, Page page) {
        Intent.ToOne asked = meant(turn);
        boolean again = asked.ofRecurring();
        List<Task> open = page.tasks().stream()
                .filter(task -> !again || task.recurrence() != null)
                .toList();
        List<Task> matching = asked.one().among(open, Folding::fold);
        Intent.Unclear several = asked instanceof Intent.ToEach each ? several(turn, each, open, matching) : null;
        if (several != null) {
            return settled(request, turn, question(request, turn, several, open));
        }
        // An act that can be done again tomorrow needs no exact words.
        boolean light = again || asked instanceof Intent.Move || asked instanceof Intent.Snooze;
        Optional<Task> meant = light
                ? matching.stream().filter(only -> matching.size() == 1).findFirst()
                : asked.one().meant(matching, Folding::fold);
        Intent.Unclear question = meant.isEmpty()
                ? turn.reply().which(asked, matching)
                : asked instanceof Intent.Move move ? turn.reply().nothingToCountFrom(move, meant.get()) : null;
        return question == null
                ? meant.orElseThrow()
                : settled(request, turn, question(request, turn, question, matching));
    }

    /**
     * “Milk and bread” is the task of that title before it is two: those of whole titles, or any where no title has all of the words.
     *
     * @return null: one task is meant
     */
    private static Intent.@Nullable Unclear several(
            Turn turn, Intent.ToEach asked, List<Task> open, List<Task> matching) {
        List<Intent.Complete> parts = asked.one().each();
        if (matching.stream().anyMatch(task -> asked.one().isTitleOf(task, Folding::fold))) {
            return null;
        }
        List<List<Task>> each =
                parts.stream().map(part -> part.among(open, Folding::fold)).toList();
        boolean whole = IntStream.range(0, parts.size())
                .allMatch(i -> each.get(i).size() == 1
                        && parts.get(i).isTitleOf(each.get(i).get(0), Folding::fold));
        if (parts.isEmpty() || !matching.isEmpty() && !whole) {
            return null;
        }
        return each.stream()
                .flatMap(List::stream)
                .flatMap(task -> asked instanceof Intent.Move move
                        ? Stream.ofNullable(turn.reply().nothingToCountFrom(move, task))
                        : Stream.empty())
                .findFirst()
                .orElseGet(() -> turn.reply().each(asked, each));
    }

    /** @param meant the task that is completed, skipped, moved or deleted */
    public OnTask change(Request request, User user, Turn turn, Task meant) {
        Request about = request.about(meant.id());
        Intent intent = turn.intent();
        Reply reply = turn.reply();
        if (intent instanceof Intent.Delete) {
            return saying(
                    turn, ChangeTask.delete(about), deleted -> reply(turn, reply.deleted(meant), List.of(), List.of()));
        }
        if (intent instanceof Intent.Move move) {
            JsonNode patch = Json.tree(moved(meant, move, turn.speaker().now()));
            return saying(turn, ChangeTask.change(about, user, patch, Map.of()), moved -> {
                Task task = Json.read(Objects.requireNonNull(moved.body()), Task.class);
                return reply(turn, reply.moved(task, move), List.of(task), List.of());
            });
        }
        if (intent instanceof Intent.End) {
            JsonNode patch = Json.object().putNull("recurrence");
            return saying(turn, ChangeTask.change(about, user, patch, Map.of()), ended -> {
                Task task = Json.read(Objects.requireNonNull(ended.body()), Task.class);
                return reply(turn, reply.ended(task), List.of(task), List.of());
            });
        }
        if (intent instanceof Intent.Skip) {
            return saying(turn, SkipTask.skip(about), skipped -> {
                Task task = Json.read(Objects.requireNonNull(skipped.body()), Task.class);
                return reply(turn, reply.skipped(task), List.of(task), List.of());
            });
        }
        return saying(turn, CompleteTask.complete(about), completed -> {
            JsonNode body = Objects.requireNonNull(completed.body());
            Task task = Json.read(body, Task.class);
            Due due = body.hasNonNull("next") ? Due.parse(body.get("next").asText()) : null;
            return reply(turn, reply.completed(task, due), List.of(task), List.of());
        });
    }

    /** @throws Rejection INVALID where that is before the first year there is, or after the last */
    private static Map<String, String> moved(Task task, Intent.Move move, ZonedDateTime now) {
        try {
            return patch(task, move, now);
        } catch (IllegalArgumentException e) {
            throw Rejection.wrong("/message", String.valueOf(e.getMessage()));
        }
    }

    /** The fields of a task that is moved: what is not said stays, and a time that is said is the user's. */
    private static Map<String, String> patch(Task task, Intent.Move move, ZonedDateTime now) {
        Map<String, String> patch = new HashMap<>();
        if (move.list() != null) {
            patch.put("list", move.list().id());
        }
        if (move.list() == null || move.date() != null || move.time() != null) {
            patch.put("due", due(task, move, now).toString());
        }
        return patch;
    }

    private static Due due(Task task, Intent.Move move, ZonedDateTime now) {
        Due due = task.due();
        if (due != null && move.by() != null) {
            return later(due, move.by(), task.timeZone());
        }
        LocalDate date = move.date() != null ? move.date() : due != null ? due.date() : now.toLocalDate();
        if (move.time() == null) {
            return new Due(date, due == null ? null : due.time());
        }
        LocalDateTime there = date.atTime(move.time())
                .atZone(now.getZone())
                .withZoneSameInstant(task.timeZone())
                .toLocalDateTime();
        return Due.of(there);
    }

    /** Days keep the time of the day, hours are hours: also where clocks change. */
    private static Due later(Due due, TemporalAmount by, ZoneId zone) {
        if (!(by instanceof Duration hours)) {
            return new Due(due.date().plus(by), due.time());
        }
        if (due.time() == null) {
            return new Due(due.date().plusDays(hours.toDays()), null);
        }
        LocalDateTime there = due.startsAt(zone).plus(hours).atZone(zone).toLocalDateTime();
        return Due.of(there);
    }

    /** Tasks named by their ids are all changed in one transaction, and so undone together. */
    public OnTask all(Request request, User user, Turn turn) {
        Intent.All all = (Intent.All) turn.intent();
        return new OnTask(request, documents -> {
            List<Write<Answer>> writes = found(documents, request, all.tasks()).stream()
                    .map(task -> deed(request, user, turn, all.deed(), task))
                    .toList();
            Write<Answer> together = together(writes, draft -> {
                List<JsonNode> tasks = writes.stream()
                        .map(write -> write.decision().apply(draft).body())
                        .filter(Objects::nonNull)
                        .toList();
                return reply(turn, turn.reply().all(all.deed(), writes.size()), tasks, List.of());
            });
            for (Write<Answer> write : writes) {
                for (String key : write.keys()) {
                    together = together.lookingAt(key);
                }
            }
            return Accepted.unchanged(answering(turn, together));
        });
    }

    private static Write<Answer> deed(
            Request request, User user, Turn turn, Intent.ToEach deed, Whereabouts.Found found) {
        if (deed instanceof Intent.Move move) {
            Task task = found.task().task();
            JsonNode patch = Json.tree(moved(task, move, turn.speaker().now()));
            return ChangeTask.changing(request.about(task.id()).withoutKey(), user, patch, Map.of())
                    .apply(found.place());
        }
        return OnTask.asWriter(
                request,
                found.place(),
                deed instanceof Intent.Delete ? ChangeTask.deleting(request) : CompleteTask.completing(request));
    }

    /** Tasks that are still there; what it needs to know where is read together. */
    private static List<Whereabouts.Found> found(Documents documents, Request request, List<String> ids) {
        List<Whereabouts.Found> all = new ArrayList<>();
        Set<String> unseen = new HashSet<>();
        for (String id : ids.stream().distinct().limit(MOST_TOGETHER).toList()) {
            try {
                Whereabouts.find(documents, id, request)
                        .filter(found -> found.task().here())
                        .ifPresent(all::add);
            } catch (Documents.Unseen more) {
                unseen.addAll(more.keys());
            }
        }
        if (!unseen.isEmpty()) {
            throw new Documents.Unseen(unseen);
        }
        return all;
    }

    /** The question to reminder for the reminders of a task. */
    public static Decision<String> remindersOf(Request request, User user, Task task) {
        return Ask.reminders(request, user, Map.of("task", task.id()));
    }

    /**
     * @param answered the reminders of the task
     * @return the order to put off the last that rang, or else the next to come, as {@link SnoozeReminder} makes it; of a task that has
     *     none, an {@link OnTask} that gives it one
     */
    public Object snooze(Request request, User user, Turn turn, Task task, String answered) {
        Intent.Snooze snooze = (Intent.Snooze) turn.intent();
        ZonedDateTime now = turn.speaker().now();
        Instant until = snooze.until() == null
                ? SnoozeReminder.duration(Objects.requireNonNull(snooze.period()))
                        .after(now)
                : snooze.until().startsAt(now.getZone());
        Comparator<JsonNode> last = Comparator.<JsonNode, Boolean>comparing(
                        one -> !one.path("firedAt").isTextual())
                .thenComparing(one -> one.path("firedAt").asText(""), Comparator.reverseOrder())
                .thenComparing(one -> one.path("at").asText());
        Optional<JsonNode> reminder = Json.read(answered, JsonNode.class)
                .path("reminders")
                .valueStream()
                .filter(SnoozeReminder::isReminder)
                .filter(one -> !one.path("status").asText().equals("cancelled"))
                .min(last);
        if (reminder.isPresent()) {
            return SnoozeReminder.order(
                    request.about(reminder.get().path("id").asText()),
                    Json.object()
                            .put("until", until.truncatedTo(ChronoUnit.MILLIS).toString()));
        }
        List<String> more = new ArrayList<>(task.reminders());
        more.add(until.truncatedTo(ChronoUnit.SECONDS).toString());
        JsonNode patch = Json.object().set("reminders", Json.tree(more));
        return saying(
                turn,
                ChangeTask.change(request.about(task.id()), user, patch, Map.of()),
                changed -> snoozed(turn, Json.read(Objects.requireNonNull(changed.body()), Task.class), until));
    }

    /** @param reminder as <em>reminder</em> answered */
    public Write<Answer> snoozed(Request request, Turn turn, Task task, String reminder) {
        Instant at =
                Instant.parse(Json.read(reminder, JsonNode.class).path("at").asText());
        return settled(request, turn, Write.alone(Set.of(), draft -> {
            draft.snoozed(request.user());
            return snoozed(turn, task, at);
        }));
    }

    private static Answer snoozed(Turn turn, Task task, Instant at) {
        return reply(turn, turn.reply().snoozed(task.title(), at), List.of(task), List.of());
    }

    /** A list is shared with some users, or is not any more. */
    public Write<Answer> share(Request request, Turn turn) {
        Intent.Share said = (Intent.Share) turn.intent();
        List<String> users = said.users().stream()
                .map(user -> turn.speaker().means(user) ? request.user() : user)
                .distinct()
                .toList();
        Intent.Share share = new Intent.Share(said.list(), users, said.role());
        String list = share.list().id();
        List<Write<Answer>> writes = share.users().stream()
                .map(user -> request.about(list, user).withoutKey())
                .map(about -> share.role() == null
                        ? lists.unshare(about)
                        : lists.share(about, Json.object().put("role", share.role())))
                .toList();
        return settled(request, turn, sayingWhy(turn, Write.to(list, draft -> {
            // All of them or none, also where words say why not.
            Documents.together(
                    writes, write -> Objects.requireNonNull(write.decision().apply(draft.copy(null))));
            writes.forEach(write -> Objects.requireNonNull(write.decision().apply(draft)));
            return reply(turn, turn.reply().shared(share), List.of(), List.of());
        })));
    }

    /** @param lists of the user, in which it may be */
    public OnTask undo(Request request, Turn turn, List<String> lists) {
        return Undo.last(request, lists, (first, undone) -> {
                    Task task = first.task();
                    String title =
                            task == null ? Objects.requireNonNull(first.of()).name() : task.title();
                    JsonNode tasks = Objects.requireNonNull(undone.body()).path("tasks");
                    return reply(turn, turn.reply().undone(first.event(), title), tasks, List.of());
                })
                .each(write -> answering(turn, sayingWhy(turn, write)));
    }

    /** An answer in words, where it was done. */
    private static OnTask saying(Turn turn, OnTask done, UnaryOperator<Answer> inWords) {
        return done.each(write -> answering(turn, worded(write, inWords)));
    }

    private static Write<Answer> worded(Write<Answer> write, UnaryOperator<Answer> inWords) {
        return write.within(decision -> draft -> inWords.apply(decision.apply(draft)));
    }

    /** A refusal by the state of things is said in words too. */
    private static Write<Answer> sayingWhy(Turn turn, Write<Answer> write) {
        return write.within(decision -> draft -> {
            try {
                return decision.apply(draft);
            } catch (Rejection why) {
                if (why.reason() != Rejection.Reason.CONFLICT) {
                    throw why;
                }
                return reply(turn, turn.reply().refused(String.valueOf(why.getMessage())), List.of(), List.of());
            }
        });
    }

    private static Intent.ToOne meant(Turn turn) {
        return (Intent.ToOne) turn.intent();
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
                                : reply(turn, turn.reply().answered(), List.of(), List.of()));
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
