package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.time.Recurrence;
import dev.sandglass.time.WorkingDays;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;

/** {@code POST /api/tasks/{id}/complete}: the next occurrence of a recurring task follows by event. */
public final class CompleteTask {
    private CompleteTask() {}

    /** @throws Rejection NOT_FOUND, FORBIDDEN, STALE for a stale {@code If-Match} */
    public static OnTask complete(Request request) {
        return OnTask.asWriter(request, completing(request));
    }

    static OnTask.OnDraft completing(Request request) {
        return completing(request, (completed, days) -> completed.next(days));
    }

    /** @param goesOn from a completed task to the occurrence that follows; empty: none does */
    static OnTask.OnDraft completing(
            Request request, BiFunction<LedgerTask, WorkingDays, Optional<Recurrence.Occurrence>> goesOn) {
        return (draft, head, task) -> {
            Instant now = draft.at(head.id());
            request.unlessStale(task, now);
            LedgerTask completed = task.task().open() ? complete(draft, request.user(), head, task, goesOn) : task;
            return answer(draft, request, completed, now);
        };
    }

    private static LedgerTask complete(
            Draft draft,
            String user,
            Head head,
            LedgerTask task,
            BiFunction<LedgerTask, WorkingDays, Optional<Recurrence.Occurrence>> goesOn) {
        LedgerTask completed = task.completed(draft.at(head.id()));
        boolean follows = Successor.of(draft, task).filter(Successor::isThere).isPresent();
        LedgerTask followed = follows
                ? completed
                : goesOn.apply(completed, draft.workingDays(completed))
                        .map(next -> promise(draft, user, head, completed, next))
                        .orElseGet(() -> completed.followed(null));
        draft.change(head.id(), ChangeType.TASK_COMPLETED, user, task, followed);
        return followed;
    }

    /** The next occurrence is fixed here, whatever is done to the completed task before it comes. */
    private static LedgerTask promise(
            Draft draft, String user, Head head, LedgerTask completed, Recurrence.Occurrence next) {
        TaskId id = CreateTask.give(draft, head);
        draft.put(head.id(), completed.next(id, next, user));
        draft.put(draft.head(head.id()).orElseThrow().awaiting(id.toString(), head.seq() + 1));
        return completed.followed(id.toString());
    }

    private static Answer answer(Draft draft, Request request, LedgerTask task, Instant now) {
        Task seen = task.seen(now);
        ObjectNode body = Json.tree(seen);
        if (task.recurs()) {
            body.set("next", Json.tree(Successor.toCome(draft, task, request).orElse(null)));
        }
        return new Answer(body, null, seen.version());
    }
}
