package dev.sandglass.reminder.memory;

import static dev.sandglass.reminder.domain.Tasks.DAY_BEFORE;
import static dev.sandglass.reminder.domain.Tasks.MORNING;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.reminder.domain.Deliver;
import dev.sandglass.reminder.domain.Firing;
import dev.sandglass.reminder.domain.Stage;
import dev.sandglass.reminder.domain.TaskReminders;
import dev.sandglass.reminder.domain.Tasks;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Keyed;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A batch of due reminders goes out in one call, and each is judged by itself. */
@Tag("FR-003")
class DeliveriesTest {
    private static final Unavailable AWAY = new Unavailable("the broker", null);

    private final WallTime clock = new WallTime(MORNING);
    private final Alarms alarms = new Alarms(Duration.ofMinutes(2), clock, FiringBeans.posts(clock));
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Deliveries deliveries = new Deliveries(alarms, meters, clock, "me");

    @AfterEach
    void stop() {
        alarms.stop(new ShutdownEvent());
    }

    private static Firing due(String id) {
        Task task = Tasks.as(Tasks.open(1, "PT0S"), id);
        TaskReminders plan = requireNonNull(TaskReminders.after(null, task, false, DAY_BEFORE));
        return Firing.claimed(task, plan.reminders().get(0).claimed("me", MORNING), "me", true);
    }

    private static Firing worded(String id) {
        Firing due = due(id);
        return due.worded(due.getDueEvent());
    }

    private static List<Stage> stages(List<Firing> firings) {
        return firings.stream().map(it -> it.reminder().status()).toList();
    }

    private long timed() {
        return meters.get("sandglass.reminder.lateness").timer().count();
    }

    @Test
    void whatTheBrokerMayNotHaveIsPostponedAndTheOthersAreDelivered() {
        List<Firing> firings = Stream.of(worded("a"), due("silent").worded("false"), worded("b"), worded("c"))
                .toList();
        assertEquals(
                List.of("a", "b", "c"),
                Deliver.due(firings).stream()
                        .map(Keyed::event)
                        .map(event -> event.subject())
                        .toList());
        List<Firing> ended = deliveries.delivered(firings, Set.of(1));
        assertEquals(List.of(Stage.DELIVERED, Stage.DELIVERED, Stage.SCHEDULED, Stage.DELIVERED), stages(ended));
        assertEquals(3, timed());
    }

    @Test
    void whileTheBrokerIsAwayAllWait() {
        List<Firing> ended = deliveries.notDelivered(
                Stream.of("a", "b").map(DeliveriesTest::worded).toList(), AWAY);
        assertEquals(List.of(Stage.SCHEDULED, Stage.SCHEDULED), stages(ended));
        assertEquals(0, timed());
    }

    @Test
    void whatIsTooLargeForTheBrokerIsRefusedOnceItComesAlone() {
        Unavailable tooLarge = new Unavailable("the broker", new IllegalStateException("Message was too large"));
        assertEquals(
                List.of(Stage.SCHEDULED, Stage.SCHEDULED),
                stages(deliveries.notDelivered(List.of(worded("a"), worded("b")), AWAY)),
                "nobody knows yet which it is");
        List<Firing> ended = deliveries.notDelivered(List.of(worded("a")), tooLarge);
        assertEquals(1, ended.get(0).reminder().mistakes());
        assertEquals(List.of(Stage.DELIVERED), stages(deliveries.delivered(List.of(worded("b")), Set.of())));
    }

    @Test
    void theNewsThatCannotBeToldIsToldLaterAndCountedThen() {
        List<Firing> ended = deliveries.delivered(List.of(worded("a"), worded("b")), Set.of());
        assertEquals(List.of(Stage.FIRING, Stage.FIRING), stages(deliveries.notTold(ended)));
        assertEquals(List.of(Stage.DELIVERED, Stage.FIRING), stages(deliveries.told(ended, Set.of(1))));
        assertEquals(
                1,
                meters.get("sandglass.reminders")
                        .tag("outcome", "delivered")
                        .counter()
                        .count());
    }

    @Test
    void whatIsWordedAsNoEventIsRefusedByItself() {
        String tooMany = Json.<ObjectNode>tree(Json.read(due("a").getDueEvent(), ObjectNode.class))
                .put("more", "x".repeat(128 * 1024))
                .toString();
        List<String> noEvents = new ArrayList<>(List.of("null", "\"silence\"", "[1]", tooMany, "{}"));
        for (String attribute : List.of("specversion", "id", "source", "type", "data")) {
            ObjectNode event = Json.read(due("a").getDueEvent(), ObjectNode.class);
            noEvents.add(event.deepCopy().without(attribute).toString());
            noEvents.add(event.put(attribute, " ").toString());
        }
        for (String words : noEvents) {
            IllegalArgumentException reason =
                    assertThrows(IllegalArgumentException.class, () -> Deliveries.worded(due("a"), words));
            Firing refused = deliveries.refused(due("a"), reason);
            List<Firing> ended = deliveries.delivered(List.of(refused, worded("b")), Set.of());
            assertFalse(ended.get(0).isDue(), () -> words);
            assertTrue(ended.get(0).isUnfinished(), "it is tried again");
            assertEquals(Stage.DELIVERED, ended.get(1).reminder().status());
        }
    }
}
