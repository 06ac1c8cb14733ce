package dev.sandglass.reminder.ledger;

import static dev.sandglass.reminder.domain.Tasks.DAY_BEFORE;
import static dev.sandglass.reminder.domain.Tasks.MORNING;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.events.Topics;
import dev.sandglass.reminder.domain.Alarm;
import dev.sandglass.reminder.domain.Firing;
import dev.sandglass.reminder.domain.Stage;
import dev.sandglass.reminder.domain.TaskReminders;
import dev.sandglass.reminder.domain.Tasks;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.Unavailable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replicas fire the same reminders, while the store fails in every way it can and replicas die. */
@Tag("FR-003")
@Tag("SC-003")
class ClaimsTest {
    private static final int MANY = 40;

    private final MemoryDapr dapr = new MemoryDapr(11);
    private final WallTime clock = new WallTime(MORNING);
    private final Alarms alarms = new Alarms(Duration.ofMinutes(2), clock);
    private final Plans plans = new Plans(new SimpleMeterRegistry());
    private final List<Alarm> rung = new ArrayList<>();
    /** How often the channel was handed each task's reminder. */
    private final Map<String, Integer> channel = new ConcurrentHashMap<>();

    private final Teller teller = new Teller(new RemindersTopic(dapr), new SimpleMeterRegistry());

    @BeforeEach
    void plan() {
        for (int i = 0; i < MANY; i++) {
            Task task = Tasks.as(Tasks.open(1, "PT0S"), "l1." + i);
            TaskReminders plan = requireNonNull(TaskReminders.after(null, task, false, DAY_BEFORE));
            dapr.commit(new Transaction().create(Keys.reminders(task.id()), plan));
            plan.alarms().stream()
                    .filter(it -> !it.reminder().equals("overdue"))
                    .forEach(rung::add);
        }
    }

    @AfterEach
    void stop() {
        alarms.stop(new ShutdownEvent());
    }

    private Claims replica(String name) {
        return new Claims(dapr, new Calendar(dapr), alarms, plans, clock, name);
    }

    private Firing handOver(Firing firing) {
        if (!firing.isDue()) {
            return firing;
        }
        channel.merge(firing.task().id(), 1, Integer::sum);
        return firing.delivered(clock.instant());
    }

    private boolean fire(Claims replica, List<Alarm> some) {
        try {
            List<Firing> ended =
                    replica.claim(some).stream().map(this::handOver).toList();
            replica.record(ended);
            return true;
        } catch (Unavailable e) {
            return false;
        }
    }

    private long delivered() {
        return rung.stream()
                .map(alarm -> dapr.read(Keys.reminders(alarm.task()))
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
        for (String name : List.of("one", "two")) {
            Claims replica = replica(name);
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
        assertEquals(MANY, replica("one").claim(rung).size());
        assertEquals(List.of(), replica("two").claim(rung), "it may be alive");
        assertTrue(fire(replica("one"), rung));
        eachWasHandedOver(1);
        assertEquals(MANY, delivered());
    }

    @Test
    void anotherTakesItUpWhenItIsTakenForDeadAndWhatTheFirstSaysThenIsNotWrittenDown() {
        Claims first = replica("one");
        List<Firing> stuck = first.claim(rung).stream().map(this::handOver).toList();
        clock.put(Duration.ofSeconds(16));
        Claims second = replica("two");
        List<Firing> taken = second.claim(rung);
        assertEquals(MANY, taken.size());
        assertTrue(taken.stream().allMatch(firing -> firing.reminder().late()));
        first.record(stuck);
        assertEquals(0, delivered());
        second.record(taken.stream().map(this::handOver).toList());
        // The one thing that sends an id twice: gone between the channel's answer and its record.
        eachWasHandedOver(2);
        assertEquals(MANY, delivered());
    }

    @Test
    void aBrokerThatGoesBetweenAReminderAndTheNewsOfItDoesNotHaveItHandedOverAgain() {
        Claims one = replica("one");
        List<Firing> ended = one.claim(rung).stream().map(this::handOver).toList();
        dapr.fail(1);
        List<Firing> untold = teller.tell(ended);
        dapr.fail(0);
        one.record(untold);
        assertEquals(0, delivered());
        assertEquals(List.of(), dapr.published(Topics.REMINDERS));

        one.record(teller.tell(one.claim(rung).stream().map(this::handOver).toList()));
        eachWasHandedOver(1);
        assertEquals(MANY, delivered());
        assertEquals(MANY, dapr.published(Topics.REMINDERS).size());
    }

    /** Planned for eight, by rules of the zone by which nine o'clock was then. By those of now it is an hour away. */
    @Test
    void whereTheRulesOfTheZoneHaveChangedItKeepsItsLocalTime() {
        Claims one = replica("one");
        Task now = Tasks.as(Tasks.due(Tasks.open(1, "PT0S"), 1, "2027-01-31T10:00:00"), "l1.0");
        List<Alarm> first = List.of(rung.get(0));
        one.record(one.confirm(one.claim(first), tasks(now)).stream()
                .map(this::handOver)
                .toList());
        assertEquals(Map.of(), channel, "not yet");
        Alarm moved = alarmOf("l1.0");
        assertEquals(MORNING.plusSeconds(3_600), moved.at());

        // Whoever was asleep finds it where it is now.
        Alarms woken = new Alarms(Duration.ofMinutes(2), clock);
        clock.put(Duration.ofMinutes(60));
        new Sweep(dapr, woken, plans, clock).sweep();
        try {
            List<Alarm> found = woken.take(10);
            assertTrue(found.contains(moved), found::toString);
            one.record(one.confirm(one.claim(found), tasks(now)).stream()
                    .map(this::handOver)
                    .toList());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            woken.stop(new ShutdownEvent());
        }
        assertEquals(Map.of("l1.0", 1), channel);
    }

    @Test
    void aPlanThatCannotBeReadHoldsUpNoOther() throws Exception {
        dapr.tamper(Keys.reminders("l1.3"), "{\"v\":1,\"task\":7}");
        dapr.tamper(Keys.reminders("l1.4"), "{\"v\":2,\"reminders\":\"as a newer program writes them\"}");
        assertTrue(fire(replica("one"), rung));
        assertEquals(MANY - 2, channel.size());
        new Sweep(dapr, alarms, plans, clock).sweep();
    }

    @Test
    void aTaskThatCannotBeReadIsFiredByOwnKnowledgeAndHoldsUpNoOther() {
        Claims one = replica("one");
        Task readable = Tasks.as(Tasks.open(1, "PT0S"), "l1.1");
        String answer = "{\"tasks\":[{\"id\":\"l1.0\",\"due\":7},%s]}".formatted(Json.text(readable));
        one.record(one.confirm(one.claim(rung.subList(0, 3)), answer).stream()
                .map(this::handOver)
                .toList());
        assertEquals(Map.of("l1.0", 1, "l1.1", 1), channel, "the third is no longer there");
        assertTrue(dapr.read(Keys.reminders("l1.0")).as(TaskReminders.class).reminders().stream()
                .anyMatch(reminder -> reminder.unconfirmed()));
    }

    private Alarm alarmOf(String task) {
        return dapr.read(Keys.reminders(task)).as(TaskReminders.class).alarms().stream()
                .filter(it -> !it.reminder().equals("overdue"))
                .findFirst()
                .orElseThrow();
    }

    private static String tasks(Task now) {
        return Json.object().set("tasks", Json.tree(List.of(now))).toString();
    }
}
