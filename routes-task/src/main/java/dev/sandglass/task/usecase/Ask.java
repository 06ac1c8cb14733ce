package dev.sandglass.task.usecase;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.User;
import dev.sandglass.task.ledger.Users;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
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
    private final GetTask tasks;

    Ask(Users users, FindLists lists, GetTask tasks) {
        this.users = users;
        this.lists = lists;
        this.tasks = tasks;
    }

    /** @throws dev.sandglass.support.Problem 404 for a task the user never could see */
    public String history(@ExchangeProperty("request") Request request, @Header("id") String id) {
        tasks.find(request, id);
        return Json.object().put("task", id).toString();
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
