package dev.sandglass.task.usecase;

import dev.sandglass.events.ChangeType;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.domain.Answer;
import dev.sandglass.task.domain.LedgerTask;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.TreeMap;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** {@code DELETE /api/tasks/{id}}: what a completion has promised comes all the same. */
@Singleton
@Named("deleteTask")
public class DeleteTask {
    /** @throws Rejection NOT_FOUND, FORBIDDEN, STALE for a stale {@code If-Match} */
    public OnTask delete(@ExchangeProperty("request") Request request, @Header("id") String id) {
        return OnTask.asWriter(request, id, (draft, head, task) -> {
            if (task.here()) {
                request.unlessStale(task.seen(draft.at(head.id())));
                LedgerTask deleted = task.deleted(draft.at(head.id()));
                draft.record(head.id(), ChangeType.TASK_DELETED, request.user(), new TreeMap<>(), deleted);
            }
            return Answer.done();
        });
    }
}
