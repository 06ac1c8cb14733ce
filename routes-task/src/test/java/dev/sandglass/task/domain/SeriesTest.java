package dev.sandglass.task.domain;

import static dev.sandglass.task.domain.World.ALICE;
import static dev.sandglass.task.domain.World.BOB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Problem;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Rejection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** One recurring task in many hands: any order of what can be done to it and to those that follow it. */
@Tag("FR-002")
class SeriesTest {

    enum Act {
        COMPLETE,
        REOPEN,
        RENAME,
        MOVE_DUE,
        /** With all that follow. */
        MOVE_ALL,
        SKIP,
        TO_HOME,
        TO_OTHER,
        DELETE,
        /** Recurrence hears of all completions, of some again. */
        DELIVER
    }

    /** @param occurrence which of those that were seen, counted over */
    record Step(Act act, int occurrence, String user) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.frequency(
                                net.jqwik.api.Tuple.of(4, Act.COMPLETE),
                                net.jqwik.api.Tuple.of(3, Act.REOPEN),
                                net.jqwik.api.Tuple.of(3, Act.DELIVER),
                                net.jqwik.api.Tuple.of(1, Act.RENAME),
                                net.jqwik.api.Tuple.of(1, Act.MOVE_DUE),
                                net.jqwik.api.Tuple.of(1, Act.MOVE_ALL),
                                net.jqwik.api.Tuple.of(2, Act.SKIP),
                                net.jqwik.api.Tuple.of(1, Act.TO_HOME),
                                net.jqwik.api.Tuple.of(1, Act.TO_OTHER),
                                net.jqwik.api.Tuple.of(1, Act.DELETE)),
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.of(ALICE, ALICE, ALICE, BOB))
                .as(Step::new)
                .list()
                .ofMaxSize(16);
    }

    /** Bob writes in one of alice's two lists alone. */
    @Property(tries = 600)
    void everyAnswerAndWhatIsThereInTheEndIsWhatTheModelSays(@ForAll("steps") List<Step> steps) {
        World world = new World(new MemoryDapr(1));
        String home = world.list("home");
        String other = world.list("other");
        world.share(other, BOB);
        SeriesModel model = new SeriesModel(home, other);
        model.created(world.create(home));
        for (Step step : steps) {
            if (step.act == Act.DELIVER) {
                world.deliver();
                model.deliver();
                model.found(world.tasks());
            } else {
                String id = model.id(step.occurrence);
                assertEquals(model.does(step, id), does(world, step, id, home, other), () -> step + " of " + steps);
            }
            assertEquals(model.tasks(), seen(world), () -> "after " + step + " of " + steps);
        }
        world.deliver();
        model.deliver();
        model.found(world.tasks());
        assertEquals(model.tasks(), seen(world), () -> "in the end of " + steps);
        assertTrue(world.heads().stream().allMatch(head -> head.awaiting().isEmpty()));
    }

    /** @return what the answer says: a status of 400 and more; what is promised, where it is a promise */
    private static String does(World world, Step step, String id, String home, String other) {
        try {
            switch (step.act) {
                case COMPLETE -> {
                    return world.complete(step.user, id).toString();
                }
                case REOPEN -> world.reopen(step.user, id);
                case RENAME ->
                    world.patch(
                            step.user,
                            id,
                            Json.object()
                                    .put(
                                            "title",
                                            world.get(step.user, id)
                                                            .path("title")
                                                            .asText()
                                                    + "!"));
                case MOVE_DUE -> world.patch(step.user, id, Json.object().put("due", SeriesModel.MOVED));
                case MOVE_ALL ->
                    world.patchFollowing(step.user, id, Json.object().put("due", SeriesModel.MOVED_ALL));
                case SKIP -> {
                    return world.skip(step.user, id).path("skipped").toString();
                }
                case TO_HOME -> world.patch(step.user, id, Json.object().put("list", home));
                case TO_OTHER -> world.patch(step.user, id, Json.object().put("list", other));
                case DELETE -> world.delete(step.user, id);
                case DELIVER -> throw new IllegalStateException();
            }
            return "";
        } catch (Rejection e) {
            return Integer.toString(Problem.of(e).status());
        }
    }

    private static Map<String, String> seen(World world) {
        Map<String, String> seen = new TreeMap<>();
        for (JsonNode task : world.tasks()) {
            seen.put(
                    task.path("id").asText(),
                    SeriesModel.line(
                            task.path("list").asText(),
                            task.path("occurrence").asInt(),
                            task.path("title").asText(),
                            task.path("due").asText(),
                            task.path("status").asText().equals("completed")));
        }
        return seen;
    }

    /** Two replicas, each step by either of them, all at once, over a store that fails: before a write, or after it. */
    @Property(tries = 60)
    void whatWasPromisedCameOrWasTakenBackAlsoWhenAllHappensAtOnceOnTwoReplicasAndCallsFail(
            @ForAll("steps") List<Step> steps, @ForAll Random random) throws Exception {
        MemoryDapr dapr = new MemoryDapr(random.nextLong());
        List<World> replicas = List.of(new World(dapr), new World(dapr));
        String home = replicas.get(0).list("home");
        String other = replicas.get(0).list("other");
        replicas.get(0).share(other, BOB);
        List<String> ids = new ArrayList<>(List.of(replicas.get(0).create(home)));
        for (int n = 2; n < 5; n++) {
            ids.add(home + "." + n);
        }
        dapr.fail(0.1);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (Step step : steps) {
                World world = replicas.get(random.nextInt(2));
                done.add(threads.submit(() -> {
                    try {
                        if (step.act == Act.DELIVER) {
                            world.deliver();
                        } else {
                            does(world, step, ids.get(step.occurrence % ids.size()), home, other);
                        }
                    } catch (Unavailable | Rejection e) {
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
        afterwards.deliver();
        assertTrue(afterwards.heads().stream().allMatch(head -> head.awaiting().isEmpty()));
        everyPromiseIsKeptOrTakenBack(afterwards.changes(), steps);
    }

    /** Told by what was published alone. */
    private static void everyPromiseIsKeptOrTakenBack(List<Change> changes, List<Step> steps) {
        Map<String, List<Change>> byTask = new HashMap<>();
        changes.stream()
                .filter(change -> change.task() != null)
                .forEach(change -> byTask.computeIfAbsent(change.subject(), id -> new ArrayList<>())
                        .add(change));
        for (Change change : changes) {
            if (change.rule() != null) {
                int version = change.task().version();
                boolean takenBack = byTask.get(change.subject()).stream()
                        .anyMatch(later -> later.event() == ChangeType.TASK_REOPENED
                                && later.task().version() > version);
                List<Change> came = byTask.getOrDefault(change.rule().successor(), List.of());
                assertTrue(takenBack || !came.isEmpty(), () -> "nothing came after " + change + " of " + steps);
                came.stream()
                        .filter(first -> first.task().version() == 1 && first.event() == ChangeType.TASK_CREATED)
                        .forEach(first -> {
                            assertEquals(change.task().title(), first.task().title());
                            assertEquals(change.task().list(), first.task().list());
                        });
            }
        }
    }
}
