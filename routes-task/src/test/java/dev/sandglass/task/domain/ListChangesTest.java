package dev.sandglass.task.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Change;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A client that asks for changes is told of them as one with a socket is. */
@Tag("FR-014")
class ListChangesTest {
    private final World world = new World(new MemoryDapr(1));

    @Test
    void aChangeIsAnsweredAsTheFeedSendsIt() {
        String list = world.list("home");
        world.share(list, World.BOB);
        String task = world.create(list);
        world.patch(World.BOB, task, Json.object().put("title", "tidy \u00fcp").put("due", "2040-01-02"));
        world.complete(World.BOB, task);
        world.deliver();
        world.delete(World.ALICE, task);
        List<Change> changes = world.changes();
        for (Change change : changes) {
            assertEquals(Json.read(change.asFrame().toString(), JsonNode.class), ListChanges.frame(Json.text(change)));
        }
        assertEquals(8, changes.size());
    }
}
