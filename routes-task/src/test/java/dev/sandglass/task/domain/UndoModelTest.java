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
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.BeforeTry;

/** Any order of what two people do to the tasks of two lists, and take back: of those lists one is only alice's. */
class UndoModelTest {
    enum Act {
        CREATE,
        COMPLETE,
        REOPEN,
        RENAME,
        MOVE_DUE,
        MOVE_ALL,
        RULE,
        NO_RULE,
        SKIP,
        TO_HOME,
        TO_OTHER,
        DELETE,
        /** Recurrence hears of all completions. */
        DELIVER,
        UNDO
    }

    record Step(Act act, int task, String user) {}

    /** An act that stands: the tasks it changed, and all as it was before. */
    private record Done(String user, Set<String> tasks, boolean completed, Map<String, LedgerTask> before) {}

    private World world;
    private String home;
    private String other;
    private List<Done> standing;

    @BeforeTry
    void begin() {
        world = new World(new TestLedger(new MemoryDapr(1), new UndoTest.Ticking(), ZoneOffset.UTC));
        home = world.list("home");
        other = world.list("other");
        standing = new ArrayList<>();
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of(Act.class),
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.of(ALICE, ALICE, BOB))
                .as(Step::new)
                .list()
                .ofMaxSize(20);
    }

    @Property(tries = 600)
    void whatIsTakenBackIsAsItWasBeforeAndNothingElseChanges(@ForAll("steps") List<Step> steps) {
        world.share(other, BOB);
        world.create(home);
        standing.add(new Done(ALICE, Set.of(home + ".1"), false, Map.of()));
        for (Step step : steps) {
            if (step.act == Act.DELIVER) {
                world.deliver();
            } else if (step.act == Act.UNDO) {
                undo(step.user, steps);
            } else {
                does(step);
            }
        }
        for (int least = standing.size(); least > 0; least--) {
            undo(BOB, steps);
            undo(ALICE, steps);
        }
        // Nothing stands in the way of the last act, so all acts are taken back in turn.
        assertEquals(List.of(), standing, steps::toString);
    }

    private void undo(String user, List<Step> steps) {
        Optional<Done> last =
                standing.stream().filter(done -> done.user.equals(user)).reduce((one, later) -> later);
        Map<String, LedgerTask> now = tasks();
        boolean may = last.isPresent()
                && standing.subList(standing.indexOf(last.get()), standing.size()).stream()
                        .filter(since -> !since.user.equals(user))
                        .noneMatch(since -> since.tasks.stream().anyMatch(touched(last.get(), now)::contains));
        try {
            world.undo(user);
            assertTrue(may, () -> "undone after all: " + last + " of " + steps);
        } catch (Rejection e) {
            assertEquals(Reason.CONFLICT, e.reason(), () -> e + " of " + steps);
            assertTrue(!may, () -> e + ": " + last + " of " + steps);
            return;
        }
        standing.remove(last.get());
        Set<String> touched = touched(last.get(), now);
        List<String> expected = new ArrayList<>();
        now.forEach((id, task) -> {
            if (!touched.contains(id)) {
                expected.add(line(task));
            }
        });
        last.get().before.forEach((id, task) -> {
            if (touched.contains(id)) {
                expected.add(line(task));
            }
        });
        assertEquals(
                expected.stream().sorted().toList(),
                tasks().values().stream().map(UndoModelTest::line).sorted().toList(),
                () -> "after " + last + " of " + steps);
    }

    /** With what follows a completion. */
    private static Set<String> touched(Done done, Map<String, LedgerTask> now) {
        Set<String> touched = new HashSet<>(done.tasks);
        if (done.completed) {
            for (String id : done.tasks) {
                LedgerTask before = done.before.get(id);
                LedgerTask after = now.get(id);
                if (before != null && after != null && !Objects.equals(before.successor(), after.successor())) {
                    touched.add(String.valueOf(after.successor()));
                }
            }
        }
        return touched;
    }

    private void does(Step step) {
        Map<String, LedgerTask> before = tasks();
        Map<String, Long> seqs = new TreeMap<>();
        world.heads().forEach(head -> seqs.put(head.id(), head.seq()));
        List<String> ids = world.heads().stream()
                .flatMap(head -> java.util.stream.IntStream.rangeClosed(1, head.tasks())
                        .mapToObj(number -> head.id() + "." + number))
                .toList();
        try {
            does(step, ids.get(step.task % ids.size()));
        } catch (Rejection e) {
            return;
        }
        List<Change> changes = world.changes().stream()
                .filter(change -> change.seq() > seqs.get(change.list()))
                .toList();
        if (!changes.isEmpty()) {
            Set<String> tasks = new HashSet<>();
            changes.forEach(change -> tasks.add(change.subject()));
            boolean completed = changes.get(0).event() == ChangeType.TASK_COMPLETED;
            // A promise that was taken back before it came is told by no change.
            before.forEach((id, task) -> {
                if (task.state() == LedgerTask.State.PROMISED && !tasks().containsKey(id)) {
                    tasks.add(id);
                }
            });
            standing.add(new Done(step.user, tasks, completed, before));
        }
    }

    private void does(Step step, String id) {
        String user = step.user;
        switch (step.act) {
            case CREATE -> {
                if (user.equals(ALICE)) {
                    world.create(step.task % 2 == 0 ? home : other);
                }
            }
            case COMPLETE -> world.complete(user, id);
            case REOPEN -> world.reopen(user, id);
            case RENAME ->
                world.patch(
                        user,
                        id,
                        Json.object()
                                .put("title", world.get(user, id).path("title").asText() + "!"));
            case MOVE_DUE -> world.patch(user, id, Json.object().put("due", SeriesModel.MOVED));
            case MOVE_ALL -> world.patchFollowing(user, id, Json.object().put("due", SeriesModel.MOVED_ALL));
            case RULE -> world.patch(user, id, Json.object().put("recurrence", "weekly"));
            case NO_RULE -> world.patch(user, id, Json.object().putNull("recurrence"));
            case SKIP -> world.skip(user, id);
            case TO_HOME ->
                world.patch(user, id, Json.object().put("list", home).put("title", "at home"));
            case TO_OTHER ->
                world.patch(user, id, Json.object().put("list", other).put("recurrence", "monthly"));
            case DELETE -> world.delete(user, id);
            default -> throw new IllegalStateException();
        }
    }

    /** The tasks that are there, and those that are promised: a promised task counts whether it has come or not. */
    private Map<String, LedgerTask> tasks() {
        Map<String, LedgerTask> tasks = new TreeMap<>();
        for (Head head : world.heads()) {
            for (int number = 1; number <= head.tasks(); number++) {
                String key = Keys.task(head.id(), number);
                LedgerTask task = world.ledger.decide(documents ->
                        Accepted.unchanged(LedgerTask.of(documents.get(key)).orElseThrow()));
                if (task.here() || head.awaiting().containsKey(task.task().id())) {
                    tasks.put(task.task().id(), task);
                }
            }
        }
        return tasks;
    }

    private static String line(LedgerTask task) {
        JsonNode completed = Json.tree(task.task().completedAt());
        return Json.text(task.fields())
                + task.anchor()
                + task.slot()
                + task.task().occurrence()
                + completed;
    }
}
