package dev.sandglass.reminder.domain;

import static dev.sandglass.reminder.domain.Tasks.DAY_BEFORE;
import static dev.sandglass.reminder.domain.Tasks.MORNING;
import static dev.sandglass.support.domain.Decisions.decide;
import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.reminder.domain.ClaimDue.Claimed;
import dev.sandglass.reminder.domain.Plans.Read;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.Unavailable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replicas fire the same reminders, while the store fails in every way it can and replicas die. */
@Tag("FR-003")
@Tag("SC-003")
class ClaimDueTest {
    private static final int MANY = 40;

    private final MemoryDapr dapr = new MemoryDapr(11);
    private final List<Alarm> rung = new ArrayList<>();
    /** The number of times that the channel was handed each task's reminder. */
    private final Map<String, Integer> channel = new ConcurrentHashMap<>();

    private Instant now = MORNING;

    @BeforeEach
    void plan() {
        for (int i = 0; i < MANY; i++) {
            Task task = Tasks.as(Tasks.open(1, "PT0S"), "l1." + i);
            TaskReminders plan = requireNonNull(TaskReminders.after(null, task, false, DAY_BEFORE));
            dapr.commit(new Transaction().create(ReminderKeys.reminders(task.id()), plan));
            plan.alarms().stream()
                    .filter(it -> !it.reminder().equals(Wish.OVERDUE))
                    .forEach(rung::add);
        }
    }

    private Claimed claim(String replica, List<Alarm> some) {
        return decide(dapr, new ClaimDue(some, replica, now)).answer();
    }

    private List<Firing> handOver(List<Firing> firings) {
        firings.stream()
                .filter(Firing::isDue)
                .forEach(firing -> channel.merge(firing.task().id(), 1, Integer::sum));
        return Deliver.delivered(firings, Set.of(), now);
    }

    private void record(List<Firing> ended) {
        while (true) {
            try {
                decide(dapr, new RecordOutcomes(ended, now));
                return;
            } catch (Unavailable e) {
                Thread.onSpinWait();
            }
        }
    }

    private boolean fire(String replica, List<Alarm> some) {
        try {
            record(handOver(claim(replica, some).ours()));
            return true;
        } catch (Unavailable e) {
            return false;
        }
    }

    private long delivered() {
        return rung.stream()
                .map(alarm -> dapr.read(ReminderKeys.reminders(alarm.task()))
                        .as(TaskReminders.class)
                        .find(alarm.reminder(), alarm.version())
                        .orElseThrow())
                .filter(reminder -> reminder.status() == Stage.DELIVERED)
                .count();
    }

