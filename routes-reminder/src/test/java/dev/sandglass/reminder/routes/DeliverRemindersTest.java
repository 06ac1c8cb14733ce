package dev.sandglass.reminder.routes;

import static dev.sandglass.reminder.domain.Tasks.DAY_BEFORE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sandglass.events.CloudEvent;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.events.Topics;
import dev.sandglass.reminder.domain.Alarm;
import dev.sandglass.reminder.domain.TaskReminders;
import dev.sandglass.reminder.domain.Tasks;
import dev.sandglass.reminder.memory.FiringBeans;
import dev.sandglass.support.RecordingDapr;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.camel.MemoryComponent;
import dev.sandglass.support.routes.Flows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A batch of due reminders through the routes, over a sidecar in memory: one that goes wrong holds up no other. */
@Tag("FR-003")
class DeliverRemindersTest {
    private static final int MANY = 100;

    private final RecordingDapr dapr = new RecordingDapr();
    private final CamelContext camel = new DefaultCamelContext();
    private final List<Task> tasks = new ArrayList<>();
    private final List<Alarm> rung = new ArrayList<>();

    /** The integrators' words: none for one of them, too many for another. */
    public static final class Words {
        public void ask(String point, Exchange exchange) {
            String event = exchange.getMessage().getBody(String.class);
            if (event.contains("\"subject\":\"l1.7\"")) {
                throw new IllegalStateException("no words for this one");
            }
            if (event.contains("\"subject\":\"l1.8\"")) {
                exchange.getMessage().setBody(event.replace("Pay rent", "x".repeat(200_000)));
            }
        }
    }

    @BeforeEach
    void start() throws Exception {
        for (int i = 0; i < MANY; i++) {
            Task task = Tasks.as(Tasks.open(1, "PT0S"), "l1." + i);
            TaskReminders plan = Objects.requireNonNull(TaskReminders.after(null, task, false, DAY_BEFORE));
            dapr.commit(new Transaction().create("reminder/" + task.id(), plan));
            tasks.add(task);
            plan.alarms().stream()
                    .filter(alarm -> !alarm.reminder().equals("overdue"))
                    .forEach(rung::add);
        }
        dapr.answer(Json.object().set("tasks", Json.tree(tasks)));
        Flows.prepare(camel, dapr, "reminder");
        camel.getRegistry().bind("handOver", new Words());
        camel.addComponent("memory", new MemoryComponent());
        camel.getPropertiesComponent().addInitialProperty("sandglass.reminder.batches", "1");
        camel.getExecutorServiceManager()
                .registerThreadPoolProfile(new ThreadPoolProfileBuilder("reminder-channels")
                        .poolSize(16)
                        .maxPoolSize(16)
                        .build());
        FiringBeans.of(rung).forEach(camel.getRegistry()::bind);
        Flows.load(
                camel,
                "decide",
                "claim-reminders",
                "deliver-reminders",
                "confirm-reminders",
                "word-reminders",
                "hand-over-reminders",
                "record-outcomes");
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void oneThatCannotBeReadOrPutIntoWordsHoldsUpNoneOfAHundred() throws Exception {
        dapr.tamper("reminder/l1.9", "{\"v\":1,\"task\":\"none\"}");
        camel.start();
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (told().size() < MANY - 3 && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertEquals(1, dapr.calls().size(), "task is asked once");
        assertEquals(MANY - 3, told().size());
    }

    private Set<String> told() {
        return dapr.published(Topics.REMINDERS).stream()
                .filter(event -> event.type().equals("reminder.due"))
                .map(CloudEvent::subject)
                .collect(Collectors.toSet());
    }
}
