package dev.sandglass.task.domain;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Portions;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Questions to audit and reminder on behalf of a user: only about lists that the user may see. */
public final class Ask {
    private Ask() {}

    private static final String LIMIT = "50";

    /**
     * The history of a task, also a deleted one, for the members of the list it is in and of the one it was born in.
     *
     * @return a decision that refuses with NOT_FOUND for a task the user never could see
     */
    public static Decision<String> history(Request request) {
        return documents -> {
            if (!Whereabouts.isKnown(documents, request.id(), request)) {
                throw Access.noTask();
            }
            return Accepted.unchanged(Json.object()
                    .put("user", request.user())
                    .put("task", request.id())
                    .toString());
        };
    }

    /** The part of the history that happened in lists of the user: of a moved task, others know other parts. */
    public static Decision<Answer> historyOf(Request request, String answered) {
        JsonNode history = Json.read(answered, JsonNode.class);
        List<JsonNode> entries = history.path("entries").valueStream().toList();
        Set<String> lists = entries.stream().map(Ask::list).collect(toSet());
        // Lists in which the user is, or was to the end of a list that is gone.
        Portions<String> members = Head.portions(
                documents -> lists, head -> head.isKnownTo(request) ? Optional.of(head.id()) : Optional.empty());
        return documents -> {
            Set<String> theirs = Set.copyOf(members.in(documents));
            ArrayNode seen = Json.array();
            entries.stream().filter(entry -> theirs.contains(list(entry))).forEach(seen::add);
            ObjectNode answer = Json.object();
            if (history.path("older").asBoolean()) {
                answer.put("older", true);
            }
            return Accepted.unchanged(Answer.ok(answer.set("entries", seen)));
        };
    }

    private static String list(JsonNode entry) {
        return entry.path("list").asText();
    }

    /**
     * An instant in a question.
     *
     * @param text with Z or an offset
     * @throws IllegalArgumentException with a sentence for a person
     */
    public static Instant instant(String text) {
        try {
            // Not Instant.parse: it takes 24:00 and second 60.
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("must be an instant, as 2027-01-31T08:00:00Z", e);
        }
    }

    /** @return a decision that refuses with NOT_FOUND for a list that is not there for the user */
    public static Decision<String> audit(Request request, User user, Map<String, String> query) {
        String list = query.get("list");
        Map<String, String> asked = new HashMap<>(query);
        List.of("from", "to")
                .forEach(bound -> asked.computeIfPresent(
                        bound, (name, text) -> instant(text).toString()));
        Portions<String> all = user.heads(request, Head::id);
        return documents -> Accepted.unchanged(question(
                        asked,
                        List.of("list", "task", "actor", "from", "to", "cursor"),
                        list == null
                                ? all.in(documents)
                                : List.of(
                                        FindLists.head(documents, request, list).id()))
                .put("user", request.user())
                .put("limit", Integer.parseInt(query.getOrDefault("limit", LIMIT)))
                .toString());
    }

    /** @return a decision that refuses with NOT_FOUND for a list that is not there for the user */
    public static Decision<String> verify(Request request, Map<String, String> query) {
        String list = query.getOrDefault("list", "");
        return documents -> {
            Head head = FindLists.head(documents, request, list);
            return Accepted.unchanged(Json.object()
                    .put("user", request.user())
                    .put("list", list)
                    .put("seq", head.seq())
                    .put("hash", head.hash())
                    .toString());
        };
    }

    /** @throws Rejection NOT_NOW where <em>audit</em> did not come to the end: with the next question it goes on */
    public static String verified(String answered) {
        JsonNode verdict = Json.read(answered, JsonNode.class);
        if (!verdict.path("complete").asBoolean() && !verdict.has("first")) {
            throw new Rejection(
                    Reason.NOT_NOW,
                    verdict.path("entries").asLong() + " of "
                            + verdict.path("seq").asLong()
                            + " changes are verified, which takes longer than there is time for an answer; ask again"
                            + " within a minute, and it goes on there");
        }
        return answered;
    }

    public static Decision<String> reminders(Request request, User user, Map<String, String> query) {
        Portions<String> all = user.heads(request, Head::id);
        return documents -> Accepted.unchanged(question(query, List.of("task", "status"), all.in(documents))
                .put("user", user.user())
                .toString());
    }

    private static ObjectNode question(Map<String, String> query, List<String> filters, List<String> lists) {
        ObjectNode question = Json.object().set("lists", Json.tree(lists));
        filters.stream().filter(query::containsKey).forEach(filter -> question.put(filter, query.get(filter)));
        return question;
    }
}
