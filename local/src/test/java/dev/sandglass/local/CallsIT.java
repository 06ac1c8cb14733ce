package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The calls of Dapr that a change costs, as the sidecars count them: one more for each change is a promise broken. */
@Tag("FR-015")
@ExtendWith(Stack.class)
class CallsIT {
    private static final int CHANGES = 100;
    /** For what the services do when nothing happens, which is taken off. */
    private static final Duration IDLE = Duration.ofSeconds(5);

    private static final Pattern COUNTED = Pattern.compile(
            "(?m)^dapr_component_(?:state_count|pubsub_egress_count|pubsub_ingress_bulk_count)\\{(.*)} ([0-9.e+]+)$");
    private static final Pattern WHAT = Pattern.compile("(?:operation|topic)=\"([^\"]*)\"");

    /** Enough that writes wait for each other. */
    private static final int CLIENTS = 40;

    /**
     * The most of each that a task created by one client may cost. A task: the list's head is read, since only a read tells its ETag, and one
     * transaction writes the head, the task and the change. Each change goes to two topics. The consumers take what has come meanwhile
     * together: a read of the cursor and a transaction, and less than one of each.
     */
    private static final Map<String, Double> ONE_BY_ONE = Map.ofEntries(
            Map.entry("task reads", 1.25),
            Map.entry("task transaction", 1.15),
            Map.entry("task task-events", 1.0),
            Map.entry("task task-updates", 1.0),
            Map.entry("audit reads", 0.6),
            Map.entry("audit transaction", 0.5),
            Map.entry("reminder reads", 0.6),
            Map.entry("reminder transaction", 0.5),
            Map.entry("recurrence reads", 0.2),
            Map.entry("recurrence transaction", 0.1),
            Map.entry("sync reads", 0.2),
            Map.entry("sync transaction", 0.1));

    /** The same where many create tasks in lists of their own: those that wait are one read and one transaction. */
    private static final Map<String, Double> MANY_AT_ONCE = Map.ofEntries(
            Map.entry("task reads", 0.7),
            Map.entry("task transaction", 0.6),
            Map.entry("task task-events", 1.0),
            Map.entry("task task-updates", 1.0),
            Map.entry("audit reads", 0.4),
            Map.entry("audit transaction", 0.3),
            Map.entry("reminder reads", 0.4),
            Map.entry("reminder transaction", 0.3));

    @Test
    void aNewTaskCostsNoMoreCallsThanItsPromisesNeed() throws Exception {
        Person alice = Person.like("alice");
        String list = alice.list("editor");
        alice.task(list, "warm");
        costs(ONE_BY_ONE, CHANGES, () -> {
            for (int i = 0; i < CHANGES; i++) {
                // With a key each, as a client that may have to ask again.
                Map<String, String> once = Map.of("Idempotency-Key", list + i);
                alice.api()
                        .send("POST", "/api/tasks", Map.of("list", list, "title", "t" + i), once)
                        .with(201);
            }
        });
    }

    @Test
    void thoseThatWaitShareTheirCalls() throws Exception {
        List<Person> people = new ArrayList<>();
        List<String> lists = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            people.add(Person.like("p" + i));
            lists.add(people.get(i).list("editor"));
        }
        int each = 10;
        costs(
                MANY_AT_ONCE,
                CLIENTS * each,
                () -> Person.atOnce(CLIENTS, i -> () -> {
                    for (int task = 1; task < each; task++) {
                        people.get(i).task(lists.get(i), "t" + task);
                    }
                    return people.get(i).api().post("/api/tasks", Map.of("list", lists.get(i), "title", "last"));
                }));
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void costs(Map<String, Double> most, int changes, Work work) throws Exception {
        Thread.sleep(2_000);
        Map<String, Double> before = counted();
        Thread.sleep(IDLE.toMillis());
        Map<String, Double> idle = minus(counted(), before, 1 / (double) IDLE.toMillis());

        before = counted();
        long start = System.nanoTime();
        work.run();
        // The last change needs as long to reach the consumers.
        Thread.sleep(2_000);
        double took = (System.nanoTime() - start) / 1e6;
        Map<String, Double> cost = new TreeMap<>();
        minus(counted(), before, 1)
                .forEach((what, calls) -> cost.put(what, (calls - idle.getOrDefault(what, 0.0) * took) / changes));

        System.out.println("Dapr calls of a new task: " + shown(cost));
        List<String> more = new ArrayList<>();
        most.forEach((what, limit) -> {
            double calls = cost.getOrDefault(what, 0.0);
            if (calls > limit) {
                more.add("%s: %.2f, at most %.2f".formatted(what, calls, limit));
            }
        });
        assertEquals(List.of(), more);
    }

    private static String shown(Map<String, Double> cost) {
        List<String> words = new ArrayList<>();
        cost.forEach((what, calls) -> words.add("%s %.2f".formatted(what, calls)));
        return String.join(", ", words);
    }

    private static Map<String, Double> minus(Map<String, Double> after, Map<String, Double> before, double factor) {
        Map<String, Double> difference = new TreeMap<>();
        after.forEach((what, calls) -> difference.put(what, (calls - before.getOrDefault(what, 0.0)) * factor));
        return difference;
    }

    /** All calls so far, by service and kind. */
    private static Map<String, Double> counted() throws Exception {
        Map<String, Double> counted = new TreeMap<>();
        for (String service : MonitoringIT.SERVICES) {
            int port = 3800 + Stack.OFFSET + MonitoringIT.SERVICES.indexOf(service);
            String metrics = MonitoringIT.metrics(port, "/metrics");
            COUNTED.matcher(metrics).results().forEach(sample -> {
                String what = WHAT.matcher(sample.group(1))
                        .results()
                        .map(it -> it.group(1))
                        .findFirst()
                        .orElse("");
                String kind = sample.group().contains("ingress_bulk")
                        ? "deliveries"
                        : what.equals("get") || what.equals("bulk_get") ? "reads" : what;
                counted.merge(service + " " + kind, Double.parseDouble(sample.group(2)), Double::sum);
            });
        }
        return counted;
    }
}
