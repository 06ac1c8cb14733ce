package dev.sandglass.task.usecase;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.sandglass.events.Json;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.ledger.Answer;
import dev.sandglass.task.ledger.Users;
import dev.sandglass.task.ledger.Views;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Comparator;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** {@code GET /api/lists} and {@code GET /api/lists/{id}} */
@Singleton
@Named("findLists")
public class FindLists {
    private final Users users;
    private final Views views;

    FindLists(Users users, Views views) {
        this.users = users;
        this.views = views;
    }

    /** All lists of the user, the Inbox first, then by name. */
    public Answer all(@ExchangeProperty("request") Request request) {
        ArrayNode lists = Json.array();
        users.lists(users.of(request.user())).stream()
                .sorted(Comparator.comparing((Head head) -> !head.inbox())
                        .thenComparing(Head::name)
                        .thenComparing(Head::id))
                .forEach(head -> lists.add(Json.<com.fasterxml.jackson.databind.JsonNode>tree(head.asList())));
        return Answer.ok(Json.object().set("lists", lists));
    }

    /** @throws dev.sandglass.support.Problem 404 where it is not there or not the user's to see */
    public Answer one(@ExchangeProperty("request") Request request, @Header("id") String id) {
        return Answer.ok(head(request, id).asList());
    }

    Head head(Request request, String id) {
        return Access.reader(views.head(id), request.user(), Access.noList());
    }
}
