package dev.sandglass.recurrence.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.time.Due;
import dev.sandglass.time.Recurrence;
import org.jspecify.annotations.Nullable;

/**
 * What follows a completed recurring task: when the occurrence that the completion promised is due.
 *
 * @param due null: this completion shall not recur
 */
public record NextOccurrence(@Nullable Due due) {

    /** @throws IllegalArgumentException when the change is not a completion that another occurrence follows */
    public static NextOccurrence of(Change completion) {
        Task task = completion.task();
        Change.Rule rule = completion.rule();
        if (task == null || task.recurrence() == null || task.completedAt() == null || rule == null) {
            throw new IllegalArgumentException(completion.subject() + " is not a completed recurring task");
        }
        Recurrence.Series series =
                new Recurrence.Series(rule.anchor(), rule.slot(), task.timeZone(), task.occurrence());
        return new Recurrence(task.recurrence())
                .next(series, task.recurFrom(), task.completedAt())
                .map(NextOccurrence::new)
                .orElseThrow(() -> new IllegalArgumentException("the rule of " + task.id() + " is over"));
    }

    /** Of a completion that shall not recur: nothing waits for it any longer. */
    public static NextOccurrence none() {
        return new NextOccurrence(null);
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
     * The next one at the time integrators say; as it was where they say no time of its kind (all day or not).
     *
     * @param answer {@code {"due",…}}
     */
    public static NextOccurrence moved(String answer, NextOccurrence next) {
        try {
            Due due = Due.parse(Json.read(answer, JsonNode.class).path("due").asText());
            return next.due != null && due.allDay() == next.due.allDay() ? new NextOccurrence(due) : next;
        } catch (IllegalArgumentException e) {
            return next;
        }
    }
}
