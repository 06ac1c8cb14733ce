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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/series/{id}}: the occurrences of a recurring task that the user may see, and what is to come. */
public final class FindSeries {
    private static final int MOST_DONE = 100;
    private static final int MOST_TO_COME = 10;

    private FindSeries() {}

    /** The query that finds them: the newest. */
    public static Map<String, String> query(Request request) {
        return Map.of("series", request.id(), "sort", "-created", "limit", "" + (MOST_DONE + 1));
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
            ObjectNode series = Json.object()
                    .put("series", last.series())
                    .put("list", last.list())
                    .put("rule", last.recurrence());
            series.put("words", words(last));
            series.set("open", Json.<JsonNode>tree(open.orElse(null)));
            series.set(
                    "next",
                    Json.<JsonNode>tree(goingOn(documents, last, request)
                            .map(task -> task.coming(request.at(), DaysOff.workingDays(documents, task), MOST_TO_COME))
                            .orElse(List.of())));
            series.set("done", done(found));
            return Accepted.unchanged(Answer.ok(series));
        };
    }

    private static @Nullable String words(Task task) {
        return task.recurrence() == null ? null : RuleInWords.inEnglish(task, task.timeZone());
    }

    /** The occurrence that the series goes on from: the open one, or the one that has still to come. */
    private static Optional<LedgerTask> goingOn(Documents documents, Task last, Request asked) {
        Optional<LedgerTask> there =
                Places.find(documents, last.id(), asked).map(Places.Found::task).filter(LedgerTask::here);
        return there.filter(task -> task.task().open())
                .or(() -> there.flatMap(task -> promised(documents, task, asked)));
    }

    private static Optional<LedgerTask> promised(Documents documents, LedgerTask task, Request asked) {
        return Optional.ofNullable(task.successor())
                .flatMap(TaskId::parse)
                .filter(id -> Head.of(documents, id.list())
                        .filter(head ->
                                head.role(asked) != null && head.awaiting().containsKey(id.toString()))
                        .isPresent())
                .flatMap(id -> LedgerTask.of(documents.get(Places.key(id))));
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
