package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.domain.finding.Findable;
import dev.sandglass.task.domain.finding.Finding;
import dev.sandglass.task.domain.finding.Page;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Finds tasks: the steps of {@code direct:find-tasks} around what is read, and one task by its id. */
public final class FindTasks {
    private FindTasks() {}

    /**
     * @param query parameters by name
     * @throws Rejection INVALID with every parameter that is wrong
     */
    public static Finding parse(User user, Map<String, String> query) {
        return Finding.parse(query, user.timeZone());
    }

    /** The lists that are searched. */
    public static Decision<List<Head>> lists(User user) {
        return documents -> Accepted.unchanged(user.lists(documents));
    }

    /** @param visible the tasks of those lists */
    public static Page find(Request request, Finding finding, List<Findable> visible) {
        Instant now = request.at();
        Page page = finding.find(visible, now);
        return new Page(
                page.tasks().stream().map(task -> LedgerTask.seen(task, now)).toList(), page.total(), page.next());
    }

    public static Answer answer(Page page) {
        ArrayNode tasks = Json.array();
        page.tasks().forEach(task -> tasks.add(Json.<JsonNode>tree(task)));
        ObjectNode answer = Json.object();
        answer.set("tasks", tasks);
        return Answer.ok(answer.put("total", page.total()).put("next", page.next()));
    }

    /** @throws Rejection NOT_FOUND where it is not there or not the user's to see */
    public static Decision<Answer> one(Request request) {
        return documents -> Accepted.unchanged(Places.find(documents, request.id(), request.user())
                .map(Places.Found::task)
                .filter(LedgerTask::here)
                .map(task -> Answer.task(task.seen(request.at())))
                .orElseThrow(Access::noTask));
    }
}
