package dev.sandglass.task.usecase;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.User;
import dev.sandglass.task.ledger.Answer;
import dev.sandglass.task.ledger.Draft;
import dev.sandglass.task.ledger.Ids;
import dev.sandglass.task.ledger.Ledger;
import dev.sandglass.task.ledger.Once;
import dev.sandglass.task.ledger.Users;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** {@code POST /api/lists} */
@Singleton
@Named("createList")
public class CreateList {
    private final Ledger ledger;
    private final Users users;

    CreateList(Ledger ledger, Users users) {
        this.ledger = ledger;
        this.users = users;
    }

    /**
     * @param wanted {@code {"name"}}, held against its schema
     * @throws dev.sandglass.support.Problem 422 for a name nobody can see, and beyond 1,000 lists
     */
    public Answer create(@ExchangeProperty("request") Request request, @Body JsonNode wanted) {
        String name = Access.name(wanted.path("name").asText());
        users.of(request.user());
        String list = Ids.random();
        return ledger.write(
                new TreeSet<>(List.of(list)),
                Once.guard(
                        request.once(),
                        users.lookedAt(request.user(), draft -> create(draft, request.user(), list, name))));
    }

    private Answer create(Draft draft, String owner, String list, String name) {
        User user = draft.user(owner).orElseThrow();
        users.join(draft, user, list);
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
