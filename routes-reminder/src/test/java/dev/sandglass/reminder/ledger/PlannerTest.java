package dev.sandglass.reminder.ledger;

import static dev.sandglass.reminder.domain.Tasks.DAY_BEFORE;
import static dev.sandglass.reminder.domain.Tasks.MORNING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.events.Status;
import dev.sandglass.events.Task;
import dev.sandglass.reminder.domain.Alarm;
import dev.sandglass.reminder.domain.Reminder;
import dev.sandglass.reminder.domain.Slot;
import dev.sandglass.reminder.domain.Stage;
import dev.sandglass.reminder.domain.TaskReminders;
import dev.sandglass.reminder.domain.Tasks;
import dev.sandglass.support.MemoryDapr;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Planning by the changes of a task's lists, heard late: each list in its order, the lists in any. */
@Tag("FR-003")
class PlannerTest {
    private static final Instant MOVED = MORNING.plusSeconds(60);
    private static final Task TASK = Tasks.open(1, "PT0S");
    private static final Task THERE = Tasks.in(TASK, 2, "l2");

    private final MemoryDapr dapr = new MemoryDapr(3) {
        @Override
        public JsonNode invoke(String app, String verb, String method, String body) {
            assertEquals("internal/heads", method);
            return Json.read("{\"heads\":{\"l1\":1,\"l2\":1}}", JsonNode.class);
        }
    };
    private final WallTime clock = new WallTime(MOVED.plusSeconds(60));
    private final Alarms alarms = new Alarms(Duration.ofMinutes(2), clock);
    private final Planner planner =
            new Planner(dapr, new Calendar(dapr), alarms, new Plans(new SimpleMeterRegistry()), clock);

    @AfterEach
    void stop() {
        alarms.stop(new ShutdownEvent());
    }

    @Test
    void whatWasDueBeforeTheTaskMovedIsStillToCome() {
        created();
        left();
        assertEquals(Stage.SCHEDULED, reminder().status());
        arrived();
        assertEquals(Stage.SCHEDULED, reminder().status());
    }

    @Test
    void alsoWhereTheListItWentToIsHeardOfFirst() {
        arrived();
        assertEquals(Stage.SCHEDULED, reminder().status());
        created();
        left();
        assertEquals(Stage.SCHEDULED, reminder().status());
    }

    @Test
    void ofATaskThatWasCompletedBeforeItMovedTheLedgerTellsWhicheverListIsHeardOfFirst() {
        take(ChangeType.TASK_CREATED, "l2", 1, move(), Tasks.status(Tasks.in(TASK, 3, "l2"), 3, Status.COMPLETED));
        assertEquals(Stage.CANCELLED, reminder().status());
        assertTrue(dapr.read(Keys.list("l2")).as(ListIndex.class).tasks().contains(TASK.id()));
        created();
        take(ChangeType.TASK_COMPLETED, "l1", 2, new TreeMap<>(), Tasks.status(TASK, 2, Status.COMPLETED));
        assertEquals(Stage.CANCELLED, reminder().status());
        assertEquals(List.of(), kept().alarms());
    }

    @Test
    void withNewerRulesOfTheZoneWhatIsToComeKeepsItsLocalTimeOnce() {
        // Due at nine, planned when that was another instant.
        Instant then = MORNING.plusSeconds(7_200);
        take(ChangeType.TASK_CREATED, "l1", 1, new TreeMap<>(), Tasks.due(TASK, 1, "2027-01-31T11:00:00"));
        assertEquals(then, reminder().at());
        plannedFor(TASK);
        dapr.tamper(Keys.RULES, "{\"v\":1,\"version\":\"1999a\"}");
        planner.followRules();
        assertEquals(MORNING, reminder().at());
        assertEquals(Stage.SCHEDULED, reminder().status());
        assertTrue(
                dapr.keys()
                        .contains(Slot.of(TASK.id(), MORNING, clock.instant()).key()),
                "it is looked for there");
        assertEquals(
                List.of(MORNING, MORNING),
                kept().alarms().stream().map(Alarm::at).toList(),
                "overdue as well");

        plannedFor(Tasks.due(TASK, 1, "2027-01-31T11:00:00"));
        planner.followRules();
        assertEquals(MORNING, reminder().at(), "it is these rules by now");
    }

    private void plannedFor(Task task) {
        dapr.tamper(Keys.reminders(TASK.id()), Json.text(new TaskReminders(1, task, false, kept().reminders())));
    }

    @Test
    void aDeletionIsTheEnd() {
        created();
        take(ChangeType.TASK_DELETED, "l1", 2, new TreeMap<>(), Tasks.open(2, "PT0S"));
        assertEquals(Stage.CANCELLED, reminder().status());
        assertTrue(kept().deleted());
    }

    private void created() {
        SortedMap<String, List<JsonNode>> told = new TreeMap<>();
        told.put("list", List.of(NullNode.getInstance(), TextNode.valueOf("l1")));
        take(ChangeType.TASK_CREATED, "l1", 1, told, TASK);
    }

    private void left() {
        take(ChangeType.TASK_DELETED, "l1", 2, move(), Tasks.open(2, "PT0S"));
    }

    private void arrived() {
        take(ChangeType.TASK_CREATED, "l2", 1, move(), THERE);
    }

    private static SortedMap<String, List<JsonNode>> move() {
        return new TreeMap<>(Map.of("list", List.of(TextNode.valueOf("l1"), TextNode.valueOf("l2"))));
    }

    private void take(ChangeType type, String list, long seq, SortedMap<String, List<JsonNode>> told, Task task) {
        Instant at = type == ChangeType.TASK_CREATED && list.equals("l1") ? DAY_BEFORE : MOVED;
        planner.take(Json.text(new Change(type, list, seq, at, "alice", told, task, null, null, "", "")));
    }

    private TaskReminders kept() {
        return dapr.read(Keys.reminders(TASK.id())).as(TaskReminders.class);
    }

    private Reminder reminder() {
        return kept().reminders().stream()
                .filter(it -> !it.overdue())
                .findFirst()
                .orElseThrow();
    }
}
