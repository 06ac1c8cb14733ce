package dev.sandglass.reminder.domain;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.sandglass.reminder.domain.Plans.Read;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Writes down the ends of firings that are still ours. It notes those that ring later in the calendar. */
public final class RecordOutcomes implements Decision<Read<List<Firing>>> {
    private final List<Firing> ended;
    private final SortedMap<String, List<Firing>> byTask;
    private final SortedMap<String, SortedSet<String>> notes;

    public RecordOutcomes(List<Firing> ended, Instant now) {
        this.ended = ended;
        byTask = ended.stream()
                .collect(groupingBy(
                        firing -> ReminderKeys.reminders(firing.task().id()), TreeMap::new, toList()));
        notes = CalendarPage.of(
                ended.stream()
                        .filter(Firing::isUnfinished)
                        .map(Firing::alarm)
                        .filter(alarm -> alarm.at().isAfter(now))
                        .toList(),
                now);
    }

    @Override
    public Set<String> keys() {
        Set<String> keys = new TreeSet<>(byTask.keySet());
        keys.addAll(notes.keySet());
        return keys;
    }

    @Override
    public Accepted<Read<List<Firing>>> on(Documents documents) {
        Plans plans = new Plans();
        Transaction transaction = new Transaction();
        CalendarPage.note(transaction, documents, notes);
        byTask.forEach((key, firings) -> plans.of(documents.get(key)).ifPresent(before -> {
            TaskReminders after = recorded(before, firings);
            if (!after.equals(before)) {
                transaction.replace(documents.get(key), after);
            }
        }));
        return plans.accepted(transaction, ended);
    }

    private static TaskReminders recorded(TaskReminders before, List<Firing> firings) {
        TaskReminders after = before;
        for (Firing firing : firings) {
            Reminder reminder = firing.reminder();
            boolean ours = before.find(reminder.id(), reminder.version())
                    .filter(claimed -> claimed.claimedBy(firing.claim()))
                    .isPresent();
            after = ours ? after.with(reminder) : after;
        }
        return after;
    }
}
