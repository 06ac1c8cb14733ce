package dev.sandglass.task.usecase;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.domain.Answer;
import dev.sandglass.task.domain.Draft;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.Ids;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.User;
import dev.sandglass.task.domain.Write;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** {@code POST /api/lists} */
@Singleton
@Named("createList")
public class CreateList {
    /**
     * @param wanted {@code {"name"}}, held against its schema
     * @throws Rejection INVALID for a name nobody can see, and beyond 1,000 lists
     */
    public Write<Answer> create(@ExchangeProperty("request") Request request, @Body JsonNode wanted) {
        String name = Access.name(wanted.path("name").asText());
        String list = Ids.random();
        return Once.guard(
                request.once(),
                Write.alone(Set.of(list), draft -> create(draft, request.user(), list, name))
                        .lookingAt(Keys.user(request.user())));
    }

    private static Answer create(Draft draft, String owner, String list, String name) {
        User user = draft.user(owner).orElseThrow();
        Users.join(draft, user, list);
        draft.register(Head.fresh(list, name, owner, false));
        draft.record(
                list,
                ChangeType.LIST_CREATED,
                owner,
                new TreeMap<>(Map.of("name", List.of(Json.tree(null), Json.tree(name)))));
        return Answer.created(
                "/api/lists/" + list, draft.head(list).orElseThrow().asList());
    }
}
