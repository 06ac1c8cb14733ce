package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The changes of a list after a number: {@code GET /api/lists/{id}/changes}, and for other services. */
public final class ListChanges {
    /** Characters of an answer for a service, which reads several at once; its transaction takes as many. */
    private static final int FOR_SERVICES = 500_000;

    private static final List<String> FRAME = List.of("list", "seq", "event", "at", "actor", "task", "of");

    private ListChanges() {}

    /**
     * As frames of the live feed.
     *
     * @param query {@code after}: the last number the client has
     * @return a decision that refuses with NOT_FOUND, or with GONE where the next change was trimmed
     */
    public static Decision<Answer> frames(Request request, Map<String, String> query) {
        long after = Long.parseLong(query.getOrDefault("after", "0"));
        return documents -> Accepted.unchanged(Answer.ok(changes(
                documents,
                FindLists.head(documents, request, request.id()),
                after,
                Changes.LARGEST,
                ListChanges::frame)));
    }

    /** As {@link dev.sandglass.events.Change#asFrame}, of a text: there may be a thousand of them. */
    static ObjectNode frame(String published) {
        JsonNode change = Json.read(published, JsonNode.class);
        ObjectNode frame = Json.object().put("type", "change");
        for (String field : FRAME) {
            if (change.has(field)) {
                frame.set(field, change.get(field));
            }
        }
        return frame;
    }

    /**
     * Exactly as published, also of a deleted list.
     *
     * @return a decision that refuses as that of {@link #frames}
     */
    public static Decision<ObjectNode> published(String list, long after) {
        return documents -> Accepted.unchanged(changes(
                documents,
                Head.of(documents, list).orElseThrow(Access::noList),
                after,
                FOR_SERVICES,
                change -> Json.read(change, JsonNode.class)));
    }

    private static ObjectNode changes(
            Documents documents, Head head, long after, int largest, Function<String, JsonNode> form) {
        long last = Math.max(after, 0);
        if (last + 1 < head.first()) {
            throw new Rejection(Reason.GONE, "Changes are kept from " + head.first() + " on: read the list anew")
                    .with("seq", LongNode.valueOf(head.seq()));
        }
        ArrayNode changes = Json.array();
        Changes.after(documents, head, last, largest).forEach(change -> changes.add(form.apply(change)));
        return Json.object().put("seq", head.seq()).set("changes", changes);
    }
}
