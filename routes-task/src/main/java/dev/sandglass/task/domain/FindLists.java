package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Rejection;
import java.util.Comparator;
import java.util.List;

/** {@code GET /api/lists} and {@code GET /api/lists/{id}} */
public final class FindLists {
    private FindLists() {}

    /** All lists of the user, the Inbox first, then by name. */
    public static Decision<Answer> all(User user) {
        return documents -> Accepted.unchanged(answer(user.lists(documents)));
    }

    private static Answer answer(List<Head> heads) {
        ArrayNode lists = Json.array();
        heads.stream()
                .sorted(Comparator.comparing((Head head) -> !head.inbox())
                        .thenComparing(Head::name)
                        .thenComparing(Head::id))
                .forEach(head -> lists.add(Json.<JsonNode>tree(head.asList())));
        return Answer.ok(Json.object().set("lists", lists));
    }

    /** @throws Rejection NOT_FOUND where it is not there or not the user's to see */
    public static Decision<Answer> one(Request request) {
        return documents -> Accepted.unchanged(
                Answer.ok(head(documents, request, request.id()).asList()));
    }

    static Head head(Documents documents, Request request, String id) {
        return Access.reader(Head.of(documents, id), request.user(), Access.noList());
    }
}
