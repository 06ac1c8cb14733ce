package dev.sandglass.reminder.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Documents;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The documents {@code reminder/<task>} where many are read at once: one that cannot be read is told of, and holds up no other. */
public final class Plans {
    private final SortedMap<String, String> unreadable = new TreeMap<>();

    /**
     * An answer that passes over documents that cannot be read.
     *
     * @param unreadable their keys, each with the reason
     */
    public record Read<R>(R answer, SortedMap<String, String> unreadable) {}

    /** @return empty where there is none, where it is no plan, or one of a newer program */
    Optional<TaskReminders> of(Stored stored) {
        if (stored.absent()) {
            return Optional.empty();
        }
        try {
            return Optional.of(stored.as(TaskReminders.class));
        } catch (IllegalArgumentException | IllegalStateException e) {
            unreadable.put(stored.key(), String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** The plans of tasks, by task, of those that have one. */
    Map<String, TaskReminders> of(Documents documents, Collection<String> tasks) {
        Map<String, TaskReminders> plans = new HashMap<>();
        documents
                .all(tasks.stream().map(ReminderKeys::reminders).toList())
                .values()
                .forEach(stored ->
                        of(stored).ifPresent(plan -> plans.put(plan.task().id(), plan)));
        return plans;
    }

    <R> Accepted<Read<R>> accepted(Transaction transaction, R answer) {
        return new Accepted<>(transaction, new Read<>(answer, unreadable));
    }
}
