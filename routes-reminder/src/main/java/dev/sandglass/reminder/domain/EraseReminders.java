package dev.sandglass.reminder.domain;

import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Takes a person out of what is known of tasks, or, where the list was theirs, all of it away. What the calendar says of it may stay: it is
 * a hint. It may be asked for again.
 */
public final class EraseReminders {
    private EraseReminders() {}

    /**
     * @param list that the tasks are in; null: the person's posts go, and nothing else
     * @param tasks some of its tasks; none: what is known of the list itself goes, where it was theirs
     * @param all whether the list was theirs
     * @param at when it was asked for
     */
    private record Order(
            String user, @Nullable String list, @Nullable List<String> tasks, boolean all, Instant at) {}

    /** @return how many documents were written, or taken away */
    public static Decision<Map<String, Integer>> of(String request) {
        Order order = Json.read(request, Order.class);
        List<String> tasks = Objects.requireNonNullElse(order.tasks, List.of());
        if (order.list == null) {
            return documents -> written(delete(documents.all(List.of(ReminderKeys.postsOf(order.user)))));
        }
        return tasks.isEmpty() && order.all ? list(order.list, order.at) : tasks(order, tasks);
    }

    private static Decision<Map<String, Integer>> list(String list, Instant at) {
        return documents -> {
            ListIndex index = ListIndex.of(documents.get(ReminderKeys.list(list)));
            TreeSet<String> keys = new TreeSet<>(List.of(ReminderKeys.list(list), ReminderKeys.postsOfList(list)));
            for (int page = 0; page < index.pages(); page++) {
                keys.add(ReminderKeys.page(list, page));
            }
            for (int day = -1; day <= FiredDay.DAYS_KEPT; day++) {
                keys.add(ReminderKeys.fired(list, ReminderKeys.day(at) - day));
            }
            return written(delete(documents.all(keys)));
        };
    }

    /** A task that came to another list since is not this one's any more. */
    private static Decision<Map<String, Integer>> tasks(Order order, List<String> tasks) {
        List<String> keys =
                new TreeSet<>(tasks).stream().map(ReminderKeys::reminders).toList();
        return documents -> {
            Map<String, Stored> there = documents.all(keys);
            Transaction transaction = new Transaction();
            for (String key : keys) {
                Stored stored = Objects.requireNonNull(there.get(key));
                if (stored.absent()) {
                    continue;
                }
                TaskReminders plan = stored.as(TaskReminders.class);
                TaskReminders left = plan.without(order.user);
                if (order.all && plan.task().list().equals(order.list)) {
                    transaction.delete(stored);
                } else if (!left.equals(plan)) {
                    transaction.replace(stored, left);
                }
            }
            return written(transaction);
        };
    }

    private static Transaction delete(Map<String, Stored> documents) {
        Transaction transaction = new Transaction();
        new TreeMap<>(documents)
                .values().stream().filter(stored -> !stored.absent()).forEach(transaction::delete);
        return transaction;
    }

    private static Accepted<Map<String, Integer>> written(Transaction transaction) {
        return new Accepted<>(transaction, Map.of("erased", transaction.size()));
    }
}
