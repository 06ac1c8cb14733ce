package dev.sandglass.task.ledger;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.Problem;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Trace;
import dev.sandglass.support.Unavailable;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.StoredChange;
import dev.sandglass.task.memory.Outboxes;
import dev.sandglass.task.memory.Shards;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Writes decisions into the store, each exactly once or not at all. The writes of one list queue within this replica, and those that
 * wait are written together; between replicas the head's ETag decides.
 */
@Singleton
public class Ledger {
    private static final int MOST_AT_ONCE = 64;
    private static final int STRIPES = 1_024;
    private static final int MILLIS_BETWEEN_TRIES = 20;

    private final Dapr dapr;
    private final Views views;
    private final Outboxes outboxes;
    private final Shards shards;
    private final Duration limit;
    private final Clock clock;
    private final Map<String, Queue> queues = new ConcurrentHashMap<>();
    /** One writer per list in this replica; striped, so that the number of lists costs nothing. */
    private final ReentrantLock[] locks = new ReentrantLock[STRIPES];

    @Inject
    Ledger(
            Dapr dapr,
            Views views,
            Outboxes outboxes,
            Shards shards,
            @ConfigProperty(name = "sandglass.task.write-limit") Duration limit) {
        this(dapr, views, outboxes, shards, limit, Clock.systemUTC());
    }

    Ledger(Dapr dapr, Views views, Outboxes outboxes, Shards shards, Duration limit, Clock clock) {
        this.clock = clock;
        this.shards = shards;
        this.dapr = dapr;
        this.views = views;
        this.outboxes = outboxes;
        this.limit = limit;
        for (int i = 0; i < STRIPES; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    /**
     * Makes a decision about one list, together with those about the same list that wait.
     *
     * @throws Problem what the decision refuses; 503 with {@code outcome: unknown} when it may have been written
     * @throws Unavailable when the store is away and nothing was written
     */
    public <T> T write(String list, Write<T> write) {
        Waiting<T> own = new Waiting<>(write);
        queues.compute(list, (key, queue) -> (queue == null ? new Queue() : queue).with(own));
        ReentrantLock lock = locks[stripe(list)];
        lock.lock();
        try {
            // Whoever got the lock before may have done it along with theirs.
            while (!own.settled) {
                run(new TreeSet<>(Set.of(list)), take(list));
            }
        } finally {
            lock.unlock();
        }
        return own.result();
    }

    /**
     * Makes a decision about several lists.
     *
     * @throws Problem as {@link #write(String, Write)}
     * @throws Unavailable likewise
     */
    public <T> T write(SortedSet<String> lists, Write<T> write) {
        Waiting<T> own = new Waiting<>(write);
        // A user's document is written by all who make them lists at once.
        int[] stripes = Stream.concat(lists.stream(), write.keys().stream())
                .mapToInt(Ledger::stripe)
                .sorted()
                .distinct()
                .toArray();
        for (int stripe : stripes) {
            locks[stripe].lock();
        }
        try {
            run(lists, List.of(own));
        } finally {
            for (int stripe : stripes) {
                locks[stripe].unlock();
            }
        }
        return own.result();
    }

    /**
     * Answers a call that changes no list; with an {@code Idempotency-Key}, once.
     *
     * @throws Problem as {@link #write(String, Write)}
     * @throws Unavailable likewise
     */
    public Answer once(@Nullable Once once, Supplier<Answer> answer) {
        return once == null ? answer.get() : write(new TreeSet<>(), Once.guard(once, draft -> answer.get()));
    }

    /**
     * What was answered before, for those who would do or decide something else by now.
     *
     * @throws Problem 422 where it came with another body
     */
    public Optional<Answer> answered(@Nullable Once once) {
        return once == null ? Optional.empty() : once.answered(dapr);
    }

    private void run(SortedSet<String> lists, List<Waiting<?>> batch) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (true) {
                Draft draft = draft(lists, batch);
                for (Waiting<?> waiting : batch) {
                    draft = waiting.decide(draft);
                }
                Draft decided = draft;
                if (draft.isEmpty() || shards.alone(draft.shards(), end, () -> commit(decided, end))) {
                    batch.forEach(waiting -> waiting.settled = true);
                    return;
                }
                pause();
                if (Thread.currentThread().isInterrupted()) {
                    throw new Unavailable("this service, which is stopping,", null);
                }
            }
        } catch (RuntimeException e) {
            batch.forEach(waiting -> waiting.fail(e));
        }
    }

