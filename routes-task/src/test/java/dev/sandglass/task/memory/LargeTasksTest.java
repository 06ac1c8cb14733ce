package dev.sandglass.task.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.task.CountingDapr;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.LedgerTask;
import dev.sandglass.task.domain.ListChanges;
import dev.sandglass.task.domain.Request;
import dev.sandglass.task.domain.TaskFields;
import dev.sandglass.task.domain.TaskId;
import dev.sandglass.task.domain.User;
import dev.sandglass.task.domain.Write;
import dev.sandglass.task.domain.finding.Page;
import dev.sandglass.task.routes.Replica;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tasks as large as they may be: what is read at once, held, and answered is bounded in characters, however many they are. */
class LargeTasksTest {
    private static final int TASKS = 150;
    /** Characters of a read. */
    private static final int READ = 5_000_000;
    /** Characters of a page; its last task goes beyond by no more than one task. */
    private static final int PAGE = 600_000;

    private static final String DESCRIPTION = "😀".repeat(16_000);
    private static final Request ALICE = new Request("alice", Set.of(), null, null, Instant.now());

    private final CountingDapr dapr = new CountingDapr();
    private final Replica writer = new Replica(dapr).start();

    @BeforeEach
    void make() {
        writer.write(Write.alone(Set.of("large"), draft -> {
            draft.register(Head.fresh("large", "large", "alice", false));
            draft.record("large", ChangeType.LIST_CREATED, "alice", new TreeMap<>());
            return "large";
        }));
        add(TASKS);
    }

    @AfterEach
    void stop() {
        writer.stop();
    }

    @Test
    void aListThatHasNoRoomIsSearchedAndNotHeld() {
        Replica reader = new Replica(dapr, Duration.ofSeconds(30), 1_000_000).start();
        assertEquals(TASKS, find(reader, Map.of("q", "😀", "limit", "1")).total());
        assertFalse(isHeld(reader));
        dapr.readsNoMoreAtOnceThan(READ);
        reader.stop();
    }

    @Test
    void aListThatGrowsBeyondTheRoomIsLetGo() {
        Replica reader = new Replica(dapr, Duration.ofSeconds(30), 40_000L * TASKS).start();
        assertEquals(TASKS, find(reader, Map.of("limit", "1")).total());
        assertTrue(isHeld(reader));
        add(TASKS);
        assertEquals(2 * TASKS, find(reader, Map.of("limit", "1")).total());
        assertFalse(isHeld(reader));
        dapr.readsNoMoreAtOnceThan(READ);
        reader.stop();
    }

    @Test
    void whatAReplicaWritesIsHeldNoLongerThanThereIsRoom() {
        Replica both = new Replica(dapr, Duration.ofSeconds(30), 40_000L * TASKS).start();
        find(both, Map.of("limit", "1"));
        assertTrue(isHeld(both));
        for (int i = 0; i < TASKS; i++) {
            add(both, "large");
        }
        assertFalse(isHeld(both));
        both.stop();
    }

    @Test
    void aPageEndsBeforeItIsTooLargeAndTheNextOnesHaveTheRest() {
        Set<String> found = new HashSet<>();
        Map<String, String> query = new HashMap<>(Map.of("limit", "500", "sort", "title"));
        Page page;
        int pages = 0;
        do {
            page = find(writer, query);
            long size = page.tasks().stream()
                    .mapToLong(task -> task.description().length())
                    .sum();
            assertTrue(size <= PAGE, () -> size + " characters in a page");
            page.tasks().forEach(task -> assertTrue(found.add(task.id()), task::id));
            query.put("cursor", page.next());
            pages++;
        } while (page.next() != null && pages < TASKS);
        assertEquals(TASKS, found.size());
        assertTrue(pages > 1);
    }

    @Test
    void changesAreReadAsFarAsTheyAreAnswered() {
        ObjectNode page = writer.decide(ListChanges.published("large", 0));
        int changes = page.path("changes").size();
        assertTrue(changes > 0 && changes < TASKS, () -> changes + " changes");
        assertTrue(page.toString().length() < 1_000_000, "a service reads several pages at once");
        dapr.readsNoMoreAtOnceThan(READ);
    }

    private static Page find(Replica replica, Map<String, String> query) {
        User alice = User.fresh("alice", ZoneOffset.UTC).with("large");
        return replica.send("direct:tasks.find", null, Map.of("user", alice, "request", ALICE, "query", query));
    }

    private boolean isHeld(Replica replica) {
        dapr.read();
        find(replica, Map.of("limit", "1"));
        return dapr.read() < DESCRIPTION.length();
    }

    private void add(int tasks) {
        for (int i = 0; i < tasks; i++) {
            add(writer, "large");
        }
    }

    private static void add(Replica replica, String list) {
        replica.write(Write.to(list, draft -> {
            Head more = draft.head(list).orElseThrow().withTask();
            draft.put(more);
            TaskFields none = TaskFields.defaults(list, ZoneOffset.UTC);
            LedgerTask task = LedgerTask.created(
                    new TaskId(list, more.tasks()),
                    none.merge(Json.object().put("title", "x").put("description", DESCRIPTION), none),
                    "alice",
                    draft.at(list));
            draft.change(list, ChangeType.TASK_CREATED, "alice", null, task);
            return list;
        }));
    }
}
