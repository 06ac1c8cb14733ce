package dev.sandglass.task.domain.finding;

import dev.sandglass.events.Task;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the tasks found.
 *
 * @param tasks in order, as they were given; {@code overdue} is not brought up to date
 * @param total how many were found on all pages
 * @param next cursor of the next page; null: there is none
 */
public record Page(List<Task> tasks, int total, @Nullable String next) {
    public Page {
        tasks = List.copyOf(tasks);
    }
}
