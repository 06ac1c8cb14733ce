package dev.sandglass.recurrence.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.time.Due;
import dev.sandglass.time.Recurrence;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What follows a completed recurring task: what <em>task</em> is asked to make.
 *
 * @param version of the completed task this was computed from; a task that was changed since refuses it
 * @param due when the next one is due; null: the rule is over, or this completion shall not recur
 * @param slot its date in the rule, where {@code due} was moved from it; else null
 */
public record NextOccurrence(
        int version,
        @Nullable Due due,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Due slot) {

    /** @throws IllegalArgumentException when the change is not one of a completed recurring task */
    public static NextOccurrence of(Change completion) {
        Task task = completed(completion);
        Change.Rule rule = completion.rule();
        String recurrence = task.recurrence();
        Instant completedAt = task.completedAt();
        if (rule == null || recurrence == null || completedAt == null) {
            throw new IllegalArgumentException(completion.subject() + " is not a completed recurring task");
        }
        Recurrence.Series series =
                new Recurrence.Series(rule.anchor(), rule.slot(), task.timeZone(), task.occurrence());
        Due due = new Recurrence(recurrence)
                .next(series, task.recurFrom(), completedAt)
                .orElse(null);
        return new NextOccurrence(task.version(), due, null);
    }

    /** Of a completion that shall not recur: nothing waits for it any longer. */
    public static NextOccurrence none(Change completion) {
        return new NextOccurrence(completed(completion).version(), null, null);
    }

    /**
     * What integrators are asked: whether the next one shall be due at another time.
     *
     * @param completion the change, JSON
     * @return {@code {"task": the completed one, "due"}}
     */
    public static String question(NextOccurrence next, String completion) {
        ObjectNode question = Json.object();
        question.set("task", Json.read(completion, JsonNode.class).path("task"));
        question.set("due", Json.tree(next.due));
        return question.toString();
    }

    /**
     * The next one at the time integrators say, in its place of the rule; as it was where they say no time of its kind (all day or
     * not).
     *
     * @param answer {@code {"due",…}}
     */
    public static NextOccurrence moved(String answer, NextOccurrence next) {
        try {
            Due due = Due.parse(Json.read(answer, JsonNode.class).path("due").asText());
            boolean otherOfItsKind = next.due != null && !due.equals(next.due) && due.allDay() == next.due.allDay();
            return otherOfItsKind ? new NextOccurrence(next.version, due, next.due) : next;
        } catch (IllegalArgumentException e) {
            return next;
        }
    }

    private static Task completed(Change completion) {
        Task task = completion.task();
        if (task == null || task.open()) {
            throw new IllegalArgumentException(completion.subject() + " is not a completed task");
        }
        return task;
    }
}
