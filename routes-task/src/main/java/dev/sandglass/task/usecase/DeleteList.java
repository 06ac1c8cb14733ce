package dev.sandglass.task.usecase;

import dev.sandglass.events.ChangeType;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.Answer;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.Write;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.TreeMap;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** {@code DELETE /api/lists/{id}}: its tasks are gone with it; its changes stay. */
@Singleton
@Named("deleteList")
public class DeleteList {
    /** @throws Rejection NOT_FOUND, FORBIDDEN, CONFLICT for the Inbox */
    public Write<Answer> delete(@ExchangeProperty("request") Request request, @Header("id") String id) {
        return Once.guard(request.once(), Write.to(id, draft -> {
            Head found = draft.head(id).orElseThrow(Access::noList);
            if (found.deleted() && found.owner().equals(request.user())) {
                return Answer.done();
            }
            Head head = Access.owner(draft.head(id), request.user(), Access.noList());
            if (head.inbox()) {
                throw new Rejection(Reason.CONFLICT, "The Inbox cannot be deleted");
            }
            draft.put(head.gone());
            draft.record(id, ChangeType.LIST_DELETED, request.user(), new TreeMap<>());
            return Answer.done();
        }));
    }
}
