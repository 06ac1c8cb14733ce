package dev.sandglass.task.usecase;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.task.domain.LedgerTask;
import dev.sandglass.task.ledger.Answer;
import dev.sandglass.task.ledger.Draft;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** {@code POST /api/tasks/{id}/complete}: the next occurrence of a recurring task follows by event. */
@Singleton
@Named("completeTask")
public class CompleteTask {
    private final DecideOnTask decide;

    CompleteTask(DecideOnTask decide) {
        this.decide = decide;
    }

    /** @throws dev.sandglass.support.Problem 404, 403 */
    public Answer complete(@ExchangeProperty("request") Request request, @Header("id") String id) {
        return complete(request, id, answer -> answer);
    }

    /** @param inWords what the answer becomes, for those who asked in other words */
    Answer complete(Request request, String id, UnaryOperator<Answer> inWords) {
        return decide.asWriter(request, id, (draft, head, task) -> {
            if (!task.here()) {
                throw Access.noTask();
            }
            LedgerTask completed = task.task().open() ? complete(draft, request.user(), head.id(), task) : task;
            return inWords.apply(answer(completed, draft.at(head.id())));
        });
    }

    private static LedgerTask complete(Draft draft, String user, String list, LedgerTask task) {
        LedgerTask completed = task.completed(user, draft.at(list));
        draft.record(
                list,
                ChangeType.TASK_COMPLETED,
                user,
                LedgerTask.differences(task.task(), completed.task()),
                completed);
        if (completed.awaits()) {
            long completion = draft.head(list).orElseThrow().seq();
            draft.put(draft.head(list).orElseThrow().awaiting(task.task().id(), completion));
        }
        return completed;
    }

    private static Answer answer(LedgerTask task, Instant now) {
        Task seen = task.seen(now);
        ObjectNode body = Json.tree(seen);
        if (task.recurs()) {
            body.set("next", Json.tree(task.nextDue().orElse(null)));
        }
        return new Answer(200, body, null, Answer.etag(seen));
    }
}
