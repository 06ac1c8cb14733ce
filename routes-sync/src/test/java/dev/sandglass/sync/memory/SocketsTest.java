package dev.sandglass.sync.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.Role;
import dev.sandglass.events.TaskList;
import dev.sandglass.sync.domain.Closed;
import dev.sandglass.sync.domain.Feed;
import dev.sandglass.sync.domain.Frame;
import dev.sandglass.sync.domain.Muted;
import dev.sandglass.sync.domain.Past;
import dev.sandglass.sync.domain.ReminderFrame;
import dev.sandglass.sync.domain.Replay;
import dev.sandglass.sync.domain.Ticket;
import dev.sandglass.sync.domain.UserSocket;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FR-014")
class SocketsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Fetches fetches = new Fetches();
    private final Sockets sockets = new Sockets(fetches, new SimpleMeterRegistry(), SECOND, SECOND, SECOND, SECOND, 20);
    private final Client client = new Client(
            Executors.newSingleThreadScheduledExecutor(), new AtomicBoolean(), new ConcurrentLinkedQueue<>());

    record Client(ScheduledExecutorService loop, AtomicBoolean reads, Queue<String> told) implements Peer {
        @Override
        public boolean isClosed() {
            return false;
        }

        @Override
        public boolean tookLeave() {
            return false;
        }

        @Override
        public boolean isFull() {
            return !reads.get();
        }

        @Override
        public void send(String text) {
            told.add(text.contains("\"ready\"") ? "ready" : text);
        }

        @Override
        public void ping() {}

        @Override
        public void close(short code, String reason) {
            told.add("closed " + code);
        }
    }

    @AfterEach
    void stop() {
        client.loop.shutdownNow();
    }

    /** A close takes half a minute to get through behind what a client does not read. */
    @Test
    void whatAClosingClientWasToBeSentIsHeldNoLonger() throws Exception {
        sockets.expect("s", new Ticket("alice", "t", Instant.MAX), client);
        sockets.opened("s");
        WeakReference<String> waits = remind();
        client.loop.submit(System::gc).get();
        assertTrue(waits.get() != null, "it waits");
        sockets.turnAway(List.of(new UserSocket("s", "alice")));
        for (int tries = 0; tries < 50 && waits.get() != null; tries++) {
            client.loop.submit(System::gc).get();
            Thread.sleep(20);
        }
        assertTrue(waits.get() == null);
    }

    @Test
    void theServerSpeaksFirstAlsoWhereTheClientCannotWait() throws Exception {
        client.reads.set(true);
        sockets.expect("s", new Ticket("alice", "t", Instant.MAX), client);
        sockets.opened("s");
        sockets.said("s", "{\"type\":\"ping\"}");
        settle();
        assertEquals(List.of(), List.copyOf(client.told));
        sockets.greet(List.of(new UserSocket("s", "alice")), List.of());
        sockets.said("s", "{\"type\":\"ping\"}");
        settle();
        String pong = "{\"type\":\"pong\"}";
        assertEquals(List.of("ready", pong, pong), List.copyOf(client.told));
    }

    @Test
    void whoReadsNothingHoldsNoMoreThanAFewAnswers() throws Exception {
        int answers = 50;
        List<TaskList> lists = IntStream.range(0, answers)
                .mapToObj(n -> new TaskList("l" + n, "List", "alice", new TreeMap<>(Map.of("alice", Role.OWNER)), 5))
                .toList();
        Map<String, Feed> feeds = lists.stream().collect(Collectors.toMap(TaskList::id, Feed::of));
        sockets.follow(feeds::get);
        client.reads.set(true);
        sockets.expect("s", new Ticket("alice", "t", Instant.MAX), client);
        sockets.opened("s");
        sockets.greet(List.of(new UserSocket("s", "alice")), lists);
        sockets.said(
                "s",
                "{\"type\":\"resume\",\"lists\":{%s}}"
                        .formatted(feeds.keySet().stream()
                                .map("\"%s\":0"::formatted)
                                .collect(Collectors.joining(","))));
        settle();
        client.reads.set(false);
        String large = "x".repeat(1_000_000);
        for (int answered = 0; answered < answers; answered++) {
            Replay replay = Objects.requireNonNull(fetches.take(SECOND), "each is asked for");
            Past past = new Past(replay.list(), 0, List.of(new Frame(replay.list(), 1, large, null, null)), 5);
            sockets.answer(fetches.done(replay, past));
            settle();
            assertTrue(sockets.heldBy("alice") <= 8_000_000, () -> "holds " + sockets.heldBy("alice"));
        }
        assertTrue(sockets.heldBy("alice") > 0, "a few are kept");
        client.reads.set(true);
        sockets.drained("s");
        settle();
        assertTrue(fetches.take(SECOND) != null, "the others are asked for again");
        sockets.closed("s");
        settle();
        assertEquals(0, sockets.held());
    }

    @Test
    void whoReadsNoRemindersIsAskedToComeAgainAndIsToldThemThen() throws Exception {
        client.reads.set(true);
        List<UserSocket> came = IntStream.range(0, 50)
                .mapToObj(n -> new UserSocket("s" + n, "alice"))
                .toList();
        came.forEach(one -> {
            sockets.expect(one.socket(), new Ticket("alice", one.socket(), Instant.MAX), client);
            sockets.opened(one.socket());
        });
        sockets.greet(came, List.of());
        settle();
        client.reads.set(false);
        String missed = "{\"alice\":{\"reminders\":[%s\"%s\"]}}".formatted("\"a\",".repeat(9), "x".repeat(3_000_000));
        sockets.recall(came, missed);
        settle();
        assertTrue(sockets.heldBy("alice") <= 8_000_000, () -> "holds " + sockets.heldBy("alice"));
        Closed first =
                Objects.requireNonNull(sockets.closed.take(SECOND), "closed").get(0);
        assertNull(first.lastThere());
    }

    @Test
    void aSocketThatIsClosedHoldsNothingWhateverWasStillToBeDoneForIt() throws Exception {
        client.reads.set(true);
        sockets.expect("s", new Ticket("alice", "t", Instant.MAX), client);
        sockets.opened("s");
        sockets.greet(List.of(new UserSocket("s", "alice")), List.of());
        settle();
        client.reads.set(false);
        sockets.recall(
                List.of(new UserSocket("s", "alice")),
                "{\"alice\":{\"reminders\":[\"%s\"]}}".formatted("x".repeat(1_000_000)));
        settle();
        assertTrue(sockets.held() > 0, "it waits");
        sockets.closed("s");
        Thread.sleep(SECOND.plusMillis(500).toMillis());
        settle();
        assertEquals(0, sockets.held());
    }

    @Test
    void aSocketThatOpensAsTheReplicaLeavesIsToldSo() throws Exception {
        sockets.expect("s", new Ticket("alice", "t", Instant.MAX), client);
        sockets.leave(new ShutdownDelayInitiatedEvent());
        sockets.opened("s");
        settle();
        assertEquals(List.of("closed 1001"), List.copyOf(client.told));
    }

    private void settle() throws Exception {
        client.loop.submit(() -> {}).get();
    }

    private WeakReference<String> remind() {
        String text = "x".repeat(1_000);
        sockets.remind(new ReminderFrame("r", "l", text), Set.of("alice"), Muted.nothing());
        return new WeakReference<>(text);
    }
}
