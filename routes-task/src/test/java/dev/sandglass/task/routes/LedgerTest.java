package dev.sandglass.task.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.events.Chain;
import dev.sandglass.events.Change;
import dev.sandglass.events.ChangeType;
import dev.sandglass.events.CloudEvent;
import dev.sandglass.events.Json;
import dev.sandglass.events.Topics;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.MemoryLetters;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Letter;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.support.memory.RouteQueues;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.LedgerTask;
import dev.sandglass.task.domain.ListChanges;
import dev.sandglass.task.domain.Pending;
import dev.sandglass.task.domain.TaskFields;
import dev.sandglass.task.domain.TaskId;
import dev.sandglass.task.domain.Trimming;
import dev.sandglass.task.domain.Write;
import dev.sandglass.task.memory.ListWebhooks;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two replicas write the same list at once, while the store fails in every way it can. */
@Tag("FR-012")
@Tag("SC-006")
class LedgerTest {
    private static final String LIST = "household";
    private static final Duration PATIENT = Duration.ofSeconds(30);

    private final MemoryDapr dapr = new MemoryDapr(7);
    private final List<One> replicas = new ArrayList<>();

    @AfterEach
    void stop() {
        replicas.forEach(one -> one.replica.stop());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.05, 0.3})
    void whatWasAnsweredIsThereOnceAndInOrder(double failing) throws Exception {
        One one = new One(PATIENT);
        One two = new One(PATIENT);
        one.makeList();
        dapr.fail(failing);
        Set<String> answered = ConcurrentHashMap.newKeySet();
        ExecutorService clients = Executors.newFixedThreadPool(8);
        CountDownLatch done = new CountDownLatch(200);
        for (int i = 0; i < 200; i++) {
            One replica = i % 2 == 0 ? one : two;
            String title = "task " + i;
            clients.execute(() -> {
                try {
                    while (!tryToCreate(replica, title)) {
                        Thread.onSpinWait();
                    }
                    answered.add(title);
                } finally {
                    done.countDown();
                }
            });
        }
        assertTrue(done.await(60, TimeUnit.SECONDS));
        clients.shutdown();
        dapr.fail(0);

        assertEquals(200, answered.size());
        List<Change> changes = one.changes();
        assertEquals(201, changes.size());
        Set<String> titles = new HashSet<>();
        String hash = "";
        for (int i = 0; i < changes.size(); i++) {
            Change change = changes.get(i);
            assertEquals(i + 1, change.seq());
            assertEquals(hash, change.prev());
            assertEquals(change.hash(), Chain.hash(Json.tree(change)));
            hash = change.hash();
            if (change.task() != null) {
                assertTrue(
                        titles.add(change.task().title()),
                        "doubled: " + change.task().title());
            }
        }
        assertEquals(answered, titles);
        assertEquals(hash, one.head().hash());
        assertEquals(200, two.replica.tasks(two.head().extent()));
    }

    /** Webhooks do not wait for the broker. */
    @Test
    void whoWritesRingsForTheWebhooksOfTheList() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        RouteQueues queues = new RouteQueues(8, meters);
        ListWebhooks webhooks = new ListWebhooks(queues, 20, false, meters);
        webhooks.know(Map.of(LIST + ".w", "alice"));
        Replica withoutRelay = new Replica(dapr).bind("listWebhooks", webhooks).start();
        queues.ended(Objects.requireNonNull(queues.take(Duration.ofMillis(500))));
        assertNull(queues.take(Duration.ofMillis(10)));
        withoutRelay.write(newList(LIST));
        assertNotNull(queues.take(Duration.ofMillis(10)));
        withoutRelay.stop();
    }

    private static Write<String> newList(String list) {
        return Write.alone(Set.of(list), draft -> {
            draft.register(Head.fresh(list, "Household", "alice", false));
            draft.record(list, ChangeType.LIST_CREATED, "alice", new TreeMap<>());
            return list;
        });
    }

    @Test
    void everyCommittedChangeReachesKafkaInOrderAlthoughTheReplicaThatMadeItIsGone() throws Exception {
        One one = new One(PATIENT);
        one.makeList();
        one.replica.stopRelay();
        for (int i = 0; i < 50; i++) {
            tryToCreate(one, "task " + i);
        }

        One two = new One(PATIENT);
        dapr.fail(0.2);
        // Each failure has the relay wait longer.
        for (int i = 0; i < 600 && bothTopics() < 51; i++) {
            Thread.sleep(50);
        }

        for (String topic : List.of(Topics.TASK_EVENTS, Topics.TASK_UPDATES)) {
            long highest = 0;
            for (CloudEvent event : dapr.published(topic)) {
                long seq = event.data().path("seq").asLong();
                assertTrue(seq <= highest + 1, topic + " has " + seq + " before " + (highest + 1));
                highest = Math.max(highest, seq);
            }
            assertEquals(51, highest);
        }
        two.replica.stopRelay();
    }

    @Test
    void howManyListsWaitCostsNothingWhileTheBrokerIsAwayAndNoTimeOnceItIsBack() throws Exception {
        One one = new One(PATIENT);
        dapr.brokerAway(true);
        for (int i = 0; i < 200; i++) {
            one.makeList("l-" + i);
        }
        Thread.sleep(2_500);
        dapr.refused();
        Thread.sleep(4_100);
        int asked = dapr.refused();
        assertTrue(0 < asked && asked <= 4, asked + " attempts in four seconds");

        dapr.brokerAway(false);
        for (int i = 0; i < 60 && bothTopics() < 200; i++) {
            Thread.sleep(50);
        }
        assertEquals(200, bothTopics());
        one.replica.stopRelay();
    }

    @Test
    void anEventThatTheBrokerCallsTooLargeIsADeadLetterAndItsListGoesOn() throws Exception {
        One one = new One(PATIENT);
        one.replica.stopRelay();
        one.makeList();
        for (int i = 0; i < 40; i++) {
            one.create(i % 17 == 5 ? "x".repeat(3_000) : "task " + i);
        }
        // With its frame it is small enough for the one topic, with what is said of the change too large for the other.
        dapr.largest(4_000);
        One two = new One(PATIENT);
        for (int i = 0; i < 200 && MemoryLetters.in(dapr).size() < 3; i++) {
            Thread.sleep(50);
        }
        two.replica.stopRelay();

        assertEquals(38, distinct(Topics.TASK_EVENTS), "the list and 37 of 40 tasks");
        assertEquals(41, distinct(Topics.TASK_UPDATES));
        List<Letter> parked = MemoryLetters.in(dapr);
        assertEquals(
                List.of(LIST + "/41", LIST + "/24", LIST + "/7"),
                parked.stream().map(Letter::id).toList());
        assertEquals("internal/publish/task-events", parked.get(0).path());
        assertTrue(parked.get(0).why().contains("too large"), parked.get(0)::why);
    }

    @Test
    void whatIsWrittenWhileItIsLookedForIsNotDoneAgain() {
        One replica = new One(PATIENT);
        replica.makeList();
        dapr.next(MemoryDapr.Mishap.LATE);
        replica.create("once");
        assertEquals(2, replica.head().seq());
    }

    /** It may have been written, or still be: nobody may say that nothing was changed. */
    @Test
    void whoeverIsStoppedBetweenAWriteAndItsOutcomeSaysThatItIsUnknown() throws Exception {
        One replica = new One(PATIENT);
        replica.makeList();
        CompletableFuture<Rejection> said = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                replica.replica.write(Write.to(LIST, draft -> {
                    draft.put(draft.head(LIST).orElseThrow().named("Home"));
                    draft.record(LIST, ChangeType.LIST_UPDATED, "alice", new TreeMap<>());
                    // From here on the store says nothing, and the service stops.
                    dapr.fail(1);
                    Thread.currentThread().interrupt();
                    return LIST;
                }));
                said.completeExceptionally(new AssertionError("answered"));
            } catch (Rejection e) {
                said.complete(e);
            } catch (RuntimeException e) {
                said.completeExceptionally(e);
            }
        });
        thread.start();
        assertEquals(
                "unknown", said.get(10, TimeUnit.SECONDS).more().path("outcome").asText());
    }

    @Test
    void aStoreThatIsAwayIsSaidSoInTimeAndNothingIsDone() {
        One replica = new One(Duration.ofMillis(300));
        replica.makeList();
        dapr.fail(1);
        long start = System.nanoTime();
        assertThrows(Unavailable.class, () -> replica.create("never"));
        assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(20));
        dapr.fail(0);
        assertEquals(1, replica.head().seq());
    }

    @Test
    void aRefusedDecisionLeavesTheOthersOfItsTransactionAlone() throws Exception {
        One replica = new One(PATIENT);
        replica.makeList();
        ExecutorService clients = Executors.newFixedThreadPool(20);
        List<java.util.concurrent.Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            all.add(clients.submit(() -> {
                if (number % 2 == 0) {
                    replica.create("task " + number);
                } else {
                    assertThrows(
                            Rejection.class,
                            () -> replica.replica.write(Write.to(LIST, draft -> {
                                throw new Rejection(Reason.CONFLICT, "no");
                            })));
                }
            }));
        }
        for (var each : all) {
            each.get(10, TimeUnit.SECONDS);
        }
        clients.shutdown();
        assertEquals(11, replica.head().seq());
    }

    @Test
    void oldChangesAreTrimmedAndNobodyMissesThem() throws Exception {
        One one = new One(PATIENT);
        one.makeList();
        for (int i = 0; i < 30; i++) {
            one.create("task " + i);
        }
        one.replica.stopRelay();
        published(31);

        one.trim(Duration.ZERO, 31, 31);

        assertEquals(22, one.head().first());
        assertEquals(
                List.of(22L, 31L),
                List.of(one.changes(21).get(0).seq(), one.changes(30).get(0).seq()));
        assertEquals(
                31,
                assertThrows(Rejection.class, () -> one.changes(20))
                        .more()
                        .path("seq")
                        .asLong());
        assertEquals(30, one.replica.tasks(one.head().extent()));
        one.create("one more");
        assertEquals(32, one.head().seq());
    }

    @Test
    void aChangeIsKeptUntilItIsPublishedTakenAndOldEnough() {
        One one = new One(PATIENT);
        one.makeList();
        one.replica.stopRelay();
        for (int i = 0; i < 30; i++) {
            one.create("task " + i);
        }
        one.trim(Duration.ZERO, 31, 31);
        assertEquals(1, one.head().first(), "not published");
        published(12);
        one.trim(Duration.ofDays(7), 31, 31);
        assertEquals(1, one.head().first(), "not a week old");
        one.trim(Duration.ZERO, 9, 31);
        assertEquals(10, one.head().first(), "audit has nine");
        one.trim(Duration.ZERO, 31, 11);
        assertEquals(12, one.head().first(), "reminder has eleven");
        one.trim(Duration.ZERO, 31, 31);
        assertEquals(13, one.head().first(), "twelve are published");
    }

    @Test
    void aReplicaThatHeardOfNothingForLongGoesOnBehindWhatWasTrimmed() throws Exception {
        One one = new One(PATIENT);
        one.replica.stopRelay();
        one.makeList();
        for (int i = 0; i < 30; i++) {
            one.create("task " + i);
        }
        published(31);
        one.trim(Duration.ZERO, 31, 31);
        // A replica that saw the mark long ago knows no more.
        published(3);

        One two = new One(PATIENT);
        for (int i = 0; i < 100 && dapr.published(Topics.TASK_EVENTS).size() < 10; i++) {
            Thread.sleep(50);
        }
        two.replica.stopRelay();
        List<CloudEvent> all = dapr.published(Topics.TASK_EVENTS);
        assertEquals(
                List.of(LIST + "/22", LIST + "/31"),
                List.of(all.get(0).id(), all.get(all.size() - 1).id()));
    }

    /** Says that the list's changes are on both topics up to a number. */
    private void published(long mark) {
        dapr.tamper(Keys.pending(Keys.shard(LIST)), Json.text(Pending.none().with(LIST, mark)));
    }

    /** How many changes both topics have. */
    private long bothTopics() {
        return Math.min(distinct(Topics.TASK_EVENTS), distinct(Topics.TASK_UPDATES));
    }

    private long distinct(String topic) {
        return dapr.published(topic).stream().map(CloudEvent::id).distinct().count();
    }

    private static boolean tryToCreate(One replica, String title) {
        try {
            replica.create(title);
            return true;
        } catch (Unavailable e) {
            return false;
        }
    }

    private final class One {
        final Replica replica;

        One(Duration limit) {
            replica = new Replica(dapr, limit, 10_000_000).startRelay().start();
            replicas.add(this);
        }

        void makeList() {
            makeList(LIST);
        }

        void makeList(String list) {
            replica.write(newList(list));
        }

        TaskId create(String title) {
            return replica.write(Write.to(LIST, draft -> {
                Head more = draft.head(LIST).orElseThrow().withTask();
                draft.put(more);
                TaskId id = new TaskId(LIST, more.tasks());
                TaskFields none = TaskFields.defaults(LIST, ZoneOffset.UTC);
                TaskFields fields = none.merge(Json.object().put("title", title), none);
                LedgerTask task = LedgerTask.created(id, fields, "alice", draft.at(LIST));
                draft.change(LIST, ChangeType.TASK_CREATED, "alice", null, task);
                return id;
            }));
        }

        Head head() {
            return replica.decide(
                    documents -> Accepted.unchanged(Head.of(documents, LIST).orElseThrow()));
        }

        /** Keeps ten, and what is younger. */
        void trim(Duration kept, long audit, long reminder) {
            Trimming trimming = new Trimming(10, kept);
            Replica third = new Replica(dapr).bind("trimming", trimming).start();
            Optional<String> candidates = third.decide(trimming.candidates(Instant.now()));
            trimming.followed(
                            candidates.orElseThrow(),
                            Json.object().put(LIST, audit).toString(),
                            Json.object().put(LIST, reminder).toString())
                    .forEach(followed -> third.send("direct:ledger.trim-list", followed, Map.of()));
            third.stop();
        }

        List<Change> changes() {
            return changes(0);
        }

        List<Change> changes(long after) {
            List<Change> changes = new ArrayList<>();
            replica.decide(ListChanges.published(LIST, after))
                    .path("changes")
                    .forEach(change -> changes.add(Json.read(change, Change.class)));
            return changes;
        }
    }
}
