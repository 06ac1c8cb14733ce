package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.UserQuestion;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The changes of a list after a number: {@code GET /api/lists/{id}/changes}, and for other services. */
public final class ListChanges {
    private ListChanges() {}

    /**
     * As frames of the live feed.
     *
     * @param query {@code after}: the last number the client has
     * @return a question that refuses with NOT_FOUND, or with GONE where the next change was trimmed
     */
    public static UserQuestion<Answer> frames(Request request, Map<String, String> query) {
        return new Frames(request, Long.parseLong(query.getOrDefault("after", "0")));
    }

    /**
     * Exactly as published, also of a deleted list.
     *
     * @return a decision that refuses as that of {@link #frames}
     */
    public static Decision<ObjectNode> published(String list, long after) {
        ChangesAfter changes = new ChangesAfter(after, change -> Json.read(change, JsonNode.class));
        return documents -> Accepted.unchanged(
                changes.in(documents, Head.of(documents, list).orElseThrow(Access::noList)));
    }

    private static final class Frames implements UserQuestion<Answer> {
        private final Request request;
        private final ChangesAfter changes;

        Frames(Request request, long after) {
            this.request = request;
            changes = new ChangesAfter(
                    after, change -> Json.read(change, Change.class).asFrame());
        }

        @Override
        public Set<String> keys() {
            return Set.of(Keys.head(request.id()));
        }

        @Override
        public Accepted<Answer> on(Documents documents) {
            return Accepted.unchanged(
                    Answer.ok(changes.in(documents, FindLists.head(documents, request, request.id()))));
        }

        @Override
        public String user() {
            return request.user();
        }

        @Override
        public Optional<Answer> soFar() {
            return changes.soFar().map(Answer::ok);
        }
    }
}
