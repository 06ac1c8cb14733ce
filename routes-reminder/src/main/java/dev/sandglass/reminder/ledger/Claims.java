package dev.sandglass.reminder.ledger;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.partitioningBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.reminder.domain.Alarm;
import dev.sandglass.reminder.domain.Firing;
import dev.sandglass.reminder.domain.Reminder;
import dev.sandglass.reminder.domain.Slot;
import dev.sandglass.reminder.domain.TaskReminders;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.Unavailable;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Takes due reminders for firing, and writes down what became of them. Of several replicas the ETag lets one. What bears this
 * replica's name is its own: of a try whose answer was lost, or of a predecessor that died.
 */
@Singleton
@Named("claims")
public class Claims {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    private static final int TRIES = 5;
    private static final int MILLIS_BETWEEN = 100;
    /** As long as a socket may have been away and still be told. */
    private static final int DAYS_KEPT = 7;

    private final Dapr dapr;
    private final Calendar calendar;
    private final Alarms alarms;
    private final Plans plans;
    private final String replica;
    private final Clock clock;

    Claims(
            Dapr dapr,
            Calendar calendar,
            Alarms alarms,
            Plans plans,
            Clock clock,
            @ConfigProperty(name = "sandglass.reminder.replica") String replica) {
        this.dapr = dapr;
        this.calendar = calendar;
        this.alarms = alarms;
        this.plans = plans;
        this.clock = clock;
        this.replica = replica;
    }

