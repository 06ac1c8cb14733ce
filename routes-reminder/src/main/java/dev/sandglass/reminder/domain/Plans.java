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

/** Reads many documents {@code reminder/<task>}, and mailboxes, at once: it reports one that cannot be read, which does not hold up the others. */
public final class Plans {
    /** How many are read at once, of many: a plan has its task in it, which can be 96 kB. */
    static final int AT_ONCE = 32;

    private final SortedMap<String, String> unreadable = new TreeMap<>();

    /**
     * An answer that leaves out documents that cannot be read.
     *
     * @param unreadable their keys, each with the reason
     */
    public record Read<R>(R answer, SortedMap<String, String> unreadable) {}

    /** @return empty where there is no document, no plan in it, or a plan of a newer program */
    Optional<TaskReminders> of(Stored stored) {
        return of(stored, TaskReminders.class);
    }

    /** @return empty where there is no document, nothing of the kind in it, or one of a newer program */
    <T> Optional<T> of(Stored stored, Class<T> type) {
        return stored.absent() ? Optional.empty() : stored.as(type, unreadable);
    }

    /** The plans of the tasks that have one, by task. */
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
