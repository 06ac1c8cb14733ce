package dev.sandglass.reminder.domain;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;

import dev.sandglass.reminder.domain.Plans.Read;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.Documents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Claims due reminders: scheduled becomes firing. The ETag lets only one replica claim. A claim with this replica's name is its own:
 * from a try whose answer was lost, or from a predecessor that died.
 */
public final class ClaimDue implements Decision<Read<ClaimDue.Claimed>> {
    /** Characters that are claimed together, a task's for each of its reminders: each is told in an event of its own. */
    private static final int LARGEST = 500_000;

    private final List<Alarm> rung;
    /** The same by the key of the plan. */
    private final SortedMap<String, List<Alarm>> byTask;

    private final String replica;
    private final Instant now;

    /**
     * The alarms that rang, claimed.
     *
     * @param ours the firings of this replica
     * @param withOthers alarms that other replicas claimed, which may die
     * @param left the last of the alarms, which were too large to go with the others; all other alarms are over
     */
    public record Claimed(List<Firing> ours, Set<Alarm> withOthers, List<Alarm> left) {}

    public ClaimDue(List<Alarm> rung, String replica, Instant now) {
        this.rung = List.copyOf(rung);
        byTask = rung.stream()
                .collect(groupingBy(alarm -> ReminderKeys.reminders(alarm.task()), TreeMap::new, toList()));
        this.replica = replica;
        this.now = now;
    }

    @Override
    public Set<String> keys() {
        return byTask.keySet();
    }

    @Override
    public Accepted<Read<Claimed>> on(Documents documents) {
        Plans plans = new Plans();
        Transaction claims = new Transaction();
        List<Firing> ours = new ArrayList<>();
        Set<Alarm> withOthers = new HashSet<>();
        List<Alarm> left = left(documents);
        byTask.forEach((key, alarms) -> {
            Stored stored = documents.get(key);
            List<Alarm> taken = new ArrayList<>(alarms);
            taken.removeAll(left);
            plans.of(stored).ifPresent(before -> {
                TaskReminders after = before;
                for (Alarm due : taken) {
                    Reminder reminder =
                            before.find(due.reminder(), due.version()).orElse(null);
                    if (reminder != null && (reminder.claimedBy(replica) || reminder.claimable(now))) {
                        Reminder claimed = reminder.claimed(replica, now);
                        after = after.with(claimed);
                        ours.add(Firing.claimed(before.task(), claimed, replica, before.isLast(reminder)));
                    } else if (reminder != null && reminder.pending()) {
                        withOthers.add(due);
                    }
                }
                if (!after.equals(before)) {
                    claims.replace(stored, after);
                }
            });
        });
        Claimed claimed = new Claimed(ours, withOthers, left);
        return claims.isEmpty()
                ? plans.accepted(claims, claimed)
                : plans.accepted(days(documents, ours).addAll(claims), claimed);
    }

    /** The alarms that are left when those before them have all the characters there are. */
    private List<Alarm> left(Documents documents) {
        int size = 0;
        for (int i = 0; i < rung.size(); i++) {
            if (size > LARGEST) {
                return rung.subList(i, rung.size());
            }
            String plan =
                    documents.get(ReminderKeys.reminders(rung.get(i).task())).json();
            size += plan == null ? 0 : plan.length();
        }
        return List.of();
    }

    /** Notes the tasks with a fired reminder, per list and day. These come first, since claims of the same list conflict here. */
    private Transaction days(Documents documents, List<Firing> ours) {
        long day = ReminderKeys.day(now);
        SortedMap<String, Set<String>> fired = ours.stream()
                .filter(firing -> !firing.isOverdue())
                .collect(groupingBy(
                        firing -> firing.task().list(),
                        TreeMap::new,
                        mapping(firing -> firing.task().id(), toSet())));
        documents.all(fired.keySet().stream()
                .map(list -> ReminderKeys.fired(list, day))
                .toList());
        Transaction transaction = new Transaction();
        fired.forEach((list, tasks) -> {
            Stored stored = documents.get(ReminderKeys.fired(list, day));
            SortedSet<String> all = FiredDay.tasks(stored);
            if (all.addAll(tasks)) {
                transaction.replace(stored, new FiredDay(1, all));
            }
            if (stored.absent()) {
                transaction.delete(ReminderKeys.fired(list, day - FiredDay.DAYS_KEPT - 1));
            }
        });
        return transaction;
    }
}
