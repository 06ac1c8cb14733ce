package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.dav.KeptProperties;
import dev.sandglass.task.domain.imports.RulePlace;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/tasks} */
public class CreateTask {
    private final Users users;

    public CreateTask(Users users) {
        this.users = users;
    }

    /** True where it goes into the Inbox, which must be known first; else user and head are one read. */
    public static boolean namesNoList(JsonNode wanted) {
        return !wanted.path("list").isTextual();
    }

    /**
     * @param inbox of who asks, where that had to be known
     * @param wanted the fields of the task, held against their schema
     * @throws Rejection INVALID for wrong fields or a list that is not there for the user, FORBIDDEN where they may only read
     */
    public Write<Answer> create(Request request, @Nullable String inbox, JsonNode wanted) {
        return Once.guard(request.once(), create(request, inbox, wanted, answer -> answer));
    }

    /** @param inWords what the answer becomes, for those who asked in other words */
    Write<Answer> create(Request request, @Nullable String inbox, JsonNode wanted, UnaryOperator<Answer> inWords) {
        String list = namesNoList(wanted)
                ? Objects.requireNonNull(inbox)
                : wanted.path("list").asText();
        return Write.to(list, draft -> inWords.apply(create(draft, request, fields(draft, request, wanted, list))))
                .lookingAt(Keys.user(request.user()));
    }

    private TaskFields fields(Draft draft, Request request, JsonNode wanted, String list) {
        User user = users.known(draft, request.user());
        TaskFields defaults = TaskFields.defaults(list, user.timeZone());
        TaskFields usual = wanted.hasNonNull("due") ? defaults.reminding(reminders(draft, request, list)) : defaults;
        return usual.merge(wanted, usual);
    }

    /** The list's own; what a list that is not theirs says is nothing to them. */
    private static List<String> reminders(Draft draft, Request request, String list) {
        return draft.head(list)
                .filter(head -> head.role(request) != null)
                .map(Head::reminders)
                .orElse(List.of());
    }

    private static Answer create(Draft draft, Request request, TaskFields fields) {
        LedgerTask task = make(draft, request, fields, null, null, null);
        Task seen = task.seen(draft.at(fields.list()));
        return new Answer(Json.tree(seen), "tasks/" + seen.id(), seen.version());
    }

    /**
     * A new task; where it is refused, the draft is as it was.
     *
     * @param completedAt of one that was completed elsewhere; null: it is open
     * @param place in its rule; null: the rule begins with it
     * @param kept what programs of CalDAV said of it elsewhere; null: nothing
     */
    static LedgerTask make(
            Draft draft,
            Request request,
            TaskFields fields,
            @Nullable Instant completedAt,
            @Nullable RulePlace place,
            @Nullable KeptProperties kept) {
        String user = request.user();
        Head head =
                Access.writer(draft.head(fields.list()), request, Rejection.wrong("/list", "there is no such list"));
        LedgerTask fresh = LedgerTask.created(next(head), fields, user, draft.at(head.id()));
        LedgerTask created = kept == null ? fresh : fresh.kept(kept);
        LedgerTask begun = place != null
                ? created.at(place)
                : completedAt == null ? created.on(draft.workingDays(created)) : created;
        LedgerTask whole = completedAt == null ? begun : begun.wasCompleted(completedAt);
        LedgerTask task = whole.uid() == null ? whole : Todos.named(draft, whole);
        draft.put(head.withTask());
        draft.change(head.id(), ChangeType.TASK_CREATED, user, null, task);
        return task;
    }

    /** The next number of a list. */
    static TaskId give(Draft draft, Head head) {
        TaskId next = next(head);
        draft.put(head.withTask());
        return next;
    }

    private static TaskId next(Head head) {
        if (head.tasks() >= Head.MOST_TASKS) {
            throw new Rejection(Reason.INVALID, "A list may have " + Head.MOST_TASKS + " tasks, not more");
        }
        return new TaskId(head.id(), head.tasks() + 1);
    }
}
