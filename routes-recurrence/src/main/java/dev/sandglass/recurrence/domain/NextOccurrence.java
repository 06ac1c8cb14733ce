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
 * The occurrence that a completion promised.
 *
 * @param due its due date; null where the task shall not come again
 */
public record NextOccurrence(@Nullable Due due) {

    /** @throws IllegalArgumentException when the change is not a completion that another occurrence follows */
    public static NextOccurrence of(Completion promise) {
        Change completion = Json.read(promise.change(), Change.class);
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

    /** The answer where the task shall not come again: nothing waits for it any longer. */
    public static NextOccurrence none() {
        return new NextOccurrence(null);
    }

    /**
     * The question to integrators, if it shall be due at another time.
     *
     * @return {@code {"task": the completed one, "due"}}
     */
    public String question(Completion completion) {
        ObjectNode question = Json.object();
        question.set("task", completion.change().path("task"));
        question.set("due", Json.tree(due));
        return question.toString();
    }

    /**
     * The same at the integrators' time; unchanged if they answer no time of its kind (all day or not).
     *
     * @param answer {@code {"due",…}}
     */
    public NextOccurrence moved(String answer) {
        try {
            Due other = Due.parse(Json.read(answer, JsonNode.class).path("due").asText());
            return due != null && other.allDay() == due.allDay() ? new NextOccurrence(other) : this;
        } catch (IllegalArgumentException e) {
            return this;
        }
    }
}
