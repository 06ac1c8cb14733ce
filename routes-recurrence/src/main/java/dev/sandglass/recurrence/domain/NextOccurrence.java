package dev.sandglass.recurrence.domain;

import dev.sandglass.events.Change;
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
 */
public record NextOccurrence(int version, @Nullable Due due) {

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
        return new NextOccurrence(task.version(), due);
    }

    /** Of a completion that shall not recur: nothing waits for it any longer. */
    public static NextOccurrence none(Change completion) {
        return new NextOccurrence(completed(completion).version(), null);
    }

    private static Task completed(Change completion) {
        Task task = completion.task();
        if (task == null || task.open()) {
            throw new IllegalArgumentException(completion.subject() + " is not a completed task");
        }
        return task;
    }
}
