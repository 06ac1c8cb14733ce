package dev.sandglass.reminder.domain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/** Puts a reminder off: one that was fired comes once more, another comes then and not before. {@code direct:state.decide} writes it. */
public final class PlanSnooze {
    private PlanSnooze() {}

    /**
     * An order of <em>task</em>, which has looked who may give it.
     *
     * @param task as the ledger has it: events may tell of it later
     * @param version of the firing that was put off; a later one of the same reminder is meant as well
     * @param key names the order; a repeat has the same
     */
    private record Order(Task task, String reminder, int version, Instant until, String key) {}

    /** @param alarms those to be armed, as {@code direct:job.queue} takes them */
    public record Snoozed(JsonNode reminder, List<List<Alarm>> alarms) {}

    /** @return a decision that refuses with NOT_FOUND where there is no such reminder, CONFLICT where its task does not ask for it any more */
    public static Decision<Snoozed> of(String json, Instant now) {
        Order order = read(json);
        return documents -> {
            Stored stored = documents.get(ReminderKeys.reminders(order.task.id()));
            TaskReminders before = stored.absent() ? null : stored.as(TaskReminders.class);
            Reminder last = before == null
                    ? null
                    : before.last(order.reminder)
                            .filter(planned -> order.version <= planned.version())
                            .orElse(null);
            if (before == null || last == null || before.deleted()) {
                throw new Rejection(Reason.NOT_FOUND, "There is no such reminder");
            }
            Optional<Reminder> done = before.reminders().stream()
                    .filter(planned -> planned.snoozedBy(order.key))
                    .findFirst();
            Reminder snoozed = done.orElseGet(() -> last.snoozed(order.until, wish(before, order), order.key));
            TaskReminders after = done.isPresent() || snoozed.equals(last) ? before : before.followed(last, snoozed);
            List<Alarm> alarms = after.alarms().stream()
                    .filter(alarm -> alarm.reminder().equals(snoozed.id()) && alarm.version() == snoozed.version())
                    .toList();
            Transaction transaction = new Transaction();
            if (!after.equals(before)) {
                SortedMap<String, SortedSet<String>> notes = CalendarPage.of(alarms, now);
                documents.all(notes.keySet());
                CalendarPage.note(transaction, documents, notes);
                transaction.replace(stored, after);
            }
            return new Accepted<>(transaction, new Snoozed(Shown.entry(after, snoozed), List.of(alarms)));
        };
    }

    /** The task's wish as it is now: this service's knowledge or the ledger's, whichever is the later. */
    private static Wish wish(TaskReminders known, Order order) {
        Task task = known.task().version() > order.task.version() ? known.task() : order.task;
        Wish wish = Wish.of(task).get(order.reminder);
        if (!task.open() || wish == null) {
            throw new Rejection(
                    Reason.CONFLICT,
                    task.open() ? "The task does not ask for this reminder any more" : "The task is completed");
        }
        return wish;
    }

    private static Order read(String json) {
        try {
            return Json.read(json, Order.class);
        } catch (IllegalArgumentException e) {
            throw new Rejection(Reason.UNREADABLE, String.valueOf(e.getMessage()));
        }
    }
}
