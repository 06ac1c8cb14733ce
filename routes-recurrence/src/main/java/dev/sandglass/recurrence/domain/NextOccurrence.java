package dev.sandglass.recurrence.domain;

import com.fasterxml.jackson.annotation.JsonIgnore;
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
 * @param due its due date; null where the task shall not come again, and nothing waits for it any longer
 */
public record NextOccurrence(
        @JsonIgnore Completion promise, @Nullable Due due) {

    /**
     * @param recurs {@code false} where integrators want no other occurrence
     * @throws IllegalArgumentException when the change is not a completion that another occurrence follows
     */
    public static NextOccurrence of(String recurs, Completion promise) {
        if (recurs.equals("false")) {
            return new NextOccurrence(promise, null);
        }
        Change completion = Json.read(promise.change(), Change.class);
        Task task = completion.task();
        Change.Rule rule = completion.rule();
        if (task == null || task.recurrence() == null || task.completedAt() == null || rule == null) {
            throw new IllegalArgumentException(completion.subject() + " is not a completed recurring task");
        }
        if (rule.next() != null) {
            return new NextOccurrence(promise, rule.next());
        }
        Recurrence.Series series =
                new Recurrence.Series(rule.anchor(), rule.slot(), task.timeZone(), task.occurrence());
        return new Recurrence(task.recurrence())
                .next(series, task.recurFrom(), task.completedAt())
                .map(due -> new NextOccurrence(promise, due))
                .orElseThrow(() -> new IllegalArgumentException("the rule of " + task.id() + " is over"));
    }

    /**
     * The question to integrators, if it shall be due at another time.
     *
     * @return {@code {"task": the completed one, "due"}}
     */
    public String question() {
        ObjectNode question = Json.object();
        question.set("task", promise.change().path("task"));
        question.set("due", Json.tree(due));
        return question.toString();
    }

    /**
     * An occurrence at the integrators' time; unchanged if they answer no time of its kind (all day or not).
     *
     * @param answer {@code {"due",…}}
     */
    public static NextOccurrence moved(String answer, NextOccurrence next) {
        try {
            Due other = Due.parse(Json.read(answer, JsonNode.class).path("due").asText());
            return next.due != null && other.allDay() == next.due.allDay()
                    ? new NextOccurrence(next.promise, other)
                    : next;
        } catch (IllegalArgumentException e) {
            return next;
        }
    }
}
