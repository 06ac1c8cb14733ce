package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.chat.RuleInWords;
import dev.sandglass.task.domain.finding.Page;
import dev.sandglass.time.Due;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/series/{id}}: the occurrences of a recurring task that the user may see, and what is to come. */
public final class FindSeries {
    private static final int MOST_DONE = 100;
    private static final int MOST_TO_COME = 10;

    private FindSeries() {}

    /** The query that finds them: the newest; those of an archive are as old as each other. */
    public static Map<String, String> query(Request request) {
        return Map.of("series", request.id(), "sort", "-created,-due", "limit", "" + (MOST_DONE + 1));
    }

    /**
     * @param page what was found
     * @return a decision that refuses with NOT_FOUND where there is nothing for the user to see
     */
    public static Decision<Answer> answer(Request request, Page page) {
        List<Task> found = page.tasks();
        if (found.isEmpty()) {
            throw new Rejection(Reason.NOT_FOUND, "There is no such series");
        }
        Optional<Task> open = found.stream().filter(Task::open).findFirst();
        Task last = open.orElse(found.get(0));
        return documents -> {
            Optional<LedgerTask> next = goingOn(documents, last.id(), request);
            Optional<Task> toDo = next.filter(LedgerTask::here)
                    .map(task -> task.seen(request.at()))
                    .or(() -> open);
            List<Due> toCome = next.map(
                            task -> task.coming(request.at(), DaysOff.workingDays(documents, task), MOST_TO_COME))
                    .orElse(List.of());
            boolean over = toDo.isEmpty() && toCome.isEmpty();
            ObjectNode series = Json.object()
                    .put("series", last.series())
                    .put("list", last.list())
                    .put("rule", over ? null : last.recurrence())
                    .put("words", over ? null : words(last));
            series.set("open", Json.<JsonNode>tree(toDo.orElse(null)));
            series.set("next", Json.<JsonNode>tree(toCome));
            series.set("done", done(found));
            return Accepted.unchanged(Answer.ok(series));
        };
    }

    private static @Nullable String words(Task task) {
        return task.recurrence() == null ? null : RuleInWords.inEnglish(task, task.timeZone());
    }

    /**
     * The occurrence that the series goes on from: the open one, or the one that has still to come. What followed since the search is
     * followed here.
     */
    private static Optional<LedgerTask> goingOn(Documents documents, String id, Request asked) {
        Optional<LedgerTask> there = Whereabouts.find(documents, id, asked)
                .map(Whereabouts.Found::task)
                .filter(LedgerTask::here);
        return there.filter(task -> task.task().open())
                .or(() -> there.map(LedgerTask::successor)
                        .flatMap(TaskId::parse)
                        .flatMap(next ->
                                promised(documents, next, asked).or(() -> goingOn(documents, next.toString(), asked))));
    }

    /** The list is read before the task: one that it does not await any more is here by then. */
    private static Optional<LedgerTask> promised(Documents documents, TaskId id, Request asked) {
        return Head.of(documents, id.list())
                .filter(head -> head.role(asked) != null && head.awaiting().containsKey(id.toString()))
                .flatMap(head -> LedgerTask.of(documents.get(Whereabouts.key(id))))
                .filter(task -> task.state() == LedgerTask.State.PROMISED);
    }

    /** The oldest first. */
    private static ArrayNode done(List<Task> found) {
        ArrayNode done = Json.array();
        found.stream()
                .filter(task -> !task.open())
                .limit(MOST_DONE)
                .forEach(task -> done.insert(
                        0,
                        Json.object()
                                .put("task", task.id())
                                .put(
                                        "due",
                                        task.due() == null ? null : task.due().toString())
                                .put("completedAt", String.valueOf(task.completedAt()))));
        return done;
    }
}
