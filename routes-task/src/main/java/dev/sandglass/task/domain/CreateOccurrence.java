package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.time.Due;
import java.util.Objects;
import java.util.Optional;

/**
 * {@code POST /internal/occurrences/{id}}, by recurrence: what a completion promised comes, once. The list's head says what it awaits,
 * so that repeats, races and restarts are settled where everything of the list is.
 */
public final class CreateOccurrence {
    private CreateOccurrence() {}

    /**
     * @param wanted {@code {"due": when; null: it shall not come}}
     * @throws Rejection NOT_FOUND where there is no such list, CONFLICT where it is not awaited: it came, or was withdrawn
     */
    public static Write<ObjectNode> create(String id, String wanted) {
        TaskId place = TaskId.parse(id).orElseThrow(Access::noTask);
        Optional<Due> due = Optional.ofNullable(
                        Json.read(wanted, JsonNode.class).path("due").asText(null))
                .map(Due::parse);
        return Write.to(place.list(), draft -> create(draft, place, due));
    }

    /** It comes on the date that it was promised for. */
    static void come(Draft draft, TaskId place) {
        create(
                draft,
                place,
                Optional.of(draft.task(place.list(), place.number())
                        .map(promised -> promised.task().due())
                        .orElseThrow()));
    }

    private static ObjectNode create(Draft draft, TaskId place, Optional<Due> due) {
        Head head = draft.head(place.list()).orElseThrow(Access::noTask);
        if (!head.awaiting().containsKey(place.toString())) {
            throw new Rejection(Reason.CONFLICT, "Nothing awaits this occurrence");
        }
        LedgerTask promised = draft.task(place.list(), place.number()).orElseThrow();
        draft.put(head.settled(place.toString()));
        due.map(when -> promised.come(when, draft.at(head.id())))
                .ifPresent(come -> draft.change(
                        head.id(), ChangeType.TASK_CREATED, Objects.requireNonNull(promised.promisedBy()), null, come));
        return Json.object().put("came", due.isPresent());
    }
}
