package dev.sandglass.task.usecase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.domain.Answer;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.LedgerTask;
import dev.sandglass.task.domain.User;
import dev.sandglass.task.domain.finding.Findable;
import dev.sandglass.task.domain.finding.Finding;
import dev.sandglass.task.domain.finding.Page;
import dev.sandglass.task.memory.CatchUp;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** {@code GET /api/tasks}: the steps of {@code direct:find-tasks} around what is read. */
@Singleton
@Named("findTasks")
public class FindTasks {
    /**
     * @param query parameters by name
     * @throws Rejection INVALID with every parameter that is wrong
     */
    public Finding parse(@ExchangeProperty("user") User user, @ExchangeProperty("query") Map<String, String> query) {
        return Finding.parse(query, user.timeZone());
    }

    /** The lists that are searched. */
    public Decision<List<Head>> lists(@ExchangeProperty("user") User user) {
        return documents -> Accepted.unchanged(user.lists(documents));
    }

    /** @param views of those lists, up to date */
    public Page find(@ExchangeProperty("finding") Finding finding, @ExchangeProperty("views") List<CatchUp> views) {
        List<Findable> visible = new ArrayList<>();
        views.forEach(view -> visible.addAll(view.tasks()));
        Instant now = Instant.now();
        Page page = finding.find(visible, now);
        return new Page(
                page.tasks().stream().map(task -> LedgerTask.seen(task, now)).toList(), page.total(), page.next());
    }

    public Answer answer(@Body Page page) {
        ArrayNode tasks = Json.array();
        page.tasks().forEach(task -> tasks.add(Json.<JsonNode>tree(task)));
        ObjectNode answer = Json.object();
        answer.set("tasks", tasks);
        return Answer.ok(answer.put("total", page.total()).put("next", page.next()));
    }
}