    private Draft draft(SortedSet<String> lists, List<Waiting<?>> batch) {
        Set<String> keys = new LinkedHashSet<>();
        lists.forEach(list -> keys.add(Keys.head(list)));
        batch.forEach(waiting -> keys.addAll(waiting.write.keys()));
        Map<String, Stored> read = keys.size() == 1 ? new HashMap<>() : dapr.read(keys);
        return new Draft(dapr, Instant.now(clock).truncatedTo(ChronoUnit.MILLIS), lists, read);
    }

    /**
     * No answer but a good one tells whether a transaction was written: the draft's witness in the store does.
     *
     * @return whether it was written; false: somebody else was first, decide again
     * @throws Problem 503 with {@code outcome: unknown} when it cannot be told in time
     */
    private boolean commit(Draft draft, long end) {
        var transaction = draft.transaction();
        Optional<String> witness = draft.witness();
        Unavailable failure = null;
        boolean send = true;
        do {
            try {
                if (send) {
                    dapr.commit(transaction);
                    return written(draft);
                }
            } catch (Unavailable e) {
                failure = e;
                send = false;
            }
            try {
                // Before the witness: else heads moved by ourselves between the two looks are taken for another's.
                boolean unmoved = draft.headsUnmoved();
                Optional<Stored> found = witness.map(dapr::read).filter(stored -> !stored.absent());
                if (found.isPresent()) {
                    boolean own = found.get().as(StoredChange.class).commit().equals(draft.commit());
                    return own ? written(draft) : giveUp(end);
                }
                if ((failure != null && failure.conflict()) || !unmoved) {
                    return giveUp(end);
                }
                // Nothing is there and nobody was first: the same transaction can be sent again, it is written once at
                // most.
                send = true;
            } catch (Unavailable e) {
                // It cannot be told now; look again.
                send = false;
            }
            pause();
        } while (System.nanoTime() < end && !Thread.currentThread().isInterrupted());
        throw new Problem(503, "The state store did not answer in time; the change may have been made")
                .with("outcome", TextNode.valueOf("unknown"));
    }

    private boolean giveUp(long end) {
        if (System.nanoTime() > end) {
            throw Shards.tooMany();
        }
        return false;
    }

    private boolean written(Draft draft) {
        views.written(draft);
        draft.changes()
                .forEach(recorded -> outboxes.written(
                        recorded.change(),
                        recorded.trace(),
                        draft.publishedBefore(recorded.change().list())));
        return true;
    }

    private List<Waiting<?>> take(String list) {
        List<Waiting<?>> batch = new ArrayList<>();
        queues.computeIfPresent(list, (key, queue) -> {
            while (batch.size() < MOST_AT_ONCE && !queue.isEmpty()) {
                batch.add(queue.remove());
            }
            return queue.isEmpty() ? null : queue;
        });
        return batch;
    }

    private static int stripe(String list) {
        return Math.floorMod(list.hashCode(), STRIPES);
    }

    private static void pause() {
        try {
            Thread.sleep(1 + (long) (Math.random() * MILLIS_BETWEEN_TRIES));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The writes of a list that wait for their turn. */
    private static final class Queue extends ConcurrentLinkedQueue<Waiting<?>> {
        private static final long serialVersionUID = 1L;

        Queue with(Waiting<?> waiting) {
            add(waiting);
            return this;
        }
    }

    /** A write and what came of it. */
    private static final class Waiting<T> {
        private final Write<T> write;
        /** Whoever holds the lock writes for others too. */
        private final @Nullable String trace = Trace.current();

        private @Nullable T result;
        private @Nullable RuntimeException failure;
        private volatile boolean settled;

        Waiting(Write<T> write) {
            this.write = write;
        }

        /** @return the draft with this decision in it, or as it was where the decision refuses */
        Draft decide(Draft draft) {
            result = null;
            failure = null;
            Draft tried = draft.copy();
            tried.traced(trace);
            try {
                result = write.apply(tried);
                return tried;
            } catch (Unavailable e) {
                throw e;
            } catch (RuntimeException e) {
                failure = e;
                return draft;
            }
        }

        void fail(RuntimeException e) {
            failure = e;
            settled = true;
        }

        @SuppressWarnings("NullAway") // What a write answers may well be null; then T says so.
        T result() {
            if (failure != null) {
                throw failure;
            }
            return result;
        }
    }
}
