package dev.sandglass.reminder.ledger;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.reminder.domain.Alarm;
import dev.sandglass.reminder.domain.Slot;
import dev.sandglass.reminder.domain.TaskReminders;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.Follower;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.zone.ZoneRulesProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.camel.Body;

/** Follows the lists and keeps for each task the reminders it asks for: noted in the calendar first, then written down, then armed. */
@Singleton
@Named("planner")
public class Planner {
    /** The scheduler reads years of four digits. */
    private static final Instant LAST_JOB = Instant.parse("9999-12-31T23:59:59Z");

    private final Dapr dapr;
    private final Calendar calendar;
    private final Alarms alarms;
    private final Plans plans;
    private final Follower follower;
    private final Clock clock;
    /** Of this thread's change, until it is written. */
    private final ThreadLocal<List<Alarm>> planned = ThreadLocal.withInitial(ArrayList::new);

    Planner(Dapr dapr, Calendar calendar, Alarms alarms, Plans plans, Clock clock) {
        this.clock = clock;
        this.dapr = dapr;
        this.calendar = calendar;
        this.alarms = alarms;
        this.plans = plans;
        this.follower = new Follower(dapr, this::plan);
    }

    /**
     * Plans what a change asks for.
     *
     * @param change its JSON text, as on {@code task-events}
     * @return the seconds in which something newly planned is due, each an epoch second
     * @throws dev.sandglass.support.Unavailable while the state store, or <em>task</em> when it is needed, is away
     */
    public Set<Long> take(String change) {
        try {
            follower.take(Json.read(change, Change.class));
            return armed();
        } finally {
            planned.remove();
        }
    }

    /** Plans what was missed, of all lists; otherwise as {@link #take}. */
    public Set<Long> catchUp() {
        try {
            follower.catchUp();
            return armed();
        } finally {
            planned.remove();
        }
    }

    /** By which rules of time zones what is to come is planned: a version of the IANA data, as {@code 2026a}. */
    record Rules(int v, String version) {}

    /**
     * Where the time zones' rules are newer than those planned by, has every reminder to come keep its local time; otherwise as
     * {@link #take}.
     */
    public Set<Long> followRules() {
        String version = ZoneRulesProvider.getVersions("UTC").lastKey();
        Stored stored = dapr.read(Keys.RULES);
        if (!stored.absent() && stored.as(Rules.class).version.compareTo(version) >= 0) {
            return Set.of();
        }
        try {
            JsonNode heads = dapr.invoke("task", "GET", "internal/heads", null).path("heads");
            for (Map.Entry<String, JsonNode> list : heads.properties()) {
                Set<String> tasks = ListIndex.tasks(dapr, List.of(list.getKey()));
                dapr.read(tasks.stream().map(Keys::reminders).toList()).values().forEach(this::planByRulesOfNow);
            }
            dapr.commit(new Transaction().replace(stored, new Rules(1, version)));
            return armed();
        } finally {
            planned.remove();
        }
    }

    private void planByRulesOfNow(Stored stored) {
        plans.read(stored).ifPresent(before -> {
            TaskReminders after = before.byRulesOfNow();
            if (!after.equals(before)) {
                note(after, newly(stored, after));
                dapr.commit(new Transaction().replace(stored, after));
            }
        });
    }

    /**
     * How far lists are planned.
     *
     * @param request {@code {"lists":[…]}}
     * @return {@code {"<list>":seq}}
     */
    public String followed(@Body String request) {
        List<String> lists = new ArrayList<>();
        Json.read(request, JsonNode.class).path("lists").forEach(list -> lists.add(list.asText()));
        return Json.text(follower.followed(lists));
    }

    private Set<Long> armed() {
        alarms.arm(planned.get());
        Instant now = clock.instant();
        return planned.get().stream()
                .map(Alarm::at)
                .filter(at -> now.isBefore(at) && at.isBefore(LAST_JOB))
                .map(Instant::getEpochSecond)
                .collect(toSet());
    }

    private Transaction plan(String list, List<Change> changes) {
        SortedMap<String, Stored> stored = new TreeMap<>(dapr.read(changes.stream()
                .map(Change::task)
                .filter(Objects::nonNull)
                .map(task -> Keys.reminders(task.id()))
                .collect(toSet())));
        SortedMap<String, TaskReminders> kept = new TreeMap<>();
        stored.forEach((key, value) -> {
            if (!value.absent()) {
                kept.put(key, value.as(TaskReminders.class));
            }
        });
        Set<String> arrived = new LinkedHashSet<>();
        SortedMap<String, TaskReminders> plans = new TreeMap<>();
        for (Change change : changes) {
            Task task = change.task();
            if (task == null || movedAway(change)) {
                continue;
            }
            String key = Keys.reminders(task.id());
            TaskReminders before = kept.get(key);
            Instant setAt = before == null && moved(change) ? task.createdAt() : change.at();
            TaskReminders after = TaskReminders.after(before, task, change.event() == ChangeType.TASK_DELETED, setAt);
            if (after != null && !after.equals(before)) {
                kept.put(key, after);
                plans.put(key, after);
                boolean listed = before != null
                        && before.hasReminders()
                        && before.task().list().equals(task.list());
                if (after.hasReminders() && !listed) {
                    arrived.add(task.id());
                }
            }
        }

        Transaction transaction = new Transaction();
        plans.forEach((key, plan) -> {
            Stored before = stored.getOrDefault(key, new Stored(key, null, null));
            note(plan, newly(before, plan));
            transaction.replace(before, plan);
        });
        boolean gone = changes.stream().anyMatch(change -> change.event() == ChangeType.LIST_DELETED);
        return arrived.isEmpty() && !gone ? transaction : transaction.addAll(index(list, arrived, gone));
    }

    /** What becomes of its reminders is said where it went: what is due by then is still to come. */
    private static boolean movedAway(Change change) {
        return change.event() == ChangeType.TASK_DELETED && moved(change);
    }

    /** Whether it is about a task that went from one list to another. */
    private static boolean moved(Change change) {
        List<JsonNode> lists = change.changed().get("list");
        return lists != null && !lists.get(0).isNull();
    }

    private static List<Alarm> newly(Stored before, TaskReminders plan) {
        List<Alarm> alarms = new ArrayList<>(plan.alarms());
        if (!before.absent()) {
            alarms.removeAll(before.as(TaskReminders.class).alarms());
        }
        return alarms;
    }

    private void note(TaskReminders plan, List<Alarm> fresh) {
        if (!fresh.isEmpty()) {
            Instant now = clock.instant();
            Set<Slot> slots = fresh.stream()
                    .map(alarm -> Slot.of(alarm.task(), alarm.at(), now))
                    .collect(toSet());
            calendar.note(plan.task().id(), slots);
            planned.get().addAll(fresh);
        }
    }

    private Transaction index(String list, Collection<String> arrived, boolean gone) {
        Transaction transaction = new Transaction();
        Stored stored = dapr.read(Keys.list(list));
        ListIndex index = stored.absent() ? ListIndex.EMPTY : stored.as(ListIndex.class);
        for (String task : arrived) {
            if (index.full()) {
                transaction.put(Keys.page(list, index.pages()), index);
                index = index.nextPage();
            }
            index = index.with(task);
        }
        return transaction.replace(stored, gone ? index.deleted() : index);
    }
}