    private void eachWasHandedOver(int times) {
        assertEquals(MANY, channel.size());
        channel.forEach((task, count) -> assertEquals(times, count, task));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 0.3})
    void howeverAnswersAreLostEachIsHandedOverOnceByOneOfThem(double failing) throws Exception {
        dapr.fail(failing);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        List<Callable<Void>> replicas = new ArrayList<>();
        for (String replica : List.of("one", "two")) {
            replicas.add(() -> {
                for (int from = 0; from < MANY; from += 8) {
                    List<Alarm> some = rung.subList(from, Math.min(MANY, from + 8));
                    while (!fire(replica, some)) {
                        Thread.onSpinWait();
                    }
                }
                return null;
            });
        }
        for (Future<Void> replica : threads.invokeAll(replicas)) {
            replica.get();
        }
        threads.shutdown();
        dapr.fail(0);
        eachWasHandedOver(1);
        assertEquals(MANY, delivered());
    }

    @Test
    void whatAReplicaClaimedBeforeItDiedItTakesUpAtOnceWhenItIsBack() {
        assertEquals(MANY, claim("one", rung).ours().size());
        Claimed second = claim("two", rung);
        assertEquals(List.of(), second.ours(), "it may be alive");
        assertEquals(Set.copyOf(rung), second.withOthers(), "it may die");
        assertTrue(fire("one", rung));
        eachWasHandedOver(1);
        assertEquals(MANY, delivered());
        assertEquals(new Claimed(List.of(), Set.of(), List.of()), claim("two", rung), "they are over");
    }

    @Test
    void anotherTakesItUpWhenItIsTakenForDeadAndWhatTheFirstSaysThenIsNotWrittenDown() {
        List<Firing> stuck = handOver(claim("one", rung).ours());
        now = now.plusSeconds(16);
        List<Firing> taken = claim("two", rung).ours();
        assertEquals(MANY, taken.size());
        assertTrue(taken.stream().allMatch(firing -> firing.reminder().late()));
        record(stuck);
        assertEquals(0, delivered());
        record(handOver(taken));
        // The one thing that sends an id twice: gone between the channel's answer and its record.
        eachWasHandedOver(2);
        assertEquals(MANY, delivered());
    }

    @Test
    void aBrokerThatGoesBetweenAReminderAndTheNewsOfItDoesNotHaveItHandedOverAgain() {
        List<Firing> ended = handOver(claim("one", rung).ours());
        record(Deliver.told(ended, IntStream.range(0, MANY).boxed().collect(Collectors.toSet())));
        assertEquals(0, delivered());

        List<Firing> again = handOver(claim("one", rung).ours());
        assertEquals(MANY, Deliver.outcomes(again).size());
        record(Deliver.told(again, Set.of()));
        eachWasHandedOver(1);
        assertEquals(MANY, delivered());
    }

    /** Planned for eight, by rules of the zone by which nine o'clock was then. By those of now it is an hour away. */
    @Test
    void whereTheRulesOfTheZoneHaveChangedItKeepsItsLocalTime() {
        Task moved = Tasks.as(Tasks.due(Tasks.open(1, "PT0S"), 1, "2027-01-31T10:00:00"), "l1.0");
        List<Alarm> first = List.of(rung.get(0));
        record(handOver(ConfirmWanted.confirm(claim("one", first).ours(), tasks(moved))));
        assertEquals(Map.of(), channel, "not yet");
        Alarm later = alarmOf("l1.0");
        assertEquals(MORNING.plusSeconds(3_600), later.at());

        // A replica that was asleep finds it where it is now.
        now = now.plusSeconds(3_600);
        long minute = Slot.minute(now);
        List<Alarm> found = decide(dapr, LookAtCalendar.of(minute - 60, minute, now, now))
                .answer()
                .alarms();
        assertTrue(found.contains(later), found::toString);
        record(handOver(ConfirmWanted.confirm(claim("one", List.of(later)).ours(), tasks(moved))));
        assertEquals(Map.of("l1.0", 1), channel);
    }

    @Test
    void aPlanThatCannotBeReadHoldsUpNoOther() {
        dapr.tamper(ReminderKeys.reminders("l1.3"), "{\"v\":1,\"task\":7}");
        dapr.tamper(ReminderKeys.reminders("l1.4"), "{\"v\":2,\"reminders\":\"as a newer program writes them\"}");
        Read<Claimed> claimed = decide(dapr, new ClaimDue(rung, "one", now));
        assertEquals(
                Set.of(ReminderKeys.reminders("l1.3"), ReminderKeys.reminders("l1.4")),
                claimed.unreadable().keySet());
        record(handOver(claimed.answer().ours()));
        assertEquals(MANY - 2, channel.size());
    }

    @Test
    void aTaskThatCannotBeReadIsFiredByOwnKnowledgeAndHoldsUpNoOther() {
        Task readable = Tasks.as(Tasks.open(1, "PT0S"), "l1.1");
        String answer = "{\"tasks\":[{\"id\":\"l1.0\",\"due\":7},%s]}".formatted(Json.text(readable));
        record(handOver(ConfirmWanted.confirm(claim("one", rung.subList(0, 3)).ours(), answer)));
        assertEquals(Map.of("l1.0", 1, "l1.1", 1), channel, "the third is no longer there");
        assertTrue(dapr.read(ReminderKeys.reminders("l1.0")).as(TaskReminders.class).reminders().stream()
                .anyMatch(Reminder::unconfirmed));
    }

    @Test
    void withoutTaskOnlyThoseOfADeletedListAreNotWanted() {
        List<Firing> claimed = claim("one", rung.subList(0, 2)).ours();
        assertTrue(decide(dapr, ConfirmWanted.byOwnKnowledge(claimed)).stream()
                .allMatch(firing -> firing.isDue() && firing.reminder().unconfirmed()));
        dapr.tamper(ReminderKeys.list("l1"), Json.text(new ListIndex(1, true, 0, List.of())));
        assertTrue(decide(dapr, ConfirmWanted.byOwnKnowledge(claimed)).stream().noneMatch(Firing::isDue));
    }

    /** The tasks of a hundred can be 10 MB. */
    @Test
    void ofLargeTasksSomeAreClaimedAtATime() {
        for (int i = 0; i < MANY; i++) {
            String key = ReminderKeys.reminders("l1." + i);
            ObjectNode plan = dapr.read(key).as(ObjectNode.class);
            ((ObjectNode) plan.path("task")).put("description", "x".repeat(60_000));
            dapr.tamper(key, plan.toString());
        }
        List<Alarm> due = rung;
        int times = 0;
        while (!due.isEmpty()) {
            Claimed claimed = claim("one", due);
            assertTrue(claimed.ours().size() <= 9, () -> claimed.ours().size() + " are claimed");
            record(handOver(claimed.ours()));
            due = claimed.left();
            times++;
        }
        assertEquals(5, times);
        eachWasHandedOver(1);
        assertEquals(MANY, delivered());
    }

    /** Each is told in an event with the whole task in it. */
    @Test
    void ofALargeTaskSomeRemindersAreClaimedAtATimeInTheOrderTheyRang() {
        String[] reminders =
                IntStream.range(0, 20).mapToObj(i -> "-PT" + i + "S").toArray(String[]::new);
        Task large = Json.read(
                Json.<ObjectNode>tree(Tasks.as(Tasks.open(1, reminders), "l0.0"))
                        .put("description", "x".repeat(60_000)),
                Task.class);
        TaskReminders plan = requireNonNull(TaskReminders.after(null, large, false, DAY_BEFORE));
        dapr.commit(new Transaction().create(ReminderKeys.reminders(large.id()), plan));
        List<Alarm> due = new ArrayList<>(rung.subList(0, 2));
        due.addAll(plan.alarms());

        Claimed claimed = claim("one", due);
        assertEquals(
                due.subList(0, 10),
                Deliver.alarms(claimed.ours()).stream()
                        .sorted(comparing(due::indexOf))
                        .toList());
        assertEquals(due.subList(10, due.size()), claimed.left());
    }

    private Alarm alarmOf(String task) {
        return dapr.read(ReminderKeys.reminders(task)).as(TaskReminders.class).alarms().stream()
                .filter(it -> !it.reminder().equals(Wish.OVERDUE))
                .findFirst()
                .orElseThrow();
    }

    private static String tasks(Task now) {
        return Json.object().set("tasks", Json.tree(List.of(now))).toString();
    }
}
