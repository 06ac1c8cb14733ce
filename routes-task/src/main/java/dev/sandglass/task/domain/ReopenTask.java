package dev.sandglass.task.domain;

import dev.sandglass.events.ChangeType;
import dev.sandglass.support.domain.Rejection;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/** {@code POST /api/tasks/{id}/reopen}: takes an untouched successor away again. */
public final class ReopenTask {
    private ReopenTask() {}

    /** @throws Rejection NOT_FOUND, FORBIDDEN, STALE for a stale {@code If-Match} */
    public static OnTask reopen(Request request) {
        return OnTask.asWriter(request, reopening(request));
    }

    static OnTask.OnDraft reopening(Request request) {
        return (draft, head, task) -> {
            Instant now = draft.at(head.id());
            request.unlessStale(task, now);
            return task.task().open() ? Answer.task(task.seen(now)) : reopen(draft, request, head.id(), task);
        };
    }

    private static Answer reopen(Draft draft, Request request, String list, LedgerTask task) {
        Optional<Successor> successor = Successor.of(draft, task).filter(Successor::isThere);
        Optional<Successor> withdrawn = successor.filter(found -> found.mayBeWithdrawn(request));
        withdrawn.ifPresent(found -> OnTask.alsoIn(draft, found.head().id()));
        LedgerTask kept = successor.isPresent() && withdrawn.isEmpty() ? task : task.followed(null);
        LedgerTask reopened = kept.reopened(draft.at(list));
        draft.change(list, ChangeType.TASK_REOPENED, request.user(), task, reopened);
        withdrawn.ifPresent(found -> withdraw(draft, request.user(), found));
        return Answer.task(reopened.seen(draft.at(list)));
    }

    static void withdraw(Draft draft, String user, Successor successor) {
        String list = successor.head().id();
        if (successor.isPromised()) {
            draft.put(draft.head(list).orElseThrow().settled(successor.id()));
        } else {
            LedgerTask deleted = successor.task().deleted(draft.at(list));
            draft.record(list, ChangeType.TASK_DELETED, user, new TreeMap<>(), deleted);
        }
    }
}
