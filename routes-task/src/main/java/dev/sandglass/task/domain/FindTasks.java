package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Portions;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.domain.finding.Finding;
import dev.sandglass.task.domain.finding.Page;
import dev.sandglass.task.domain.finding.Search;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds tasks: the steps of {@code direct:tasks.find} around what is read, and one task by its id. */
public final class FindTasks {
    private FindTasks() {}

    /**
     * @param query parameters by name
     * @throws Rejection INVALID with every parameter that is wrong
     */
    public static Finding parse(User user, Map<String, String> query) {
        return Finding.parse(query, user.timeZone());
    }

    private record Named(String name, Extent extent) {}

    /** @param lists those that are searched */
    public record Begun(Search search, List<Extent> lists) {}

    /** Begins a search of the user's lists. */
    public static Decision<Begun> begin(Request request, User user, Finding finding) {
        Portions<Named> heads = user.heads(request, finding::looksInto, head -> new Named(head.name(), head.extent()));
        return documents -> {
            List<Named> lists = heads.in(documents);
            Optional<Task> last = finding.behind()
                    .flatMap(id -> Whereabouts.find(documents, id, request))
                    .map(Whereabouts.Found::task)
                    .filter(LedgerTask::here)
                    .map(LedgerTask::task);
            Map<String, String> names =
                    lists.stream().collect(Collectors.toMap(list -> list.extent.list(), list -> list.name));
            return Accepted.unchanged(new Begun(
                    finding.search(request.at(), last, names),
                    lists.stream().map(list -> list.extent).toList()));
        };
    }

    /** @param search it has seen all tasks of its lists */
    public static Page found(Request request, Search search) {
        Page page = search.page();
        return new Page(
                page.tasks().stream()
                        .map(task -> LedgerTask.seen(task, request.at()))
                        .toList(),
                page.total(),
                page.next());
    }

    /** Its tasks are texts in it: the trees of a page cost more than to find it. */
    public static Answer answer(Page page) {
        ArrayNode tasks = Json.array();
        page.tasks().forEach(task -> tasks.addRawValue(new RawValue(Json.text(task))));
        return Answer.ok(Json.object()
                .<ObjectNode>set("tasks", tasks)
                .put("total", page.total())
                .put("next", page.next()));
    }

    /** Keeps the answer where the request came with a key, as of every POST. */
    public static Write<Answer> once(Request request, Answer answer) {
        return Once.guard(request.once(), answer);
    }

    /** @throws Rejection NOT_FOUND where it is not there or not the user's to see */
    public static Decision<Answer> one(Request request) {
        return documents -> Accepted.unchanged(Whereabouts.find(documents, request.id(), request)
                .map(Whereabouts.Found::task)
                .filter(LedgerTask::here)
                .map(task -> shown(request, task.seen(request.at())))
                .orElseThrow(Access::noTask));
    }

    /** A task becomes overdue without a new version: who has an overdue one may have it from before. */
    private static Answer shown(Request request, Task task) {
        return !task.overdue() && Request.isKnown(request.ifNoneMatch(), Request.tag(task.version()))
                ? Answer.known(task.version())
                : Answer.task(task);
    }
}
