package dev.sandglass.task.usecase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Problem;
import dev.sandglass.support.Unavailable;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.ledger.Answer;
import dev.sandglass.task.ledger.TestLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** A recurring task through any order of completing, reopening and the creation of what follows, early, late or repeated. */
@Tag("FR-002")
class SeriesTest {
    private static final Request ALICE = new Request("alice", Set.of(), null, null);

    enum Step {
        COMPLETE,
        REOPEN,
        FOLLOW,
        FOLLOW_AGAIN_LATE,
        TOUCH_THE_LAST
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Arbitraries.of(Step.class).list().ofMaxSize(12);
    }

    @Property(tries = 200)
    void thereIsOneSuccessorForACompletionAndNeverASecond(@ForAll("steps") List<Step> steps) {
        World world = new World(new MemoryDapr(1));
        String first = world.create();
        List<Integer> versions = new ArrayList<>();
        for (Step step : steps) {
            switch (step) {
                case COMPLETE -> versions.add(world.complete(first));
                case REOPEN -> world.reopen(first);
                case FOLLOW -> world.follow(first, world.version(first));
                case FOLLOW_AGAIN_LATE -> versions.forEach(version -> world.follow(first, version));
                case TOUCH_THE_LAST -> world.touchTheLast();
            }
            assertTrue(world.openOccurrences("2") <= 1, "two successors after " + step);
        }
        world.complete(first);
        world.follow(first, world.version(first));
        assertEquals(1, world.openOccurrences("2"));
        assertEquals(0, world.awaiting());
    }

    /** Two replicas, each step by either of them, all at once, over a store that fails: before a write, or after it. */
    @Property(tries = 50)
    void soItIsWhenAllHappensAtOnceOnTwoReplicasAndCallsFail(@ForAll("steps") List<Step> steps, @ForAll Random random)
            throws Exception {
        MemoryDapr dapr = new MemoryDapr(random.nextLong());
        List<World> replicas = List.of(new World(dapr), new World(dapr));
        String first = replicas.get(0).create();
        dapr.fail(0.1);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (Step step : steps) {
                World world = replicas.get(random.nextInt(2));
                int late = random.nextInt(1, 5);
                done.add(threads.submit(() -> {
                    try {
                        switch (step) {
                            case COMPLETE -> world.complete(first);
                            case REOPEN -> world.reopen(first);
                            case FOLLOW -> world.follow(first, world.version(first));
                            case FOLLOW_AGAIN_LATE -> world.follow(first, late);
                            case TOUCH_THE_LAST -> world.touchTheLast();
                        }
                    } catch (Unavailable | Problem e) {
                        // Done or not: whoever did not hear so tries again, or somebody else goes on.
                        return;
                    }
                }));
            }
            for (Future<?> one : done) {
                one.get();
            }
        } finally {
            threads.shutdown();
        }
        dapr.fail(0);
        World afterwards = new World(dapr);
        assertTrue(afterwards.openOccurrences("2") <= 1, "two successors after " + steps);
        afterwards.complete(first);
        afterwards.follow(first, afterwards.version(first));
        assertEquals(1, afterwards.openOccurrences("2"));
        assertEquals(0, afterwards.awaiting());
    }

    /** What recurrence makes the next one of: a completion, and what is said of the task before the next one is there. */
    @Example
    @Tag("SC-002")
    void anEditThatOvertakesTheSuccessorSaysWhereTheTaskStandsInItsRuleAndALaterOneDoesNot() {
        World world = new World(new MemoryDapr(1));
        String first = world.create();
        world.complete(first);
        world.edit(first, "before");
        world.follow(first, world.version(first));
        world.edit(first, "after");
        assertEquals(
                List.of("task.completed", "task.updated"),
                world.changes().stream()
                        .filter(change -> change.rule() != null)
                        .map(change -> change.event().toString())
                        .toList());
    }

    /** The use cases over a store in memory. */
    private static final class World {
        final TestLedger ledger;
        final CreateTask create;
        final CompleteTask complete;
        final ReopenTask reopen;
        final ChangeTask change;
        final GetTask get;
        final FindTasks find;
        final CreateSuccessor successor;

        World(MemoryDapr dapr) {
            ledger = new TestLedger(dapr);
            DecideOnTask decide = new DecideOnTask(ledger.ledger, ledger.places);
            create = new CreateTask(ledger.ledger, ledger.users);
            complete = new CompleteTask(decide);
            reopen = new ReopenTask(decide);
            change = new ChangeTask(decide, ledger.ledger, ledger.users);
            get = new GetTask(ledger.dapr, ledger.views, ledger.places);
            find = new FindTasks(ledger.users, ledger.views);
            successor = new CreateSuccessor(ledger.ledger, ledger.places);
        }

        String create() {
            return create.create(
                            ALICE,
                            Json.object()
                                    .put("title", "water plants")
                                    .put("due", "2030-01-01T09:00:00")
                                    .put("recurrence", "daily"))
                    .body()
                    .path("id")
                    .asText();
        }

        int complete(String id) {
            return complete.complete(ALICE, id).body().path("version").asInt();
        }

        void reopen(String id) {
            reopen.reopen(ALICE, id);
        }

        int version(String id) {
            return get.get(ALICE, id).body().path("version").asInt();
        }

        void follow(String id, int version) {
            try {
                successor.create(id, Json.object().put("version", version).put("due", "2030-01-02T09:00:00"));
            } catch (Problem e) {
                assertEquals(409, e.status());
            }
        }

        void touchTheLast() {
            for (JsonNode task : tasks()) {
                if (task.path("occurrence").asInt() == 2) {
                    edit(task.path("id").asText(), "touched");
                }
            }
        }

        void edit(String id, String description) {
            change.change(ALICE, id, Json.object().put("description", description));
        }

        List<Change> changes() {
            Head inbox = ledger.users.lists(ledger.users.of("alice")).get(0);
            return ledger.changes.after(inbox, 0).stream()
                    .map(text -> Json.read(text, Change.class))
                    .toList();
        }

        long openOccurrences(String occurrence) {
            long count = 0;
            for (JsonNode task : tasks()) {
                count += task.path("occurrence").asText().equals(occurrence) ? 1 : 0;
            }
            return count;
        }

        int awaiting() {
            return ledger.users.lists(ledger.users.of("alice")).stream()
                    .mapToInt(head -> head.awaiting().size())
                    .sum();
        }

        private JsonNode tasks() {
            Answer found = find.find(ALICE, Map.of("status", "open"));
            return found.body().path("tasks");
        }
    }
}
