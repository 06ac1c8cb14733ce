package dev.sandglass.task.usecase;

import dev.sandglass.events.ChangeType;
import dev.sandglass.task.domain.LedgerTask;
import dev.sandglass.task.domain.TaskId;
import dev.sandglass.task.ledger.Answer;
import dev.sandglass.task.ledger.Draft;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** {@code POST /api/tasks/{id}/reopen}: takes an untouched successor away again. */
@Singleton
@Named("reopenTask")
public class ReopenTask {
    private final DecideOnTask decide;

    ReopenTask(DecideOnTask decide) {
        this.decide = decide;
    }

    /** @throws dev.sandglass.support.Problem 404, 403 */
    public Answer reopen(@ExchangeProperty("request") Request request, @Header("id") String id) {
        return decide.asWriter(request, id, (draft, head, task) -> {
            if (!task.here()) {
                throw Access.noTask();
            }
            if (task.task().open()) {
                return Answer.task(task.seen(draft.at(head.id())));
            }
            Optional<LedgerTask> successor = successor(draft, head.id(), task);
            Optional<LedgerTask> untouched = successor.filter(LedgerTask::untouched);
            boolean deleted = successor.isPresent() && successor.get().state() == LedgerTask.State.DELETED;
            LedgerTask reopened = task.reopened(untouched.isPresent() || deleted, draft.at(head.id()));
            draft.put(head.settled(id));
            draft.record(
                    head.id(),
                    ChangeType.TASK_REOPENED,
                    request.user(),
                    LedgerTask.differences(task.task(), reopened.task()),
                    reopened);
            untouched.ifPresent(withdrawn -> draft.record(
                    head.id(),
                    ChangeType.TASK_DELETED,
                    request.user(),
                    new TreeMap<>(),
                    withdrawn.deleted(draft.at(head.id()))));
            return Answer.task(reopened.seen(draft.at(head.id())));
        });
    }

    /** A successor is born in its predecessor's list; one that went elsewhere was touched. */
    private static Optional<LedgerTask> successor(Draft draft, String list, LedgerTask task) {
        return Optional.ofNullable(task.successor())
                .flatMap(TaskId::parse)
                .filter(id -> id.list().equals(list))
                .flatMap(id -> draft.task(list, id.number()));
    }
}
