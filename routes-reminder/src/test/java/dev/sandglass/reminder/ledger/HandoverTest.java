package dev.sandglass.reminder.ledger;

import static dev.sandglass.reminder.domain.Tasks.DAY_BEFORE;
import static dev.sandglass.reminder.domain.Tasks.MORNING;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.CloudEvent;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.events.Topics;
import dev.sandglass.reminder.domain.Firing;
import dev.sandglass.reminder.domain.Stage;
import dev.sandglass.reminder.domain.TaskReminders;
import dev.sandglass.reminder.domain.Tasks;
import dev.sandglass.support.MemoryDapr;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A batch of due reminders goes out in one call, and each is judged by itself. */
@Tag("FR-003")
class HandoverTest {
    private final Broker broker = new Broker();
    private final Handover handover =
            new Handover(new RemindersTopic(broker), new SimpleMeterRegistry(), new WallTime(MORNING));

    private static final class Broker extends MemoryDapr {
        private Set<Integer> doubtful = Set.of();

        Broker() {
            super(3);
        }

        @Override
        public synchronized Set<Integer> publish(String topic, List<Keyed> events) {
            super.publish(topic, events);
            return doubtful;
        }
    }

    private Firing due(String id) {
        Task task = Tasks.as(Tasks.open(1, "PT0S"), id);
        TaskReminders plan = requireNonNull(TaskReminders.after(null, task, false, DAY_BEFORE));
        return Firing.claimed(task, plan.reminders().get(0).claimed("me", MORNING), "me", true);
    }

    private Firing worded(String id) {
        Firing due = due(id);
        return handover.worded(due, due.getDueEvent());
    }

    private static List<Stage> stages(List<Firing> firings) {
        return firings.stream().map(it -> it.reminder().status()).toList();
    }

    @Test
    void whatTheBrokerMayNotHaveIsPostponedAndTheOthersAreDelivered() {
        broker.doubtful = Set.of(1);
        List<Firing> ended =
                handover.handOver(Stream.of("a", "b", "c").map(this::worded).toList());
        assertEquals(List.of(Stage.DELIVERED, Stage.SCHEDULED, Stage.DELIVERED), stages(ended));
        assertTrue(handover.fails());

        broker.doubtful = Set.of();
        assertEquals(List.of(Stage.DELIVERED), stages(handover.handOver(List.of(worded("b")))));
        assertFalse(handover.fails());
    }

    @Test
    void whileTheBrokerIsAwayAllWait() {
        broker.brokerAway(true);
        List<Firing> ended =
                handover.handOver(Stream.of("a", "b").map(this::worded).toList());
        assertEquals(List.of(Stage.SCHEDULED, Stage.SCHEDULED), stages(ended));
        assertTrue(handover.fails());
    }

    @Test
    void whatIsTooLargeForTheBrokerIsRefusedOnceItComesAlone() {
        Firing large = handover.worded(due("a"), due("a").getDueEvent().replace("Pay rent", "x".repeat(5_000)));
        broker.largest(4_000);
        assertEquals(
                List.of(Stage.SCHEDULED, Stage.SCHEDULED),
                stages(handover.handOver(List.of(large, worded("b")))),
                "nobody knows yet which it is");
        List<Firing> ended = handover.handOver(List.of(large));
        assertEquals(1, ended.get(0).reminder().mistakes());
        assertEquals(List.of(Stage.DELIVERED), stages(handover.handOver(List.of(worded("b")))));
    }

    @Test
    void whatIsKeptSilentIsDeliveredAndNotTold() {
        Firing silent = handover.worded(due("a"), "false");
        assertEquals(
                List.of(Stage.DELIVERED, Stage.DELIVERED), stages(handover.handOver(List.of(silent, worded("b")))));
        assertEquals(
                List.of("b"),
                broker.published(Topics.REMINDERS).stream()
                        .map(CloudEvent::subject)
                        .toList());
    }

    @Test
    void whatIsWordedAsNoEventIsRefusedByItself() {
        String tooMany = Json.<ObjectNode>tree(Json.read(due("a").getDueEvent(), ObjectNode.class))
                .put("more", "x".repeat(128 * 1024))
                .toString();
        for (String words : List.of("null", "\"silence\"", "[1]", tooMany)) {
            IllegalArgumentException reason =
                    assertThrows(IllegalArgumentException.class, () -> handover.worded(due("a"), words));
            Firing refused = handover.refused(due("a"), reason);
            List<Firing> ended = handover.handOver(List.of(refused, worded("b")));
            assertFalse(ended.get(0).isDue(), () -> words);
            assertTrue(ended.get(0).isUnfinished(), "it is tried again");
            assertEquals(Stage.DELIVERED, ended.get(1).reminder().status());
        }
    }
}
