package dev.sandglass.task.usecase;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.Problem;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.LedgerTask;
import dev.sandglass.task.domain.TaskId;
import dev.sandglass.task.ledger.Answer;
import dev.sandglass.task.ledger.Draft;
import dev.sandglass.task.ledger.Ledger;
import dev.sandglass.task.ledger.Places;
import dev.sandglass.time.Due;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Objects;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /internal/tasks/{id}/successor}, by recurrence: makes the next occurrence of a completed task, once. The completed task
 * itself holds its successor, so that repeats, races and restarts are settled where everything of the list is.
 */
@Singleton
@Named("createSuccessor")
public class CreateSuccessor {
    private final Ledger ledger;
    private final Places places;

    CreateSuccessor(Ledger ledger, Places places) {
        this.ledger = ledger;
        this.places = places;
    }

    /**
     * @param wanted {@code {"version": the version it was computed from, "due": when, or null at the rule's end, "slot": its date
     *     in the rule where that is another}}
     * @throws Problem 404 where the task is gone, 409 where it is no longer completed at that version
     */
    public Answer create(@Header("id") String id, @Body JsonNode wanted) {
        TaskId place = places.of(id).orElseThrow(Access::noTask);
        String text = wanted.path("due").asText(null);
        Due due = text == null ? null : Due.parse(text);
        Due slot = due == null ? null : Due.parse(wanted.path("slot").asText(text));
        return ledger.write(
                place.list(),
                draft -> create(draft, place, wanted.path("version").asInt(), due, slot));
    }

    private static Answer create(Draft draft, TaskId place, int version, @Nullable Due due, @Nullable Due slot) {
        Head head = draft.head(place.list()).filter(found -> !found.deleted()).orElseThrow(Access::noTask);
        LedgerTask task = draft.task(place.list(), place.number())
                .filter(LedgerTask::here)
                .orElseThrow(Access::noTask);
        boolean completed = !task.task().open() && task.task().version() == version;
        if (completed && !task.awaits()) {
            return Answer.ok(Json.object().put("successor", task.successor()));
        }
        if (!completed) {
            throw new Problem(409, "The task was changed meanwhile");
        }
        LedgerTask followed = task.followed(null);
        if (due != null && slot != null) {
            TaskId id = CreateTask.give(draft, head);
            LedgerTask next = task.next(id, due, slot, draft.at(head.id()));
            draft.record(
                    head.id(),
                    ChangeType.TASK_CREATED,
                    Objects.requireNonNullElse(task.completedBy(), head.owner()),
                    LedgerTask.differences(null, next.task()),
                    next);
            followed = task.followed(id.toString());
        }
        draft.put(head.id(), followed);
        draft.put(draft.head(head.id()).orElseThrow().settled(task.task().id()));
        return Answer.ok(Json.object().put("successor", followed.successor()));
    }
}
