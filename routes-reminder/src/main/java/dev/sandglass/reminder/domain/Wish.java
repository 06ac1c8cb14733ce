package dev.sandglass.reminder.domain;

import dev.sandglass.events.Chain;
import dev.sandglass.events.Task;
import dev.sandglass.time.Due;
import dev.sandglass.time.Nag;
import dev.sandglass.time.ReminderSpec;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A reminder that a task asks for, or the moment it becomes overdue, which every task with a due date has.
 *
 * @param id ten hexadecimal digits, the same for the same specification; or {@link #OVERDUE}
 * @param spec as the task has it; or {@link #OVERDUE}
 * @param nag how often it comes again; null: it comes once
 */
public record Wish(
        String id, String spec, Instant at, @Nullable Nag nag) {
    /** The id for the moment from which an open task is overdue; no specification has this id. */
    static final String OVERDUE = "overdue";

    private static final int ID_LENGTH = 10;

    /** The wishes of a task as long as it is open, by id, in its order. */
    public static Map<String, Wish> of(Task task) {
        Map<String, Wish> wishes = new LinkedHashMap<>();
        Set<Instant> times = new HashSet<>();
        // Two that ring at the same instant are one: PT0S and -PT0S.
        task.reminders()
                .forEach(spec ->
                        of(task, spec).filter(wish -> times.add(wish.at)).ifPresent(wish -> wishes.put(wish.id, wish)));
        // Only the last nags: with those before it, there is still time.
        wishes.values().stream()
                .max(Comparator.comparing(Wish::at).thenComparing(Wish::id))
                .ifPresent(last -> wishes.put(last.id, new Wish(last.id, last.spec, last.at, task.nag())));
        Due due = task.due();
        if (due != null) {
            // By the present rules of the zone; dueAt is by the rules at the time it was written.
            wishes.put(OVERDUE, new Wish(OVERDUE, OVERDUE, due.at(task.timeZone()), null));
        }
        return wishes;
    }

    private static Optional<Wish> of(Task task, String spec) {
        ReminderSpec read;
        try {
            read = ReminderSpec.parse(spec);
        } catch (IllegalArgumentException e) {
            // task has judged it. Should it take more than we can read, that must not hold up the rest of the list.
            return Optional.empty();
        }
        Due due = task.due();
        if (read instanceof ReminderSpec.Absolute absolute) {
            return Optional.of(new Wish(id(spec), spec, absolute.instant(), null));
        }
        return due == null
                ? Optional.empty()
                : Optional.of(new Wish(id(spec), spec, read.at(due, task.timeZone()), null));
    }

    private static String id(String spec) {
        return Chain.sha256(spec).substring(0, ID_LENGTH);
    }
}
