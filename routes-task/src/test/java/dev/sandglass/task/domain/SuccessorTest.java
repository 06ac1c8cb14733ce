package dev.sandglass.task.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SuccessorTest {
    private static final TaskId HERE = new TaskId("a", 1);
    private static final TaskId THERE = new TaskId("b", 1);

    @Test
    void isReadAgainWhereTwoPlacesNameEachOther() {
        LedgerTask task = LedgerTask.created(
                new TaskId("a", 2), TaskFields.defaults("a", ZoneOffset.UTC), "alice", Instant.EPOCH);
        Map<String, Stored> stale = Map.of(
                Keys.task("a", 1), stored(Keys.task("a", 1), task.moved(THERE)),
                Keys.task("b", 1), stored(Keys.task("b", 1), task.moved(HERE)));
        Batch batch = new Batch(
                List.of(new Batch.Waiting(
                        Write.alone(Set.of(), draft -> Successor.of(draft, task.followed(HERE.toString()))), null)),
                new TreeSet<>(),
                Instant.EPOCH,
                Set.of(),
                Map.of());

        Documents.Unseen again = assertThrows(Documents.Unseen.class, () -> batch.on(Documents.of(stale)));
        assertEquals(stale.keySet(), again.keys());
    }

    private static Stored stored(String key, LedgerTask task) {
        return new Stored(key, Json.text(task), "1");
    }
}
