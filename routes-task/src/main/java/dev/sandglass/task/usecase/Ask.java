package dev.sandglass.task.usecase;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.User;
import dev.sandglass.task.ledger.Answer;
import dev.sandglass.task.ledger.Places;
import dev.sandglass.task.ledger.Users;
import dev.sandglass.task.ledger.Views;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** What the front door asks audit and reminder on behalf of a user, having looked what the user may see. */
@Singleton
@Named("ask")
public class Ask {
    private static final String LIMIT = "50";

    private final Users users;
    private final FindLists lists;
    private final Places places;
    private final Views views;

    Ask(Users users, FindLists lists, Places places, Views views) {
        this.users = users;
        this.lists = lists;
        this.places = places;
        this.views = views;
    }

    /**
     * Of a task, also a deleted one, for the members of its list: of the one it is in, and of the one it was born in.
     *
     * @throws dev.sandglass.support.Problem 404 for a task the user never could see
     */
    public String history(@ExchangeProperty("request") Request request, @Header("id") String id) {
        if (!places.isKnown(id, request.user())) {
            throw Access.noTask();
        }
        return Json.object().put("task", id).toString();
    }

    /** What of the history happened in lists of the user: of a task that was moved, others know other parts. */
    public Answer historyOf(@ExchangeProperty("request") Request request, @Body JsonNode history) {
        List<JsonNode> entries = new ArrayList<>();
        history.path("entries").forEach(entries::add);
        Set<String> theirs = membersOf(entries.stream().map(Ask::list).collect(toSet()), request.user());
        ArrayNode seen = Json.array();
        entries.stream().filter(entry -> theirs.contains(list(entry))).forEach(seen::add);
        return Answer.ok(Json.object().set("entries", seen));
    }

    private static String list(JsonNode entry) {
        return entry.path("list").asText();
    }

    /** Those of the lists in which the user is, or was to the end of a list that is gone. */
    private Set<String> membersOf(Set<String> ids, String user) {
        return views.heads(ids).stream()
                .filter(head -> head.members().containsKey(user))
                .map(Head::id)
                .collect(toSet());
    }

    /** @throws dev.sandglass.support.Problem 404 for a list that is not there for the user */
    public String audit(
            @ExchangeProperty("request") Request request, @ExchangeProperty("query") Map<String, String> query) {
        ObjectNode wanted = ofLists(request, query.get("list"));
        for (String filter : List.of("task", "actor", "from", "to", "cursor")) {
            String value = query.get(filter);
            if (value != null) {
                wanted.put(filter, value);
            }
        }
        return wanted.put("limit", Integer.parseInt(query.getOrDefault("limit", LIMIT)))
                .toString();
    }

    /** @throws dev.sandglass.support.Problem 404 for a list that is not there for the user */
    public String verify(
            @ExchangeProperty("request") Request request, @ExchangeProperty("query") Map<String, String> query) {
        String list = query.getOrDefault("list", "");
        Head head = lists.head(request, list);
        return Json.object()
                .put("list", list)
                .put("seq", head.seq())
                .put("hash", head.hash())
                .toString();
    }

    public String reminders(
            @ExchangeProperty("request") Request request, @ExchangeProperty("query") Map<String, String> query) {
        ObjectNode wanted = ofLists(request, null);
        for (String filter : List.of("task", "status")) {
            String value = query.get(filter);
            if (value != null) {
                wanted.put(filter, value);
            }
        }
        return wanted.toString();
    }

    private ObjectNode ofLists(Request request, @Nullable String list) {
        User user = users.of(request.user());
        ArrayNode ids = Json.array();
        if (list == null) {
            users.lists(user).forEach(head -> ids.add(head.id()));
        } else {
            ids.add(lists.head(request, list).id());
        }
        return Json.object().set("lists", ids);
    }
}
