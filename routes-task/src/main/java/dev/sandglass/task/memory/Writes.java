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
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Writes that wait for their turn: the steps of {@code direct:ledger.write} around a decision. Of a list one transaction at a time is
 * under way within this replica; between replicas the head's ETag decides. What waits meanwhile is written together: that of one list,
 * and that of different lists, since what a transaction costs is mostly its own.
 */
@Singleton
@Named("writes")
public class Writes {
    private static final int MOST_AT_ONCE = 64;
    /** More at once are slower: the database takes the writes of a transaction one by one. */
    private static final int LISTS_AT_ONCE = 8;
    /** Batches under way; beyond them what comes waits, and shares. */
    private static final int BATCHES = 4;
    /** A batch that takes longer than this holds up its own lists alone. */
    private static final long SLOW = TimeUnit.MILLISECONDS.toNanos(50);

    private final Shards shards;
    private final Duration limit;
    private final Clock clock;
    /** In the order in which they came. */
    private final List<Own> waiting = new LinkedList<>();
    /** Lists, and what else nobody but one writes, of the batches under way. */
    private final Set<String> busy = new HashSet<>();
    /** Since when there are batches under way, by the monotonic clock in nanoseconds. */
    private final Map<Own, Long> begun = new HashMap<>();

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
        /** Released when it is settled, or is to write a batch. */
        private final Semaphore turn = new Semaphore(0);
        /** The writes it is to make, its own included. */
        private volatile List<Own> batch = List.of();

        private volatile @Nullable Outcome outcome;
        /** True if it goes with those of its own list alone. */
        private boolean apart;
        /** When its time is over; 0 before its first turn. */
        private long end;

        Own(Write<?> write) {
            // Another request may write it along with its own.
            waiting = new Batch.Waiting(write, Trace.current());
        }

        Write<?> write() {
            return waiting.write();
        }

        /** The lists that nobody else may write meanwhile. */
        Set<String> exclusive() {
            if (!write().alone()) {
                return write().lists();
            }
            // A user's document is written by all who make them lists at once.
            Set<String> all = new HashSet<>(write().keys());
            all.addAll(write().lists());
            return all;
        }

        /** Tells if it shares nothing with other lists: it neither waits for room nor takes it. */
        boolean isLone() {
            return apart || write().alone();
        }

        void lead(List<Own> all) {
            batch = all;
            turn.release();
        }

