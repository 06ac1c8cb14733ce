package dev.sandglass.task.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.time.Recurrence;
import java.time.Instant;
import java.util.Optional;

/** {@code POST /api/tasks/{id}/skip}: a date of a recurring task is left out, the task goes to the next of its rule. */
public final class SkipTask {
    private SkipTask() {}

    /** @throws Rejection NOT_FOUND, FORBIDDEN, STALE for a stale {@code If-Match}, CONFLICT where it cannot go on */
    public static OnTask skip(Request request) {
        return OnTask.asWriter(request, skipping(request));
    }

    static OnTask.OnDraft skipping(Request request) {
        return (draft, head, task) ->
                skip(draft, request, head, task, task.afterSkipping(draft.at(head.id()), draft.workingDays(task)));
    }

    /** @param to the occurrence to go to; empty: its rule has none after this one */
    static Answer skip(Draft draft, Request request, Head head, LedgerTask task, Optional<Recurrence.Occurrence> to) {
        Instant now = draft.at(head.id());
        request.unlessStale(task, now);
        if (!task.recurs()) {
            throw new Rejection(Reason.CONFLICT, "The task does not recur: it has no other date to go to");
        }
        Successor.refuseFollowed(draft, task);
        Recurrence.Occurrence next = to.orElseThrow(() ->
                new Rejection(Reason.CONFLICT, "The rule has no date after this one: complete or delete the task"));
        LedgerTask skipped = task.skippedTo(next, now);
        draft.change(head.id(), ChangeType.TASK_UPDATED, request.user(), task, skipped);
        Task seen = skipped.seen(now);
        ObjectNode body = Json.tree(seen);
        body.set("skipped", Json.<JsonNode>tree(task.task().due()));
        return new Answer(body, null, seen.version());
    }
}
