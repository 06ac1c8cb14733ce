package dev.sandglass.task.usecase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.LedgerTask;
import dev.sandglass.task.domain.User;
import dev.sandglass.task.domain.finding.Findable;
import dev.sandglass.task.domain.finding.Finding;
import dev.sandglass.task.domain.finding.Page;
import dev.sandglass.task.ledger.Answer;
import dev.sandglass.task.ledger.Users;
import dev.sandglass.task.ledger.Views;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.ExchangeProperty;

/** {@code GET /api/tasks} */
@Singleton
@Named("findTasks")
public class FindTasks {
    private final Users users;
    private final Views views;

    FindTasks(Users users, Views views) {
        this.users = users;
        this.views = views;
    }

    /**
     * @param query parameters by name
     * @throws dev.sandglass.support.Problem 422 with every parameter that is wrong
     */
    public Answer find(
            @ExchangeProperty("request") Request request, @ExchangeProperty("query") Map<String, String> query) {
        Page page = find(users.of(request.user()), query);
        ArrayNode tasks = Json.array();
        page.tasks().forEach(task -> tasks.add(Json.<JsonNode>tree(task)));
        ObjectNode answer = Json.object();
        answer.set("tasks", tasks);
        return Answer.ok(answer.put("total", page.total()).put("next", page.next()));
    }

    /** @see #find(Request, Map) */
    Page find(User user, Map<String, String> query) {
        Finding finding = Finding.parse(query, user.timeZone());
        List<Findable> visible = new ArrayList<>();
        for (Head head : users.lists(user)) {
            visible.addAll(views.upTo(head).tasks());
        }
        Instant now = Instant.now();
        Page page = finding.find(visible, now);
        return new Page(
                page.tasks().stream().map(task -> LedgerTask.seen(task, now)).toList(), page.total(), page.next());
    }
}
