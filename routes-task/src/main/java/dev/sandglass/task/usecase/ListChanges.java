package dev.sandglass.task.usecase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.Json;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.ledger.Answer;
import dev.sandglass.task.ledger.Changes;
import dev.sandglass.task.ledger.Views;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Map;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** The changes of a list after a number: {@code GET /api/lists/{id}/changes}, and for other services. */
@Singleton
@Named("listChanges")
public class ListChanges {
    private final FindLists lists;
    private final Views views;
    private final Changes changes;

    ListChanges(FindLists lists, Views views, Changes changes) {
        this.lists = lists;
        this.views = views;
        this.changes = changes;
    }

    /**
     * As frames of the live feed.
     *
     * @param query {@code after}: the last number the client has
     * @throws dev.sandglass.support.Problem 404
     */
    public Answer frames(
            @ExchangeProperty("request") Request request,
            @Header("id") String id,
            @ExchangeProperty("query") Map<String, String> query) {
        Head head = lists.head(request, id);
        long after = Long.parseLong(query.getOrDefault("after", "0"));
        ArrayNode frames = Json.array();
        changes.after(head, after)
                .forEach(change -> frames.add(Json.read(change, Change.class).asFrame()));
        return Answer.ok(Json.object().put("seq", head.seq()).set("changes", frames));
    }

    /**
     * Exactly as published, also of a deleted list.
     *
     * @throws dev.sandglass.support.Problem 404
     */
    public Answer published(@Header("list") String list, @Header("after") long after) {
        Head head = views.head(list).orElseThrow(Access::noList);
        ArrayNode published = Json.array();
        changes.after(head, after).forEach(change -> published.add(Json.read(change, JsonNode.class)));
        return Answer.ok(Json.object().put("seq", head.seq()).set("changes", published));
    }
}
