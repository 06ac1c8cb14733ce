package dev.sandglass.task.usecase;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.Answer;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.Write;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** {@code PATCH /api/lists/{id}} */
@Singleton
@Named("changeList")
public class ChangeList {
    /**
     * @param patch {@code {"name"}}, held against its schema
     * @throws Rejection NOT_FOUND, FORBIDDEN, CONFLICT for the Inbox, INVALID for a name nobody can see
     */
    public Write<Answer> change(
            @ExchangeProperty("request") Request request, @Header("id") String id, @Body JsonNode patch) {
        return Once.guard(request.once(), Write.to(id, draft -> {
            Head head = Access.writer(draft.head(id), request.user(), Access.noList());
            String name = Access.name(patch.path("name").asText(head.name()));
            if (!name.equals(head.name())) {
                if (head.inbox()) {
                    throw new Rejection(Reason.CONFLICT, "The Inbox keeps its name");
                }
                draft.put(head.named(name));
                draft.record(
                        id,
                        ChangeType.LIST_UPDATED,
                        request.user(),
                        new TreeMap<>(Map.of("name", List.of(Json.tree(head.name()), Json.tree(name)))));
            }
            return Answer.ok(draft.head(id).orElseThrow().asList());
        }));
    }
}
