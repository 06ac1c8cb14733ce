package dev.sandglass.task.usecase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Problem;
import dev.sandglass.task.ledger.Answer;
import dev.sandglass.task.ledger.TestLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
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
        World world = new World();
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

    /** The use cases over a store in memory. */
    private static final class World {
        final TestLedger ledger = new TestLedger(new MemoryDapr(1));
        final DecideOnTask decide = new DecideOnTask(ledger.ledger, ledger.places);
        final CreateTask create = new CreateTask(ledger.ledger, ledger.users);
        final CompleteTask complete = new CompleteTask(decide);
        final ReopenTask reopen = new ReopenTask(decide);
        final ChangeTask change = new ChangeTask(decide, ledger.ledger, ledger.users);
        final GetTask get = new GetTask(ledger.dapr, ledger.views, ledger.places);
        final FindTasks find = new FindTasks(ledger.users, ledger.views);
        final CreateSuccessor successor = new CreateSuccessor(ledger.ledger, ledger.places);

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
                    change.change(ALICE, task.path("id").asText(), Json.object().put("description", "touched"));
                }
            }
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
