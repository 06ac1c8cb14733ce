package dev.sandglass.task.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.ChangeType;
import dev.sandglass.events.Json;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.LedgerTask;
import dev.sandglass.task.domain.TaskFields;
import dev.sandglass.task.domain.TaskId;
import dev.sandglass.task.domain.Write;
import dev.sandglass.task.routes.Replica;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Lists in memory take no more of it than they may: it shows in which tasks are read again. */
@Tag("SC-007")
class ViewsTest {
    private static final int MOST = 40;

    private final AtomicInteger tasksRead = new AtomicInteger();
    private final MemoryDapr dapr = new MemoryDapr(1) {
        @Override
        public synchronized Map<String, Stored> read(Collection<String> keys) {
            tasksRead.addAndGet(
                    (int) keys.stream().filter(key -> key.contains("/task/")).count());
            return super.read(keys);
        }
    };
    private final Replica replica = new Replica(dapr, Duration.ofSeconds(30), MOST).start();

    @AfterEach
    void stop() {
        replica.stop();
    }

    @Test
    void theLeastRecentlyUsedAreForgottenAndReadAgain() {
        for (String list : List.of("a", "b", "c")) {
            make(list, 15);
        }
        assertEquals(15, readFor("a"));
        assertEquals(15, readFor("b"));
        assertEquals(0, readFor("a"));
        assertEquals(15, readFor("c"));
        assertEquals(0, readFor("a"));
        // b was forgotten, and is there all the same.
        assertEquals(15, readFor("b"));
        assertEquals(15, read("b"));
    }

    @Test
    void whenManyReadAndForgetAtOnceTheCountIsTrue() throws Exception {
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
        // Alone it is more than there is room for, so no other is held then.
        assertTrue(read("list-0") > MOST);
        assertEquals(MOST, readFor("list-7", "list-6", "list-5", "list-2"));
        assertEquals(0, readFor("list-7", "list-6", "list-5", "list-2"));
        read("list-0");
        assertEquals(MOST + 1, readFor("list-7", "list-6", "list-5", "list-3"));
        assertEquals(12, readFor("list-7"));
    }

    /** Reads lists; answers how many tasks the store was asked for. */
    private int readFor(String... lists) {
        int before = tasksRead.get();
        List.of(lists).forEach(this::read);
        return tasksRead.get() - before;
    }

    private int read(String list) {
        Head head = replica.decide(
                documents -> Accepted.unchanged(Head.of(documents, list).orElseThrow()));
        return replica.view(head).tasks().size();
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
