package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Recurring tasks in many hands at once, by two replicas of task: what the answers say and what the changes say is one story.
 * {@code -Dsandglass.hands.seed=42} draws the same steps again, {@code -Dsandglass.hands.seconds=600} goes on for as long.
 */
@Order(100)
@Tag("FR-002")
@Tag(Stack.BESIDE_ANOTHER)
@ExtendWith(Stack.class)
class OneTaskManyHandsIT {
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("sandglass.hands.seconds", 15));
    private static final int TASKS = 8;
    private static final int HANDS = 6;
    private static final int STEPS = 10;
    private static final int TRIES = 5;
    private static final int MOVES = 20;
    private static final String[] ACTS = {
        "complete", "complete", "complete", "reopen", "reopen", "rename", "due", "rule", "move", "move", "delete"
    };

    private final long seed = Long.getLong("sandglass.hands.seed", System.nanoTime());
    private final Random chance = new Random(seed);
    private final List<String> wrong = new ArrayList<>();
    private int steps;
    private int completions;

    /**
     * An answer to a step: of a completion with what it promises.
     *
     * @param asked when it was begun
     */
    private record Said(Instant asked, String act, String task, int status, JsonNode body) {}

    @Test
    void theAnswersTogetherExplainWhatIsThere() throws Exception {
        Stack.start("task-2");
        try {
            Person alice = Person.like("alice");
            List<Api> replicas = List.of(
                    alice.api(),
                    alice.api()
                            .at("http://localhost:"
                                    + Stack.control()
                                            .part("task-2")
                                            .path("ports")
                                            .path("public")
                                            .asInt()));
            int rounds = 0;
            for (long end = System.nanoTime() + TIME.toNanos(); System.nanoTime() < end && wrong.isEmpty(); rounds++) {
                round(alice, replicas);
            }
            FaultInjection.say(
                    "one task, many hands: seed %d, %d rounds of %d tasks, %d steps, %d completions",
                    seed, rounds, TASKS, steps, completions);
        } finally {
            Stack.stop("task-2");
        }
        assertEquals(List.of(), wrong, "seed " + seed);
    }

    /** On whichever replica: a move that is under way shows the task in the one list or in the other. */
    @Test
    @Tag("FR-013")
    void aTaskThatIsMovedAllTheTimeIsThereAllTheTime() throws Exception {
        Person alice = Person.like("alice");
        List<String> lists = alice.lists(3);
        String path = "/api/tasks/" + alice.task(lists.get(0), "x").path("id").asText();
        ExecutorService hands = Executors.newFixedThreadPool(3);
        try {
            Future<?> mover = hands.submit(() -> {
                for (int i = 0; i < MOVES; i++) {
                    String list = lists.get(i % lists.size());
                    alice.api().patch(path, Map.of("list", list)).with(200);
                    // A read after the answer sees it.
                    assertEquals(
                            list, alice.api().get(path).with(200).path("list").asText());
                }
                return null;
            });
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                readers.add(hands.submit(() -> {
                    int reads = 0;
                    for (; !mover.isDone(); reads++) {
                        alice.api().get(path).with(200);
                    }
                    return reads;
                }));
            }
            mover.get();
            FaultInjection.say(
                    "a task moved %d times was read %d times, and was always there",
                    MOVES, readers.get(0).get() + readers.get(1).get());
        } finally {
            hands.shutdown();
        }
    }

    private void round(Person alice, List<Api> replicas) throws Exception {
        List<String> lists = alice.lists(2);
        List<String> tasks = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            tasks.add(alice.task(lists.get(0), "water plants", "due", "2040-01-01T09:00:00", "recurrence", "daily")
                    .path("id")
                    .asText());
        }
        ConcurrentLinkedQueue<Said> said = new ConcurrentLinkedQueue<>();
        ExecutorService hands = Executors.newFixedThreadPool(HANDS);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int hand = 0; hand < HANDS; hand++) {
                Random own = new Random(chance.nextLong());
                done.add(hands.submit(() -> {
                    work(own, replicas, lists, tasks, said);
                    return null;
                }));
            }
            for (Future<?> one : done) {
                one.get();
            }
        } finally {
            hands.shutdown();
        }
        steps += said.size();
        completions += (int) said.stream()
                .filter(one -> one.act.equals("complete") && one.status == 200)
                .count();
        List<String> problems = new ArrayList<>();
        try {
            FaultInjection.await("what was promised", () -> {
                problems.clear();
                problems.addAll(problems(alice, lists, said));
                return problems.isEmpty();
            });
        } catch (AssertionError e) {
            wrong.addAll(problems);
        }
    }

    /** One hand: on the tasks, and on those that follow them, as far as they are there. */
    private static void work(
            Random chance, List<Api> replicas, List<String> lists, List<String> tasks, ConcurrentLinkedQueue<Said> said)
            throws Exception {
        for (int step = 0; step < STEPS; step++) {
            Api api = replicas.get(chance.nextInt(replicas.size()));
            String task = tasks.get(chance.nextInt(tasks.size()));
            if (chance.nextInt(4) == 0) {
                JsonNode found = api.get("/api/tasks?limit=500&list=" + String.join(",", lists))
                        .with(200)
                        .path("tasks");
                task = found.isEmpty()
                        ? task
                        : found.get(chance.nextInt(found.size())).path("id").asText();
            }
            String act = ACTS[chance.nextInt(ACTS.length)];
            String path = "/api/tasks/" + task;
            Object change = switch (act) {
                case "rename" -> Map.of("title", "plants " + Integer.toHexString(chance.nextInt()));
                case "due" -> Map.of("due", "2041-05-0" + (1 + chance.nextInt(9)) + "T12:00:00");
                case "rule" -> Map.of("recurrence", chance.nextBoolean() ? "daily" : "FREQ=DAILY;INTERVAL=2");
                default -> Map.of("list", lists.get(chance.nextInt(lists.size())));
            };
            Instant asked;
            Api.Answer answer;
            int tries = 0;
            do {
                asked = Instant.now().truncatedTo(ChronoUnit.MILLIS);
                answer = switch (act) {
                    case "complete", "reopen" -> api.post(path + "/" + act, null);
                    case "delete" -> api.delete(path);
                    default -> api.patch(path, change);
                };
                // On a slow machine all hands at once may be too many: nothing was changed, and the answer says to try
                // again.
            } while (answer.status() == 429 && ++tries < TRIES);
            said.add(new Said(asked, act, task, answer.status(), answer.body()));
            Thread.sleep(chance.nextInt(30));
        }
    }

    // ---------------------------------------------------------------- What must be true when it is quiet

    private List<String> problems(Person alice, List<String> lists, Iterable<Said> said) throws Exception {
        Map<String, Map<Integer, JsonNode>> changes = new HashMap<>();
        for (String list : lists) {
            for (JsonNode change : alice.changes(list, 0)) {
                JsonNode task = change.path("task");
                // Both lists tell of a move, first the old list, then the new one.
                boolean left = change.path("event").asText().equals("task.deleted");
                // A task that leaves is told as it last was.
                int order = 2 * task.path("version").asInt() + (left ? 2 : 1);
                changes.computeIfAbsent(task.path("id").asText(), id -> new TreeMap<>())
                        .put(order, change);
            }
        }
        changes.remove("");
        Map<String, JsonNode> there = new LinkedHashMap<>();
        for (JsonNode task : alice.api()
                .get("/api/tasks?limit=500&list=" + String.join(",", lists))
                .with(200)
                .path("tasks")) {
            there.put(task.path("id").asText(), task);
        }
        List<String> problems = new ArrayList<>();
        Set<String> deleted = new TreeSet<>();
        for (Said one : said) {
            if (one.status != 200 && one.status != 204 && one.status != 404) {
                problems.add("not an answer for this: " + one);
            }
            if (one.act.equals("delete") && one.status == 204) {
                deleted.add(one.task);
            }
            if (one.act.equals("complete") && one.status == 200 && !isKept(one, changes)) {
                problems.add("promised, and neither come nor taken back: " + one);
            }
        }
        changes.values().forEach(story -> follows(story, changes, there, deleted, problems));
        return problems;
    }

    /**
     * The promised date is that of an occurrence that came, or was taken back before it could come: by reopening the task, or one that
     * follows it and was completed too (then the promise is of what follows that one).
     */
    private static boolean isKept(Said completion, Map<String, Map<Integer, JsonNode>> changes) {
        JsonNode task = completion.body;
        int occurrence = task.path("occurrence").asInt();
        String due = task.path("next").asText("null");
        List<JsonNode> series = all(changes)
                .filter(change -> change.at("/task/series").equals(task.path("series")))
                .toList();
        boolean came = series.stream()
                .anyMatch(change -> change.at("/task/occurrence").asInt() > occurrence
                        && change.at("/task/due").asText().equals(due));
        boolean takenBack = series.stream()
                .filter(change -> change.path("event").asText().equals("task.reopened"))
                .anyMatch(change -> change.at("/task/id").asText().equals(completion.task)
                        ? change.at("/task/version").asInt()
                                > task.path("version").asInt()
                        : change.at("/task/occurrence").asInt() > occurrence
                                && !Instant.parse(change.path("at").asText()).isBefore(completion.asked));
        // Null says that there is nothing to come: of a task whose next one was deleted.
        return due.equals("null") || came || takenBack;
    }

    /** Checks the occurrences that follow a task, by its own story. */
    private static void follows(
            Map<Integer, JsonNode> story,
            Map<String, Map<Integer, JsonNode>> changes,
            Map<String, JsonNode> there,
            Set<String> deleted,
            List<String> problems) {
        JsonNode task = List.copyOf(story.values()).get(story.size() - 1).path("task");
        List<JsonNode> next = changes.values().stream()
                .map(other -> other.values().iterator().next().path("task"))
                .filter(other -> other.path("series").equals(task.path("series"))
                        && other.path("occurrence").asInt()
                                == task.path("occurrence").asInt() + 1)
                .toList();
        List<String> alive = next.stream()
                .map(other -> other.path("id").asText())
                .filter(there::containsKey)
                .toList();
        if (alive.size() > 1) {
            problems.add("two follow " + task + ": " + alive);
        }
        boolean completed = task.path("status").asText().equals("completed");
        boolean goneByHand = next.stream()
                .anyMatch(other -> deleted.contains(other.path("id").asText()));
        if (completed && alive.isEmpty() && !goneByHand) {
            problems.add("nothing follows " + task);
        }
        if (!completed
                && there.containsKey(task.path("id").asText())
                && alive.stream().anyMatch(id -> there.get(id).path("version").asInt() == 1)) {
            problems.add("nobody took away what follows the open task " + task);
        }
        for (JsonNode other : next) {
            // It may follow another of the same place: one that came after this one was taken away.
            boolean asItWas = all(changes)
                    .filter(change -> change.path("event").asText().equals("task.completed"))
                    .map(change -> change.path("task"))
                    .filter(then -> then.path("series").equals(task.path("series"))
                            && then.path("occurrence").equals(task.path("occurrence")))
                    .anyMatch(then -> then.path("title").equals(other.path("title"))
                            && then.path("list").equals(other.path("list"))
                            && then.path("recurrence").equals(other.path("recurrence")));
            if (!asItWas) {
                problems.add("not as the completed task was: " + other + " after " + task);
            }
        }
    }

    private static Stream<JsonNode> all(Map<String, Map<Integer, JsonNode>> changes) {
        return changes.values().stream().flatMap(story -> story.values().stream());
    }
}