    /**
     * Claims what rang: scheduled becomes firing. One batch after the other: two of the same list would be in conflict over its day.
     *
     * @return those that are ours to fire; the others are with somebody else, or over
     * @throws Unavailable when the state store does not take it; nothing may be fired then
     */
    public synchronized List<Firing> claim(List<Alarm> rung) {
        SortedMap<String, List<Alarm>> byTask =
                rung.stream().collect(groupingBy(alarm -> Keys.reminders(alarm.task()), TreeMap::new, toList()));
        for (int tries = 1; ; tries++) {
            Map<String, Stored> documents = dapr.read(byTask.keySet());
            Instant now = clock.instant();
            Transaction transaction = new Transaction();
            List<Firing> ours = new ArrayList<>();
            Set<Alarm> withOthers = new HashSet<>();
            byTask.forEach((key, dues) -> {
                Stored stored = documents.getOrDefault(key, new Stored(key, null, null));
                TaskReminders before = plans.read(stored).orElse(null);
                if (before != null) {
                    TaskReminders after = before;
                    for (Alarm due : dues) {
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
                        transaction.replace(stored, after);
                    }
                }
            });
            try {
                if (!transaction.isEmpty()) {
                    dapr.commit(transaction.addAll(fired(ours, now)));
                }
                letGo(rung, ours, withOthers);
                return ours;
            } catch (Unavailable e) {
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** Those that are with somebody else ring again until they are over: he may die. */
    private void letGo(List<Alarm> rung, List<Firing> ours, Set<Alarm> withOthers) {
        Set<Alarm> over = new HashSet<>(rung);
        ours.forEach(firing -> over.remove(firing.alarm()));
        over.removeAll(withOthers);
        alarms.release(over);
        alarms.putBack(withOthers);
    }

    /** Notes per list and day which tasks had a reminder fired. */
    private Transaction fired(List<Firing> ours, Instant now) {
        long day = Keys.day(now);
        SortedMap<String, Set<String>> tasks = ours.stream()
                .filter(firing -> !firing.isOverdue())
                .collect(groupingBy(
                        firing -> firing.task().list(),
                        TreeMap::new,
                        mapping(firing -> firing.task().id(), toSet())));
        Map<String, Stored> days = dapr.read(
                tasks.keySet().stream().map(list -> Keys.fired(list, day)).toList());
        Transaction transaction = new Transaction();
        tasks.forEach((list, fired) -> {
            String key = Keys.fired(list, day);
            Stored stored = days.getOrDefault(key, new Stored(key, null, null));
            SortedSet<String> all = stored.absent() ? new TreeSet<>() : new TreeSet<>(stored.as(Fired.class).tasks);
            if (all.addAll(fired)) {
                transaction.replace(stored, new Fired(1, all));
            }
            if (stored.absent()) {
                transaction.delete(Keys.fired(list, day - DAYS_KEPT - 1));
            }
        });
        return transaction;
    }

    /** {@code fired/<list>/<day>}. */
    record Fired(int v, SortedSet<String> tasks) {}

    /** What <em>task</em> is asked: which of these tasks there are now. */
    public String question(List<Firing> firings) {
        Set<String> ids = firings.stream().map(firing -> firing.task().id()).collect(toSet());
        return Json.object().set("ids", Json.tree(ids)).toString();
    }

    /**
     * Those that are no longer wanted are cancelled, those of another instant wait for it, the others get the task as it is now. A
     * task that cannot be read leaves its own to what is known here.
     */
    public List<Firing> confirm(@ExchangeProperty("firings") List<Firing> firings, @Body String answer) {
        Map<String, Task> now = new HashMap<>();
        Set<String> unreadable = new HashSet<>();
        for (JsonNode task : Json.read(answer, JsonNode.class).path("tasks")) {
            String id = task.path("id").asText();
            try {
                now.put(id, Json.read(task, Task.class));
            } catch (IllegalArgumentException e) {
                LOG.errorf("%s is fired by own knowledge, task says what cannot be read: %s", id, e.getMessage());
                unreadable.add(id);
            }
        }
        List<Firing> asked = firings.stream()
                .map(firing -> unreadable.contains(firing.task().id())
                        ? firing.byOwnKnowledge(false)
                        : firing.asWantedBy(now.get(firing.task().id())))
                .toList();
        Set<Alarm> moved = firings.stream().map(Firing::alarm).collect(toSet());
        asked.forEach(firing -> moved.remove(firing.alarm()));
        alarms.release(moved);
        return asked;
    }

    /** By what is known here, where <em>task</em> did not answer in time. */
    public List<Firing> byOwnKnowledge(@ExchangeProperty("firings") List<Firing> firings) {
        Set<String> gone =
                goneLists(firings.stream().map(firing -> firing.task().list()).collect(toSet()));
        return firings.stream()
                .map(firing -> firing.byOwnKnowledge(gone.contains(firing.task().list())))
                .toList();
    }

    private Set<String> goneLists(Collection<String> lists) {
        Map<String, String> keys = lists.stream().collect(toMap(Keys::list, list -> list));
        return dapr.read(keys.keySet()).values().stream()
                .filter(stored -> !stored.absent() && stored.as(ListIndex.class).gone())
                .map(stored -> Objects.requireNonNull(keys.get(stored.key())))
                .collect(toSet());
    }

    /**
     * Writes down how firings ended, of those that are still ours; what is to be tried again rings in a moment. Tries until the state
     * store takes it: what is done and not written down would be done again.
     */
    public void record(List<Firing> ended) {
        write(ended);
        Map<Boolean, Set<Alarm>> again =
                ended.stream().collect(partitioningBy(Firing::isUnfinished, mapping(Firing::alarm, toSet())));
        alarms.release(again.getOrDefault(false, Set.of()));
        alarms.putBack(again.getOrDefault(true, Set.of()));
    }

    private void write(List<Firing> ended) {
        SortedMap<String, List<Firing>> byTask = ended.stream()
                .collect(groupingBy(firing -> Keys.reminders(firing.task().id()), TreeMap::new, toList()));
        for (int tries = 1; !Thread.currentThread().isInterrupted(); tries++) {
            try {
                noteMoved(ended);
                Map<String, Stored> documents = dapr.read(byTask.keySet());
                Transaction transaction = new Transaction();
                byTask.forEach((key, firings) -> {
                    Stored stored = documents.getOrDefault(key, new Stored(key, null, null));
                    plans.read(stored).ifPresent(before -> {
                        TaskReminders after = recorded(before, firings);
                        if (!after.equals(before)) {
                            transaction.replace(stored, after);
                        }
                    });
                });
                if (!transaction.isEmpty()) {
                    dapr.commit(transaction);
                }
                return;
            } catch (Unavailable e) {
                if (tries == TRIES) {
                    LOG.warnf("How %d reminders ended is still to be written down: %s", ended.size(), e.getMessage());
                }
                pause();
            }
        }
    }

    /** Those that are to ring later, where nobody would look for them. */
    private void noteMoved(List<Firing> ended) {
        Instant now = clock.instant();
        ended.stream()
                .filter(Firing::isUnfinished)
                .map(Firing::alarm)
                .filter(alarm -> alarm.at().isAfter(now))
                .forEach(alarm -> calendar.note(alarm.task(), Set.of(Slot.of(alarm.task(), alarm.at(), now))));
    }

    private static TaskReminders recorded(TaskReminders before, List<Firing> firings) {
        TaskReminders after = before;
        for (Firing firing : firings) {
            Reminder ended = firing.reminder();
            boolean ours = before.find(ended.id(), ended.version())
                    .filter(reminder -> reminder.claimedBy(firing.claim()))
                    .isPresent();
            after = ours ? after.with(ended) : after;
        }
        return after;
    }

    private static void pause() {
        try {
            Thread.sleep(MILLIS_BETWEEN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
