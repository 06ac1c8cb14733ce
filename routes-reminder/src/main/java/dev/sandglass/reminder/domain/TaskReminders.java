package dev.sandglass.reminder.domain;

import dev.sandglass.events.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All reminders of a task, past and future, and the moment it becomes overdue: {@code reminder/<task>}, the document that decides.
 *
 * @param v version of this schema
 * @param task as last seen
 * @param deleted true if it was deleted then, in the list it was last seen in
 * @param reminders for each id, the planned firing with the highest version is the current one, the others are history
 */
public record TaskReminders(int v, Task task, boolean deleted, List<Reminder> reminders) {
    static final int VERSION = 1;
    /** The most reminders kept, without older ones: the document is read and written whole. */
    static final int MOST_KEPT = 100;
    /** The most of them that are one reminder which comes again: others are to be remembered too. */
    private static final int MOST_NAGS = 10;

    public TaskReminders {
        reminders = List.copyOf(reminders);
    }

    /**
     * The document to keep after a change of a task.
     *
     * @param kept the document until now; null where the task never had reminders or a due date
     * @param task as it is after the change (deleted: as it last was)
     * @param setAt the time of the change: a reminder in the future at that time is fired, even if we get the change late
     * @return null where there is nothing to keep; {@code kept} itself where the change brings nothing new
     */
    public static @Nullable TaskReminders after(
            @Nullable TaskReminders kept, Task task, boolean deleted, Instant setAt) {
        if (kept == null) {
            return deleted || (task.reminders().isEmpty() && task.dueAt() == null)
                    ? null
                    : planned(List.of(), task, false, setAt);
        }
        return kept.precedes(task, deleted) ? planned(kept.reminders, task, deleted, setAt) : kept;
    }

    /**
     * True for a change that is newer than this document. Within a list changes come in order. Between the two lists of a move they come
     * in any order: then the higher version of the task decides, and at the same version the list to which it moved.
     */
    private boolean precedes(Task changed, boolean gone) {
        if (changed.version() != task.version()) {
            return changed.version() > task.version();
        }
        boolean sameList = changed.list().equals(task.list());
        return gone ? sameList : deleted && !sameList;
    }

    private static TaskReminders planned(List<Reminder> kept, Task task, boolean deleted, Instant setAt) {
        boolean wanted = task.open() && !deleted;
        Map<String, Wish> wishes = Wish.of(task);
        Map<String, Reminder> current = new HashMap<>();
        kept.forEach(reminder -> current.merge(reminder.id(), reminder, TaskReminders::newer));

        List<Reminder> planned = new ArrayList<>();
        for (Reminder reminder : kept) {
            boolean open = reminder.replaceable() && reminder.equals(current.get(reminder.id()));
            Wish wish = wishes.get(reminder.id());
            if (!open) {
                planned.add(reminder);
            } else if (wish == null || !wanted || !reminder.isAskedBy(wish)) {
                planned.add(reminder.status() == Stage.SCHEDULED ? reminder.cancelled() : reminder);
            } else {
                planned.add(reminder.plannedAgain(wish, setAt));
            }
        }
        for (Wish wish : wishes.values()) {
            Reminder last = current.get(wish.id());
            if (last == null) {
                // A reminder whose time was past before its change came was cancelled, and is shown all the same.
                Reminder first = Reminder.planned(wish, setAt, 1);
                planned.add(wanted ? first : first.cancelled());
            } else if (wanted && !last.replaceable() && !last.asked().equals(wish.at())) {
                planned.add(last.plannedAgain(wish, setAt));
            }
        }
        return new TaskReminders(VERSION, task, deleted, forgotten(planned));
    }

    /** The same by the present time zone rules: future reminders keep their local time. */
    public TaskReminders byRulesOfNow() {
        Map<String, Wish> wishes = Wish.of(task);
        List<Reminder> moved = new ArrayList<>();
        for (Reminder reminder : reminders) {
            Wish wish = wishes.get(reminder.id());
            boolean toCome = reminder.status() == Stage.SCHEDULED && isLast(reminder);
            moved.add(wish != null && toCome ? reminder.by(wish) : reminder);
        }
        return new TaskReminders(v, task, deleted, moved);
    }

