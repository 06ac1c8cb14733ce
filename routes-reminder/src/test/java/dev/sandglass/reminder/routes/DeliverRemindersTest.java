package dev.sandglass.reminder.routes;

import static dev.sandglass.reminder.domain.Tasks.DAY_BEFORE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.CloudEvent;
import dev.sandglass.events.Json;
import dev.sandglass.events.Task;
import dev.sandglass.events.Topics;
import dev.sandglass.reminder.domain.Alarm;
import dev.sandglass.reminder.domain.TaskReminders;
import dev.sandglass.reminder.domain.Tasks;
import dev.sandglass.reminder.memory.FiringBeans;
import dev.sandglass.support.RecordingDapr;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.camel.MemoryComponent;
import dev.sandglass.support.routes.Flows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A batch of due reminders through the routes, over a sidecar in memory: one that goes wrong holds up no other. */
@Tag("FR-003")
class DeliverRemindersTest {
    private static final int MANY = 100;

    private final StoreCounter dapr = new StoreCounter();
    private final CamelContext camel = new DefaultCamelContext();
    private final List<Task> tasks = new ArrayList<>();

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

    /** Counts the characters of plans that are read and written. */
    private static final class StoreCounter extends RecordingDapr {
        private final AtomicLong characters = new AtomicLong();

        private void count(String key, @Nullable String json) {
            characters.addAndGet(key.startsWith("reminder/") && json != null ? json.length() : 0);
        }

        @Override
        public Map<String, Stored> read(Collection<String> keys) {
            Map<String, Stored> read = super.read(keys);
            read.values().forEach(stored -> count(stored.key(), stored.json()));
            return read;
        }

        @Override
        public void commit(Transaction transaction) {
            super.commit(transaction);
            transaction.each(this::count);
        }
    }

    @BeforeEach
    void load() throws Exception {
        Flows.prepare(camel, dapr, "reminder");
        camel.getRegistry().bind("handOver", new Words());
        camel.addComponent("memory", new MemoryComponent());
        camel.getPropertiesComponent().addInitialProperty("sandglass.reminder.batches", "1");
        camel.getExecutorServiceManager()
                .registerThreadPoolProfile(new ThreadPoolProfileBuilder("reminder-channels")
                        .poolSize(16)
                        .maxPoolSize(16)
                        .build());
    }

    /** Plans a task whose reminders are all due now. */
    private List<Alarm> plan(Task task) {
        TaskReminders plan = Objects.requireNonNull(TaskReminders.after(null, task, false, DAY_BEFORE));
        dapr.commit(new Transaction().create("reminder/" + task.id(), plan));
        tasks.add(task);
        return plan.alarms().stream()
                .filter(alarm -> !alarm.reminder().equals("overdue"))
                .toList();
    }

    /** Alarms ring in this order, and the routes begin. */
    private void ring(List<Alarm> rung) throws Exception {
        dapr.answer(Json.object().set("tasks", Json.tree(tasks)));
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
        dapr.characters.set(0);
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void oneThatCannotBeReadOrPutIntoWordsHoldsUpNoneOfAHundred() throws Exception {
        List<Alarm> rung = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            rung.addAll(plan(Tasks.as(Tasks.open(1, "PT0S"), "l1." + i)));
        }
        dapr.tamper("reminder/l1.9", "{\"v\":1,\"task\":\"none\"}");
        ring(rung);
        await(MANY - 3);
        assertEquals(1, dapr.calls().size(), "task is asked once");
    }

    @Test
    void oneUsersManyDoNotHoldUpAnother() throws Exception {
        List<Alarm> rung = flood(20);
        rung.addAll(plan(Tasks.as(Tasks.open(1, "PT0S"), "calm.1")));
        ring(rung);
        await(rung.size());
        // A batch may be under way before all have rung.
        String first = dapr.calls().stream()
                .limit(3)
                .map(call -> String.valueOf(call.body()))
                .collect(Collectors.joining());
        assertTrue(first.contains("\"calm.1\""), first);
    }

    /** They ring one of each task after the other. */
    @Test
    void whereManyWaitThePlanOfATaskIsReadAndWrittenForManyOfItsReminders() throws Exception {
        List<Alarm> rung = flood(20);
        long plans = dapr.characters.get();
        ring(rung);
        await(rung.size());
        long times = dapr.characters.get() / plans;
        assertTrue(times <= 8, () -> "each plan is read and written " + times + " times");
    }

    /** A user's tasks, each with a long description and twenty reminders: alarms as they ring, one of each task after the other. */
    private List<Alarm> flood(int size) {
        String[] reminders =
                IntStream.range(0, 20).mapToObj(i -> "-PT" + i + "S").toArray(String[]::new);
        List<List<Alarm>> flood = IntStream.range(0, size)
                .mapToObj(i -> plan(Json.read(
                        Json.<ObjectNode>tree(Tasks.as(Tasks.open(1, reminders), "flood." + i))
                                .put("createdBy", "mallory")
                                .put("description", "ж".repeat(16_000)),
                        Task.class)))
                .toList();
        return IntStream.range(0, reminders.length)
                .boxed()
                .flatMap(i -> flood.stream().map(alarms -> alarms.get(i)))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** Waits until so many reminders were told. */
    private void await(int many) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (told() < many && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertEquals(many, told());
    }

    private long told() {
        return dapr.published(Topics.REMINDERS).stream()
                .filter(event -> event.type().equals("reminder.due"))
                .map(CloudEvent::id)
                .distinct()
                .count();
    }
}
