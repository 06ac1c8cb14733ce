package dev.sandglass.task.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.CountingDapr;
import dev.sandglass.task.domain.Extent;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.LedgerTask;
import dev.sandglass.task.domain.TaskFields;
import dev.sandglass.task.domain.TaskId;
import dev.sandglass.task.domain.Write;
import dev.sandglass.task.domain.finding.Finding;
import dev.sandglass.task.routes.Replica;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Lists in memory take no more of it than they may, and are counted as they change, not at each read. */
@Tag("SC-007")
class ViewsTest {
    /** Characters: two of these lists have room, three have not. */
    private static final int MOST = 16_000;

    private final CountingDapr dapr = new CountingDapr();
    private final Replica replica = new Replica(dapr, Duration.ofSeconds(30), MOST).start();

    @AfterEach
    void stop() {
        replica.stop();
    }

    @Test
    void theLeastRecentlyUsedAreForgottenAndReadAgain() {
        twoListsHaveRoomAndThreeHaveNot();
    }

    @Test
    void manyAtOnceReadAndForgetAndTheCountIsTrue() throws Exception {
        for (int list = 0; list < 8; list++) {
            make("list-" + list, 5 + list);
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            int list = i * 7 % 8;
            boolean grows = i % 20 == 0;
            all.add(threads.submit(() -> {
                if (grows) {
                    add("list-" + list);
                }
                read("list-" + list);
            }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        threads.shutdown();
        // Characters that were counted twice, or not at all, would leave less room, or more.
        twoListsHaveRoomAndThreeHaveNot();
    }

    @Test
    void whoWaitsTooLongForAListThatIsReadForAnotherIsToldToTryAgain() {
        make("a", 1);
        Views views = new Views(MOST);
        CatchUp slow = behind(views, "a");
        views.begin(slow);
        assertToldToTryAgain(() -> views.begin(behind(views, "a")));
        views.end(slow);
        views.begin(behind(views, "a"));
    }

    @Test
    void whoWaitsTooLongForRoomToReadIsToldToTryAgain() {
        Views views = new Views(MOST);
        List<CatchUp> reading = new ArrayList<>();
        for (String list : List.of("a", "b", "c")) {
            make(list, CatchUp.PAGE);
            reading.add(behind(views, list));
        }
        reading.forEach(views::begin);
        views.wanted(reading.get(0));
        views.wanted(reading.get(1));
        assertToldToTryAgain(() -> views.wanted(reading.get(2)));
        views.end(reading.get(0));
        views.wanted(reading.get(2));
    }

    private static void assertToldToTryAgain(Executable waits) {
        Rejection late = assertThrows(Rejection.class, () -> assertTimeoutPreemptively(Duration.ofSeconds(5), waits));
        assertEquals(Reason.NOT_NOW, late.reason());
    }

    private CatchUp behind(Views views, String list) {
        return views.search(
                        List.of(extent(list)),
                        Finding.parse(Map.of(), ZoneOffset.UTC).search(Instant.now(), Optional.empty(), Map.of()))
                .get(0);
    }

    /** Another read was so slow that this replica has written and deleted it since. */
    @Test
    void aTaskThatWasDeletedSinceItWasReadStaysAway() {
        make("a", 1);
        ListView view = new ListView("a");
        view.reached(1);
        CatchUp slow = new CatchUp(
                new Extent("a", 2, 1, 1),
                Finding.parse(Map.of(), ZoneOffset.UTC).search(Instant.now(), Optional.empty(), Map.of()));
        slow.begin(view);
        slow.saw(dapr.read(slow.wanted()));
        Map<String, Stored> read = dapr.read(slow.wanted());
        LedgerTask task = read.values().iterator().next().as(LedgerTask.class);
        assertTrue(task.here());
        view.put(task);
        view.reached(2);
        view.put(task.deleted(Instant.now()));
        view.reached(3);
        slow.saw(read);
        assertEquals(List.of(), List.copyOf(view.tasks()));
    }

    private void twoListsHaveRoomAndThreeHaveNot() {
        for (String list : List.of("a", "b", "c")) {
            make(list, 15);
        }
        assertFalse(isHeld("a"));
        assertFalse(isHeld("b"));
        assertTrue(isHeld("a"));
        assertFalse(isHeld("c"));
        assertTrue(isHeld("a"));
        assertFalse(isHeld("b"));
        assertTrue(isHeld("a"));
        assertFalse(isHeld("c"));
    }

    /** Reads a list; @return true where its tasks were there */
    private boolean isHeld(String list) {
        dapr.read();
        assertEquals(15, read(list));
        return dapr.read() < 1_000;
    }

    private int read(String list) {
        return replica.tasks(extent(list));
    }

    private Extent extent(String list) {
        return replica.decide(documents ->
                Accepted.unchanged(Head.of(documents, list).orElseThrow().extent()));
    }

    private void make(String list, int tasks) {
        replica.write(Write.alone(Set.of(list), draft -> {
            draft.register(Head.fresh(list, list, "alice", false));
            draft.record(list, ChangeType.LIST_CREATED, "alice", new TreeMap<>());
            return list;
        }));
        for (int i = 0; i < tasks; i++) {
            add(list);
        }
    }

    private void add(String list) {
        replica.write(Write.to(list, draft -> {
            Head more = draft.head(list).orElseThrow().withTask();
            draft.put(more);
            TaskFields none = TaskFields.defaults(list, ZoneOffset.UTC);
            LedgerTask task = LedgerTask.created(
                    new TaskId(list, more.tasks()),
                    none.merge(Json.object().put("title", "x"), none),
                    "alice",
                    draft.at(list));
            draft.record(list, ChangeType.TASK_CREATED, "alice", new TreeMap<>(), task);
            return list;
        }));
    }
}
