package dev.sandglass.task.domain.finding;

import dev.sandglass.events.Task;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A task with the values that a search needs, worked out once for each version.
 *
 * @param task as it is given out
 * @param text title, description and tags, folded, each a line of its own at least
 * @param position its place among the others
 */
public record Findable(Task task, String text, Position position) {

    public static Findable of(Task task) {
        String title = Folding.fold(task.title());
        return new Findable(
                task,
                Stream.concat(
                                Stream.of(title, Folding.fold(task.description())),
                                task.tags().stream().map(Folding::fold))
                        .collect(Collectors.joining("\n")),
                new Position(
                        task.due() == null
                                ? Position.NEVER
                                : task.due().startsAt(task.timeZone()).toEpochMilli(),
                        task.priority(),
                        title,
                        task.createdAt().toEpochMilli(),
                        task.updatedAt().toEpochMilli(),
                        task.id()));
    }

    /** Tells if it is open and its time has come; {@code task.overdue()} is as old as the stored task. */
    public boolean overdue(Instant now) {
        Instant from = task.dueAt();
        return from != null && task.open() && !now.isBefore(from);
    }
}
