package dev.sandglass.task.domain;

import static dev.sandglass.task.domain.World.ALICE;
import static dev.sandglass.task.domain.World.BOB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A call for a task of another user costs as much as one for no task, and a task that is on its way is found. */
@Tag("FR-013")
class NotYoursTest {
    private final Watched dapr = new Watched();
    private final World world = new World(dapr);
    private final String home = world.list("home");
    private final String other = world.list("other");
    private final String task = world.create(home);

    @ParameterizedTest
    @ValueSource(strings = {"get", "patch", "move", "delete", "complete", "reopen", "history", "list", "changes"})
    void theSameIsReadForATaskOfAnotherAsForNone(String call) {
        String moved = world.create(home);
        world.patch(ALICE, moved, Json.object().put("list", other));
        String bobs = world.inbox(BOB);
        Consumer<String> asked = id -> {
            String list = id.replaceFirst("\\.\\d+$", "");
            switch (call) {
                case "get" -> world.get(BOB, id);
                case "patch" -> world.patch(BOB, id, Json.object().put("title", "mine"));
                case "move" -> world.patch(BOB, id, Json.object().put("list", bobs));
                case "delete" -> world.delete(BOB, id);
                case "complete" -> world.complete(BOB, id);
                case "reopen" -> world.reopen(BOB, id);
                case "history" -> world.history(BOB, id);
                case "list" -> world.getList(BOB, list);
                default -> world.changes(BOB, list);
            }
        };
        List<String> ofAnother = reads(asked, task);
        assertEquals(ofAnother, reads(asked, moved), "moved");
        assertEquals(ofAnother, reads(asked, "0123456789abcdef.7"), "of no list");
        assertEquals(ofAnother, reads(asked, home + ".99"), "of a list that is there");
        assertEquals(ofAnother, reads(asked, "nothing"), "no id of ours");
    }

    @Test
    void aTaskThatMovesWhileItIsLookedForIsFound() {
        String id = task;
        world.patch(ALICE, id, Json.object().put("list", other));
        // Between the look at where it was born and the look at where it is said to be.
        dapr.after("/task/", () -> world.patch(ALICE, id, Json.object().put("list", home)));
        assertEquals(home, world.get(ALICE, id).path("list").asText());
        dapr.after("/task/", () -> world.patch(ALICE, id, Json.object().put("list", other)));
        assertEquals(other, world.get(ALICE, id).path("list").asText());
    }

    /** The reads on the way to a 404, by kind and number. */
    private List<String> reads(Consumer<String> call, String id) {
        dapr.reads.clear();
        assertEquals(
                Reason.NOT_FOUND,
                assertThrows(Rejection.class, () -> call.accept(id)).reason());
        return List.copyOf(dapr.reads);
    }

    /** Remembers the kinds of reads, and does something in between. */
    private static final class Watched extends MemoryDapr {
        private final List<String> reads = new ArrayList<>();
        private String awaited = "";
        private Runnable then = () -> {};

        Watched() {
            super(1);
        }

        void after(String key, Runnable doing) {
            awaited = key;
            then = doing;
        }

        /** As the store does it: what is not there is asked for twice, but for one key. */
        @Override
        public synchronized Map<String, Stored> read(Collection<String> keys) {
            Map<String, Stored> found = super.read(keys);
            boolean whole = found.values().stream().noneMatch(Stored::absent);
            reads.add((keys.size() == 1 ? "one" : keys.size() + ", " + (whole ? "whole" : "not whole")));
            if (!awaited.isEmpty() && keys.stream().anyMatch(key -> key.contains(awaited))) {
                awaited = "";
                then.run();
            }
            return found;
        }
    }
}
