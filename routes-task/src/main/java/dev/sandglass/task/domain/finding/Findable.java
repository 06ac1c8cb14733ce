package dev.sandglass.task.domain.finding;

import dev.sandglass.events.Task;
import java.time.Instant;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A task with the values that a search needs, worked out once for each version.
 *
 * @param task as it is given out
 * @param folded its text folded, see {@link #text()}; null of a long one, which would be held twice
 * @param described where in that the description ends
 * @param size characters of its texts as they are given out
 * @param position its place among the others
 * @param number in its list
 * @param href the name that a client of CalDAV gave it; null: none did
 */
public record Findable(
        Task task,
        @Nullable String folded,
        int described,
        int size,
        Position position,
        int number,
        @Nullable String href) {
    /** Characters; folding can make eighteen of one. */
    private static final int LONG = 4_000;

    /** Characters that a task takes beside its texts, and each of its tags and reminders. */
    private static final int TASK = 400;

    private static final int PART = 50;

    public static Findable of(Task task) {
        return of(task, 0, null);
    }

    public static Findable of(Task task, int number, @Nullable String href) {
        String title = Folding.fold(task.title());
        int size = size(task);
        String words = size > LONG ? null : title + "\n" + Folding.fold(task.description());
        String text = words == null ? null : withTags(words, task);
        return new Findable(
                task,
                text == null || text.length() > LONG ? null : text,
                words == null ? 0 : words.length(),
                size,
                new Position(
                        task.due() == null
                                ? Position.NEVER
                                : task.due().startsAt(task.timeZone()).toEpochMilli(),
                        task.priority(),
                        title,
                        task.createdAt().toEpochMilli(),
                        task.updatedAt().toEpochMilli(),
                        task.id()),
                number,
                href);
    }

    /** Title, description and tags, folded, each a line of its own at least. */
    String text() {
        return folded == null ? withTags(position.title() + "\n" + Folding.fold(task.description()), task) : folded;
    }

    /** The description, folded. */
    String description() {
        return folded == null
                ? Folding.fold(task.description())
                : folded.substring(position.title().length() + 1, described);
    }

    /** Characters that it takes in memory, about. */
    public int weight() {
        return TASK
                + size
                + position.title().length()
                + (folded == null ? 0 : folded.length())
                + (href == null ? 0 : href.length())
                + PART * (task.tags().size() + task.reminders().size());
    }

    private static String withTags(String words, Task task) {
        return task.tags().isEmpty()
                ? words
                : words + task.tags().stream().map(Folding::fold).collect(Collectors.joining("\n", "\n", ""));
    }

    private static int size(Task task) {
        return task.title().length()
                + task.description().length()
                + task.tags().stream().mapToInt(String::length).sum();
    }

    /** Tells if it is open and its time has come; {@code task.overdue()} is as old as the stored task. */
    public boolean overdue(Instant now) {
        Instant from = task.dueAt();
        return from != null && task.open() && !now.isBefore(from);
    }
}
