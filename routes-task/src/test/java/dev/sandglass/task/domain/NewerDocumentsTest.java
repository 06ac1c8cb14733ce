package dev.sandglass.task.domain;

import static dev.sandglass.task.domain.World.ALICE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Chain;
import dev.sandglass.events.Change;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** While two versions run side by side, a write of the older loses nothing that the newer wrote. */
@Tag("SC-006")
class NewerDocumentsTest {
    /** What no version has yet, of any shape. */
    private static final JsonNode NEW = Json.orNone("{\"a\":[1,null,{\"b\":\"ü\"}]}");

    private final MemoryDapr dapr = new MemoryDapr(1);
    private final World world = new World(dapr);
    private final String home = world.list("home");
    private final String id = world.create(home);
    private final int number = TaskId.parse(id).orElseThrow().number();

    /** A newer version writes list and task. */
    @BeforeEach
    void write() {
        ObjectNode head = stored(Keys.head(home));
        dapr.tamper(Keys.head(home), head.set("ofList", NEW).toString());
        ObjectNode task = stored(Keys.task(home, number));
        task.set("ofLedger", NEW);
        task.withObject("/task").putNull("none").set("ofTask", NEW);
        dapr.tamper(Keys.task(home, number), task.toString());
    }

    @Test
    void anotherTitleLeavesItAsItIsForAllWhoRead() {
        patch("title", "water them");
        assertEquals(NEW, stored(Keys.head(home)).path("ofList"));
        assertKept(home, number);
        assertEquals("water them", world.get(ALICE, id).path("title").asText());
        assertEquals(NEW, world.get(ALICE, id).path("ofTask"));
        Change change = last();
        assertEquals(NEW, Json.tree(change).at("/task/ofTask"));
        assertEquals(change.hash(), Chain.hash(Json.tree(change)));
        assertEquals(Set.of("title"), change.changed().keySet());
    }

    @Test
    void itIsThereAfterAnotherRuleACompletionAndAnUndo() {
        world.patchFollowing(ALICE, id, Json.object().put("recurrence", "weekly"));
        assertKept(home, number);
        world.skip(ALICE, id);
        assertKept(home, number);
        world.complete(ALICE, id);
        assertKept(home, number);
        world.undo(ALICE);
        assertKept(home, number);
        world.delete(ALICE, id);
        world.undo(ALICE);
        assertKept(home, number);
        assertEquals(NEW, stored(Keys.head(home)).path("ofList"));
    }

    @Test
    void itGoesWithATaskToAnotherListAndBack() {
        String other = world.list("other");
        patch("list", other);
        assertKept(other, 1);
        patch("list", home);
        assertKept(home, 2);
    }

    @Test
    void theNextOccurrenceHasWhatTheTaskSaysAndNotWhatTheLedgerKnowsOfTheOneBefore() {
        world.complete(ALICE, id);
        world.deliver();
        JsonNode next = stored(Keys.task(home, number + 1));
        assertEquals("HERE", next.path("state").asText());
        assertEquals(NEW, next.at("/task/ofTask"));
        assertFalse(next.has("ofLedger"));
    }

    @Test
    void whereThereIsNothingNewNothingIsWritten() {
        String plain = world.create(home);
        JsonNode task = stored(Keys.task(home, TaskId.parse(plain).orElseThrow().number()));
        assertFalse(task.has("more"));
        assertFalse(task.path("task").has("more"));
    }

    private void patch(String field, String value) {
        world.patch(ALICE, id, Json.object().put(field, value));
    }

    private void assertKept(String list, int place) {
        JsonNode task = stored(Keys.task(list, place));
        assertEquals(NEW, task.path("ofLedger"));
        assertEquals(NEW, task.at("/task/ofTask"));
        assertEquals(true, task.at("/task/none").isNull());
    }

    private ObjectNode stored(String key) {
        return (ObjectNode) dapr.read(List.of(key)).get(key).tree();
    }

    private Change last() {
        List<Change> changes = world.changes().stream()
                .filter(change -> change.list().equals(home))
                .toList();
        return changes.get(changes.size() - 1);
    }
}
