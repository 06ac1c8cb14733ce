package dev.sandglass.task.memory;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Trace;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Attempt;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.task.domain.Batch;
import dev.sandglass.task.domain.Batch.Outcome;
import dev.sandglass.task.domain.Draft;
import dev.sandglass.task.domain.Write;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Writes that wait for their turn: the steps of {@code direct:ledger.write} around a decision. The writes of one list queue within this
 * replica, and the one whose turn it is writes all that wait; between replicas the head's ETag decides.
 */
@Singleton
@Named("writes")
public class Writes {
    private static final int MOST_AT_ONCE = 64;
    private static final int STRIPES = 1_024;

    private final Shards shards;
    private final Duration limit;
    private final Clock clock;
    private final Map<String, Queue<Own>> queues = new ConcurrentHashMap<>();
    /** One writer per list in this replica; striped, so that the number of lists costs nothing. */
    private final List<Semaphore> stripes =
            IntStream.range(0, STRIPES).mapToObj(stripe -> new Semaphore(1)).toList();

    @Inject
    Writes(Shards shards, @ConfigProperty(name = "sandglass.task.write-limit") Duration limit) {
        this(shards, limit, Clock.systemUTC());
    }

    public Writes(Shards shards, Duration limit, Clock clock) {
        this.shards = shards;
        this.limit = limit;
        this.clock = clock;
    }

    /** A write of a request and, once it is settled, its outcome. */
    private static final class Own {
        private final Batch.Waiting waiting;
        private volatile @Nullable Outcome outcome;

        Own(Write<?> write) {
            // Another request may write it along with its own.
            waiting = new Batch.Waiting(write, Trace.current());
        }
    }

    /** A request that waits or writes, and what it holds meanwhile. */
    public static final class Turn {
        private final Own own;
        private final List<Semaphore> lists;
        private final List<Semaphore> held = new ArrayList<>();
        private List<Own> batch = List.of();
        private Set<String> shardKeys = Set.of();
        private Map<String, Stored> known = Map.of();
        private long end;

        Turn(Own own, List<Semaphore> lists) {
            this.own = own;
            this.lists = lists;
        }

        private void leaveShards() {
            held.forEach(Semaphore::release);
            held.clear();
            shardKeys = Set.of();
            known = Map.of();
        }
    }

    /** Waits until it is a write's turn, or it was written along with others'. */
    public Turn enter(@Body Write<?> write) {
        Own own = new Own(write);
        Stream<String> exclusive = write.lists().stream();
        if (write.alone()) {
            // A user's document is written by all who make them lists at once.
            exclusive = Stream.concat(exclusive, write.keys().stream());
        } else {
            queues.compute(write.lists().first(), (list, queue) -> {
                Queue<Own> waiting = queue == null ? new ConcurrentLinkedQueue<>() : queue;
                waiting.add(own);
                return waiting;
            });
        }
        List<Semaphore> lists = exclusive
                .map(key -> Math.floorMod(key.hashCode(), STRIPES))
                .sorted()
                .distinct()
                .map(stripes::get)
                .toList();
        lists.forEach(Semaphore::acquireUninterruptibly);
        return new Turn(own, lists);
    }

    /** False once its write is settled; the turn before may have done it along with its own. */
    public boolean isOpen(@ExchangeProperty("turn") Turn turn) {
        return turn.own.outcome == null;
    }

    /** When its time is over, by the monotonic clock in nanoseconds. */
    public long until(@ExchangeProperty("turn") Turn turn) {
        return turn.end;
    }

    /** The write and those that wait with it; or those of the last time again, with what they lacked. */
    public Batch next(@ExchangeProperty("turn") Turn turn) {
        Write<?> write = turn.own.waiting.write();
        if (turn.batch.isEmpty()) {
            turn.batch = write.alone() ? List.of(turn.own) : take(write.lists().first());
            turn.end = System.nanoTime() + limit.toNanos();
        }
        return new Batch(
                turn.batch.stream().map(own -> own.waiting).toList(),
                write.lists(),
                Instant.now(clock).truncatedTo(ChronoUnit.MILLIS),
                turn.shardKeys,
                turn.known);
    }

    /**
     * Settles what was decided; where that is to write documents of shards, enters those first.
     *
     * @throws Rejection when that takes too long
     */
    public void decided(@ExchangeProperty("turn") Turn turn, @Body Batch.Decided decided) {
        turn.leaveShards();
        Draft draft = decided.draft();
        if (!decided.may()) {
            shards.enter(draft.shards(), turn.held, turn.end);
            turn.shardKeys = draft.shardKeys();
            turn.known = draft.read().seen();
            return;
        }
        for (int i = 0; i < turn.batch.size(); i++) {
            turn.batch.get(i).outcome = decided.outcomes().get(i);
        }
        turn.batch = List.of();
    }

    /** Tells all of the batch what went wrong. */
    public void failed(
            @ExchangeProperty("turn") Turn turn,
            @ExchangeProperty("attempt") @Nullable Attempt<?> attempt,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
        boolean away = failure instanceof Unavailable;
        RuntimeException told;
        if (away ? ((Unavailable) failure).isOutcomeUnknown() : attempt != null && attempt.isUnsure()) {
            told = new Rejection(
                            Reason.NOT_NOW, "The state store did not answer in time; the change may have been made")
                    .with("outcome", TextNode.valueOf("unknown"));
        } else if (away && ((Unavailable) failure).conflict()) {
            told = Shards.tooMany();
        } else {
            told = failure instanceof RuntimeException thrown ? thrown : new IllegalStateException(failure);
        }
        turn.batch.forEach(own -> own.outcome = new Outcome(null, told));
    }

    public void leave(@ExchangeProperty("turn") Turn turn) {
        turn.leaveShards();
        turn.lists.forEach(Semaphore::release);
    }

    /** @throws Rejection where the decision refuses; with {@code outcome: unknown} when it may have been written */
    public @Nullable Object answer(@ExchangeProperty("turn") Turn turn) {
        Outcome outcome = turn.own.outcome;
        if (outcome == null) {
            throw new IllegalStateException("not settled");
        }
        if (outcome.refusal() != null) {
            throw outcome.refusal();
        }
        return outcome.answer();
    }

    private List<Own> take(String list) {
        List<Own> batch = new ArrayList<>();
        queues.computeIfPresent(list, (key, queue) -> {
            while (batch.size() < MOST_AT_ONCE && !queue.isEmpty()) {
                batch.add(queue.remove());
            }
            return queue.isEmpty() ? null : queue;
        });
        return batch;
    }
}
