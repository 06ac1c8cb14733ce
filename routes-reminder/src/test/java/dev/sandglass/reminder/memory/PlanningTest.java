package dev.sandglass.reminder.memory;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.Change;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.reminder.domain.Alarm;
import dev.sandglass.reminder.domain.Slot;
import dev.sandglass.reminder.domain.Tasks;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.domain.Decisions;
import dev.sandglass.support.domain.Follow;
import dev.sandglass.support.domain.Heard;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-003")
class PlanningTest {
    private final MemoryDapr dapr = new MemoryDapr(3);
    private final WallTime wall = new WallTime(Tasks.DAY_BEFORE);

    /** Minutes that the sweep has passed are not looked at again. */
    @Test
    void whatComesDueWhileChangesAreFetchedIsNotedWhereTheSweepIsBehindThem() {
        Task task = Tasks.open(1, "PT0S");
        Change created = new Change(
                ChangeType.TASK_CREATED, "l1", 1, Tasks.DAY_BEFORE, "alice", new TreeMap<>(), task, null, null, "", "");
        Heard<List<Alarm>> heard = new Planning(wall, FiringBeans.posts(wall))
                .behind(Map.of("l1", 1L))
                .with(Json.tree(created));
        wall.put(Duration.ofDays(1).plusMinutes(5));

        Decisions.decide(dapr, new Follow<>(heard));

        String now = Slot.of(task.id(), Tasks.MORNING, wall.instant()).key();
        assertTrue(dapr.keys().contains(now), () -> now + " is not in " + dapr.keys());
    }
}
