package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.domain.dav.KeptProperties;
import dev.sandglass.time.WorkingDays;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** A merge patch on a task (RFC 7396), where another {@code list} moves it; and deleting it. */
public final class ChangeTask {
    /** The fields that say when a task comes again. */
    private static final List<String> STEERING = List.of("due", "recurrence", "timeZone", "workdays");

    private ChangeTask() {}

    /** @param following whether what it says of due, rule and zone holds for all that follow too */
    record Patch(Request request, JsonNode asked, boolean following, TaskFields defaults) {
        LedgerTask merge(Draft draft, LedgerTask task, Instant at) {
            LedgerTask merged = mergeAny(draft, task, at);
            return merged == task ? task : merged.bounded();
        }

        private LedgerTask mergeAny(Draft draft, LedgerTask task, Instant at) {
            request.unlessStale(task, at);
            TaskFields before = task.fields();
            TaskFields after = before.merge(asked, defaults);
            boolean sameRule = Objects.equals(before.recurrence(), after.recurrence());
            WorkingDays days = sameRule && !following ? WorkingDays.ALL : draft.workingDays(task);
            if (following && task.recurs() && STEERING.stream().anyMatch(asked::has)) {
                Successor.refuseFollowed(draft, task);
                LedgerTask anew =
                        asked.hasNonNull("due") ? task.begunAnew(after, at, days) : task.changed(after, at, days);
                boolean goes = asked.hasNonNull("due") || asked.has("workdays") || !sameRule;
                LedgerTask there = goes ? anew.on(draft.workingDays(anew)) : anew;
                return there.saysTheSame(task) ? task : there;
            }
            if (after.equals(before)) {
                return task;
            }
            LedgerTask changed = task.changed(after, at, days);
            return sameRule ? changed : changed.on(draft.workingDays(changed));
        }
    }

    /**
     * @param patch held against its schema
     * @param query {@code apply=following}: what it says of due, rule and zone holds for all that follow too
     * @throws Rejection NOT_FOUND, FORBIDDEN, INVALID for wrong fields, STALE for a stale {@code If-Match}, CONFLICT where what follows
     *     is there already
     */
    public static OnTask change(Request request, User user, JsonNode patch, Map<String, String> query) {
        return OnTask.at(request, changing(request, user, patch, query));
    }

    /** The same where the task is. */
    static Function<TaskId, Write<Answer>> changing(
            Request request, User user, JsonNode patch, Map<String, String> query) {
        TaskFields defaults = TaskFields.defaults(Objects.requireNonNull(user.inbox()), user.timeZone());
        String target = patch.path("list").isNull()
                ? defaults.list()
                : patch.path("list").asText("");
        Patch whole = new Patch(request, patch, query.containsKey("apply"), defaults);
        return place -> target.isEmpty() || target.equals(place.list())
                ? stay(whole, place)
                : Write.alone(Set.of(place.list(), target), draft -> move(draft, whole, place, target))
                        .lookingAt(Todos.byName(target, request.id() + Todos.ENDING));
    }

    private static Write<Answer> stay(Patch patch, TaskId place) {
        Request request = patch.request;
        return OnTask.asWriter(request, place, (draft, head, task) -> {
            LedgerTask changed = patch.merge(draft, task, draft.at(head.id()));
            if (changed != task) {
                draft.change(head.id(), ChangeType.TASK_UPDATED, request.user(), task, changed);
            }
            return Answer.task(changed.seen(draft.at(head.id())));
        });
    }

    /** The old list sees it deleted, the new one created; it keeps its id, and where it was born says where it is. */
    private static Answer move(Draft draft, Patch patch, TaskId from, String target) {
        Request request = patch.request;
        Access.writer(draft.head(from.list()), request, Access.noTask());
        LedgerTask task = OnTask.taskAt(draft, from);
        if (!task.here()) {
            throw Access.noTask();
        }
        Access.writer(draft.head(target), request, Rejection.wrong("/list", "there is no such list"));
        Instant at = draft.at(target);
        LedgerTask arrived = carry(draft, request.user(), from, task, patch.merge(draft, task, at));
        return Answer.task(arrived.seen(at));
    }

    /** @param changed the task as it is to arrive in its other list */
    static LedgerTask carry(Draft draft, String user, TaskId from, LedgerTask task, LedgerTask changed) {
        String target = changed.task().list();
        TaskId to = CreateTask.give(draft, draft.head(target).orElseThrow());
        // A reader of only one of the lists learns nothing of the task's contents in the other.
        List<JsonNode> moved = List.of(Json.tree(from.list()), Json.tree(target));
        draft.record(
                from.list(),
                ChangeType.TASK_DELETED,
                user,
                new TreeMap<>(Map.of("list", moved)),
                task.deleted(draft.at(from.list())));
        LedgerTask behind = task.moved(to);
        draft.put(from.list(), behind);
        TaskId birth = TaskId.parse(task.task().id()).orElseThrow();
        if (!birth.equals(from)) {
            KeptProperties named = draft.task(birth.list(), birth.number())
                    .map(LedgerTask::dav)
                    .orElse(null);
            draft.put(birth.list(), behind.mark(birth.number(), behind.task(), named));
        }
        LedgerTask arrived = Todos.named(draft, changed.arrived(to.number()));
        SortedMap<String, List<JsonNode>> told = arrived.differences(null);
        told.put("list", moved);
        draft.record(target, ChangeType.TASK_CREATED, user, told, arrived);
        return arrived;
    }

    /**
     * Deletes a task; the occurrence that a completion has promised comes all the same.
     *
     * @throws Rejection NOT_FOUND, FORBIDDEN, STALE for a stale {@code If-Match}
     */
    public static OnTask delete(Request request) {
        return OnTask.asWriter(request, deleting(request));
    }

    static OnTask.OnDraft deleting(Request request) {
        return (draft, head, task) -> {
            if (task.here()) {
                request.unlessStale(task, draft.at(head.id()));
                LedgerTask deleted = task.deleted(draft.at(head.id()));
                draft.record(head.id(), ChangeType.TASK_DELETED, request.user(), new TreeMap<>(), deleted);
            }
            return Answer.done();
        };
    }
}