    /**
     * The same with a planned firing after the last one of its reminder. What was never on its way it replaces.
     */
    TaskReminders followed(Reminder last, Reminder next) {
        List<Reminder> all = new ArrayList<>(reminders);
        all.removeIf(it -> it.equals(last) && it.replaceable());
        all.add(next);
        return new TaskReminders(v, task, deleted, forgotten(all));
    }

    /**
     * The same once a channel has a reminder: where its task nags, it comes again.
     *
     * @param seen the task as <em>task</em> had it just now: events may tell of it later
     */
    TaskReminders nagging(Reminder told, Task seen, Instant now) {
        Task newest = task.version() > seen.version() ? task : seen;
        if (deleted || !newest.open() || newest.nag() == null || !isLast(told)) {
            return this;
        }
        Wish wish = Wish.of(newest).get(told.id());
        Reminder next = wish == null ? null : told.nagging(wish, now);
        if (next == null) {
            return this;
        }
        List<Reminder> nags = reminders.stream()
                .filter(it -> it.id().equals(told.id()) && it.nags())
                .toList();
        List<Reminder> rest = new ArrayList<>(reminders);
        rest.removeAll(nags.subList(0, Math.max(0, nags.size() - MOST_NAGS)));
        return new TaskReminders(v, task, deleted, rest).followed(told, next);
    }

    /** True where it came again since: who was away is told of the last. */
    boolean nagsLater(Reminder one) {
        return one.nags()
                && reminders.stream()
                        .anyMatch(other ->
                                other.id().equals(one.id()) && other.version() > one.version() && other.handedOver());
    }

    /** The last planning of a reminder. */
    Optional<Reminder> last(String id) {
        return reminders.stream().filter(it -> it.id().equals(id)).reduce(TaskReminders::newer);
    }

    /** True while no later planning replaced this one. */
    public boolean isLast(Reminder one) {
        return reminders.stream().noneMatch(other -> other.id().equals(one.id()) && other.version() > one.version());
    }

    private static Reminder newer(Reminder a, Reminder b) {
        return a.version() > b.version() ? a : b;
    }

    private static List<Reminder> forgotten(List<Reminder> all) {
        List<Reminder> kept = new ArrayList<>(all);
        for (int i = 0; i < kept.size() && kept.size() > MOST_KEPT; ) {
            if (kept.get(i).pending()) {
                i++;
            } else {
                kept.remove(i);
            }
        }
        return kept;
    }

    /** True where there are, or were, reminders to show; the moment it becomes overdue does not count. */
    public boolean hasReminders() {
        return !reminders.stream().allMatch(Reminder::overdue);
    }

    /** The same without the name of a person who made the task. */
    TaskReminders without(String person) {
        return new TaskReminders(v, task.without(person), deleted, reminders);
    }

    /** A planned firing of this task. */
    public Optional<Reminder> find(String id, int version) {
        return reminders.stream()
                .filter(reminder -> reminder.id().equals(id) && reminder.version() == version)
                .findFirst();
    }

    /** The same with a new state of one of its planned firings. */
    public TaskReminders with(Reminder changed) {
        List<Reminder> all = reminders.stream()
                .map(it -> it.id().equals(changed.id()) && it.version() == changed.version() ? changed : it)
                .toList();
        return new TaskReminders(v, task, deleted, all);
    }

    /** The planned firings of a reminder that are still to come. */
    List<Alarm> alarms(String reminder) {
        return alarms().stream()
                .filter(alarm -> alarm.reminder().equals(reminder))
                .toList();
    }

    /** The planned firings that are still to come. */
    public List<Alarm> alarms() {
        return reminders.stream()
                .filter(Reminder::pending)
                .map(reminder ->
                        new Alarm(task.createdBy(), task.id(), reminder.id(), reminder.version(), reminder.at()))
                .toList();
    }
}