        void settle(Outcome settled) {
            outcome = settled;
            turn.release();
        }
    }

    /** A request that waits or writes, and what it holds meanwhile. */
    public static final class Turn {
        private final Own own;
        private final List<Semaphore> held = new ArrayList<>();
        private List<Own> batch = List.of();
        private Set<String> shardKeys = Set.of();
        private Map<String, Stored> known = Map.of();

        Turn(Own own) {
            this.own = own;
        }

        private boolean isOfSeveral() {
            return batch.stream().map(one -> one.write().lists()).distinct().count() > 1;
        }

        private long end() {
            return batch.stream().mapToLong(one -> one.end).max().orElseThrow();
        }

        private void leaveShards() {
            held.forEach(Semaphore::release);
            held.clear();
            shardKeys = Set.of();
            known = Map.of();
        }
    }

    public Turn enter(@Body Write<?> write) {
        Own own = new Own(write);
        synchronized (this) {
            waiting.add(own);
            handOut();
        }
        return new Turn(own);
    }

    /** Waits until it is a write's turn, and again where it is not settled by that; false once it is, mostly along with others. */
    public boolean isOpen(@ExchangeProperty("turn") Turn turn) {
        if (turn.batch.isEmpty() && turn.own.outcome == null) {
            await(turn.own);
            turn.batch = turn.own.batch;
        }
        return !turn.batch.isEmpty();
    }

    private void await(Own own) {
        boolean interrupted = false;
        boolean waits = true;
        while (waits) {
            try {
                waits = !own.turn.tryAcquire(SLOW, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (waits) {
                handOut();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives what waits, as far as it can be written now, to one of each batch. */
    private synchronized void handOut() {
        long now = System.nanoTime();
        for (List<Own> batch = take(now); !batch.isEmpty(); batch = take(now)) {
            Own leader = batch.get(0);
            begun.put(leader, leader.isLone() ? now - SLOW : now);
            for (Own one : batch) {
                busy.addAll(one.exclusive());
                one.end = one.end == 0 ? now + limit.toNanos() : one.end;
            }
            leader.lead(batch);
        }
    }

    /** The first that can be written now, and what can be written along with it. Nobody is overtaken at what they wait for. */
    private List<Own> take(long now) {
        boolean room =
                begun.values().stream().filter(since -> now - since < SLOW).count() < BATCHES;
        Set<String> claimed = new HashSet<>(busy);
        Set<Set<String>> lists = new HashSet<>();
        List<Own> batch = new ArrayList<>();
        for (Own one : waiting) {
            boolean first = batch.isEmpty() && (room || one.isLone());
            boolean joins = !batch.isEmpty()
                    && batch.size() < MOST_AT_ONCE
                    && !batch.get(0).write().alone()
                    && !one.write().alone()
                    && (lists.contains(one.write().lists())
                            || lists.size() < LISTS_AT_ONCE && !one.apart && !batch.get(0).apart);
            if ((first || joins) && Collections.disjoint(one.exclusive(), claimed)) {
                batch.add(one);
                lists.add(one.write().lists());
            } else {
                claimed.addAll(one.exclusive());
            }
        }
        waiting.removeAll(batch);
        return batch;
    }

    /** When its time is over, by the monotonic clock in nanoseconds. */
    public long until(@ExchangeProperty("turn") Turn turn) {
        return turn.end();
    }

    /** The batch it is to write; the same again with the documents of shards. */
    public Batch next(@ExchangeProperty("turn") Turn turn) {
        SortedSet<String> lists = new TreeSet<>();
        turn.batch.forEach(one -> lists.addAll(one.write().lists()));
        return new Batch(
                turn.batch.stream().map(own -> own.waiting).toList(),
                lists,
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
        if (decided.may()) {
            end(turn, decided.outcomes());
        } else {
            shards.enter(draft.shards(), turn.held, turn.end());
            turn.shardKeys = draft.shardKeys();
            turn.known = draft.read().seen();
        }
    }

    /** Tells all of the batch what went wrong. */
    public void failed(
            @ExchangeProperty("turn") Turn turn,
            @ExchangeProperty("attempt") @Nullable Attempt<?> attempt,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
        Unavailable away = failure instanceof Unavailable unavailable ? unavailable : null;
        boolean unsure = attempt != null && attempt.isUnsure() && !(failure instanceof Rejection);
        if (away == null && !unsure && (attempt == null || attempt.isOpen()) && turn.isOfSeveral()) {
            // List by list it shows which of them the store does not take.
            end(turn, Collections.nCopies(turn.batch.size(), null));
        } else if (away != null ? away.isOutcomeUnknown() : unsure) {
            fail(
                    turn,
                    new Rejection(
                                    Reason.NOT_NOW,
                                    "The state store did not answer in time; the change may have been made")
                            .with("outcome", TextNode.valueOf("unknown")));
        } else if (away != null && away.conflict()) {
            fail(turn, Shards.tooMany());
        } else {
            fail(turn, failure instanceof RuntimeException thrown ? thrown : new IllegalStateException(failure));
        }
    }

    public void leave(@ExchangeProperty("turn") Turn turn) {
        if (!turn.batch.isEmpty()) {
            fail(turn, new IllegalStateException("not settled"));
        }
    }

    private void fail(Turn turn, RuntimeException told) {
        end(turn, Collections.nCopies(turn.batch.size(), new Outcome(null, told)));
    }

    /** @param outcomes of the batch; null for one that has another turn, without those of other lists */
    private void end(Turn turn, List<@Nullable Outcome> outcomes) {
        turn.leaveShards();
        List<Own> batch = turn.batch;
        turn.batch = List.of();
        turn.own.batch = List.of();
        List<Own> again = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            Outcome outcome = outcomes.get(i);
            if (outcome == null) {
                again.add(batch.get(i));
            } else {
                batch.get(i).settle(outcome);
            }
        }
        synchronized (this) {
            batch.forEach(one -> busy.removeAll(one.exclusive()));
            begun.remove(turn.own);
            again.forEach(one -> one.apart = true);
            waiting.addAll(0, again);
            handOut();
        }
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
}
