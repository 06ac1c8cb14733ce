package dev.sandglass.task.ledger;

import dev.sandglass.events.Change;
import dev.sandglass.events.CloudEvent;
import dev.sandglass.events.Json;
import dev.sandglass.events.Topics;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.DeadLetters;
import dev.sandglass.support.Problem;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.Unavailable;
import dev.sandglass.task.domain.Head;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.Pending;
import dev.sandglass.task.domain.StoredChange;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jboss.logging.Logger;

/**
 * Brings every committed change to Kafka, in order within a list, whatever dies next. What this replica writes goes out right after
 * the answer; what another left behind is found in {@code pending/<shard>}. A change may go out twice, never not at all.
 */
@Singleton
@Named("relay")
public class Relay {
    private static final Logger LOG = Logger.getLogger(Relay.class);
    private static final int THREADS = 8;
    /** Over all lists; during an outage the rest lies in the ledger alone. */
    private static final int MOST_IN_MEMORY = 1_000;

    private static final int CHANGES_PER_MARK = 1_000;
    private static final long NANOS_PER_MARK = TimeUnit.SECONDS.toNanos(5);
    private static final long NANOS_QUIET = TimeUnit.SECONDS.toNanos(5);
    /** Longer than a mark of a replica that works may stand still. */
    private static final long NANOS_LEFT_BEHIND = TimeUnit.SECONDS.toNanos(8);

    private static final int FAILURES_WHEN_AWAY = 3;
    /** Where a dead letter of a topic is published again, see {@code task.relay.publish-again}. */
    private static final String PUBLISH_AGAIN = "internal/publish/";

    private static final int LONGEST_PAUSE_MILLIS = 2_000;

    private final Dapr dapr;
    private final DeadLetters deadLetters;
    private final Shards shards;
    private final Map<String, Outbox> outboxes = new ConcurrentHashMap<>();
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();
    /** What comes while the service stops is left behind, for another replica or the next start. */
    private final ScheduledExecutorService workers =
            new ScheduledThreadPoolExecutor(THREADS, new ThreadPoolExecutor.DiscardPolicy());

    private final AtomicInteger failures = new AtomicInteger();
    /**
     * Lists whose last attempt failed; their turn comes again. Were each to ask on its own, an outage would cost more the more lists wait, and Dapr's Kafka client
     * would go on refusing for ten seconds after it (its breaker, one for each partition: three errors open it).
     */
    private final Queue<String> paused = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean goesOn = new AtomicBoolean();
    private int inMemory;
    private boolean first = true;

    /** A mark of another replica's, and since when it has stood there, by the monotonic clock. */
    private record Seen(long mark, long since) {}

    Relay(Dapr dapr, DeadLetters deadLetters, Shards shards, MeterRegistry metrics) {
        this.dapr = dapr;
        this.deadLetters = deadLetters;
        this.shards = shards;
        metrics.gauge(
                "sandglass_relay_waiting",
                outboxes,
                all -> all.values().stream()
                        .mapToLong(outbox -> outbox.known() - outbox.published())
                        .sum());
    }

    /** Takes what was just written. */
    void written(Draft draft) {
        long now = System.nanoTime();
        for (Draft.Recorded recorded : draft.changes()) {
            Change change = recorded.change();
            boolean run;
            // A list that was not pending had everything published before this change.
            long before = draft.publishedBefore(change.list());
            synchronized (this) {
                Outbox outbox = outboxes.get(change.list());
                if (outbox == null) {
                    if (before < 0) {
                        // Another replica made it pending: its mark says what is out.
                        continue;
                    }
                    outbox = new Outbox(before, before, now);
                    outboxes.put(change.list(), outbox);
                }
                outbox.heard(change.seq(), now);
                if (inMemory < MOST_IN_MEMORY && !away()) {
                    outbox.keep(new Outbox.Leaving(change, recorded.trace()));
                    inMemory++;
                }
                run = outbox.start();
            }
            if (run) {
                begin(change.list());
            }
        }
        draft.heads().keySet().stream()
                .filter(list -> !outboxes.containsKey(list))
                .forEach(list -> workers.execute(() -> adopt(list)));
    }

    /** Looks after what is pending: takes over what was left behind, moves marks, takes out lists that are quiet. */
    public void sweep() {
        long now = System.nanoTime();
        Map<String, Stored> shards = dapr.read(
                IntStream.range(0, Keys.SHARDS).mapToObj(Keys::pending).toList());
        Map<String, Seen> still = new HashMap<>();
        for (Stored shard : shards.values()) {
            if (shard.absent()) {
                continue;
            }
            shard.as(Pending.class).lists().forEach((list, mark) -> {
                Outbox outbox = outboxes.get(list);
                if (outbox != null) {
                    lookAfter(list, outbox, now);
                    return;
                }
                Seen before = seen.get(list);
                Seen current = before != null && before.mark == mark ? before : new Seen(mark, now);
                still.put(list, current);
                if (first || now - current.since > NANOS_LEFT_BEHIND) {
                    adopt(list, mark);
                }
            });
        }
        seen.keySet().retainAll(still.keySet());
        seen.putAll(still);
        first = false;
    }

    private void lookAfter(String list, Outbox outbox, long now) {
        boolean quiet;
        boolean move;
        synchronized (this) {
            quiet = !outbox.behind() && now - outbox.activeAt() > NANOS_QUIET;
            move = outbox.published() > outbox.mark() && now - outbox.markedAt() > NANOS_PER_MARK;
        }
        try {
            if (quiet) {
                alone(list, () -> takeOut(list, outbox));
            } else if (move) {
                mark(list, outbox);
            }
        } catch (Unavailable | Problem e) {
            LOG.debugf("the mark of %s waits: %s", list, e.getMessage());
        }
    }

    private void adopt(String list) {
        Stored shard = dapr.read(Keys.pending(Keys.shard(list)));
        Long mark = shard.absent() ? null : shard.as(Pending.class).lists().get(list);
        if (mark != null) {
            adopt(list, mark);
        }
    }

    private void adopt(String list, long mark) {
        Stored head = dapr.read(Keys.head(list));
        if (head.absent()) {
            return;
        }
        long seq = head.as(Head.class).seq();
        boolean run;
        synchronized (this) {
            Outbox outbox = outboxes.computeIfAbsent(list, key -> new Outbox(mark, seq, System.nanoTime()));
            outbox.known(seq);
            run = outbox.start();
        }
        if (run) {
            begin(list);
        }
    }

    private void begin(String list) {
        workers.execute(() -> publish(list));
    }

    private void publish(String list) {
        Outbox outbox = outboxes.get(list);
        if (outbox == null) {
            return;
        }
        // None of so many went out.
        int tried = 0;
        try {
            while (true) {
                List<Outbox.Leaving> batch;
                synchronized (this) {
                    if (!outbox.behind()) {
                        outbox.stop();
                        return;
                    }
                    batch = outbox.next(most(outbox));
                }
                if (batch.isEmpty()) {
                    batch = read(list, outbox);
                }
                if (batch.isEmpty()) {
                    continue;
                }
                tried = batch.size();
                int certain = Math.min(
                        publish(
                                Topics.TASK_UPDATES,
                                list,
                                batch.stream().map(Outbox.Leaving::asUpdate).toList()),
                        publish(
                                Topics.TASK_EVENTS,
                                list,
                                batch.stream().map(Outbox.Leaving::asEvent).toList()));
                boolean move;
                synchronized (this) {
                    if (certain > 0) {
                        tried = 0;
                        outbox.widen();
                        published(outbox, batch.get(certain - 1).change().seq());
                    }
                    move = outbox.published() - outbox.mark() >= CHANGES_PER_MARK;
                }
                if (move) {
                    mark(list, outbox);
                }
                if (certain > 0 && failures.getAndSet(0) >= FAILURES_WHEN_AWAY) {
                    goOn(paused.size());
                }
                if (certain < batch.size()) {
                    throw new Unavailable("the broker", null);
                }
            }
        } catch (RuntimeException e) {
            if (tried > 0) {
                synchronized (this) {
                    outbox.narrow(tried);
                }
            }
            if (failures.incrementAndGet() == 1) {
                LOG.warnf("Changes wait in the ledger: %s", e.getMessage());
            }
            pause(list);
        }
    }

    /**
     * Publishes on one topic. An event that the broker calls too large is a dead letter, and the list goes on: who misses it reads it
     * from the ledger.
     *
     * @return how many, from the first, are out or parked for certain
     */
    private int publish(String topic, String list, List<CloudEvent> events) {
        try {
            return dapr.publish(topic, list, events);
        } catch (Unavailable e) {
            if (events.size() > 1 || !e.tooLarge()) {
                throw e;
            }
            deadLetters.park(topic, PUBLISH_AGAIN + topic, Json.text(events.get(0)), String.valueOf(e.getCause()), 1);
            return 1;
        }
    }

    private void pause(String list) {
        paused.add(list);
        goOnLater();
    }

    private void goOnLater() {
        if (goesOn.compareAndSet(false, true)) {
            long pause = Math.min(LONGEST_PAUSE_MILLIS, 100L << Math.min(failures.get(), 5));
            workers.schedule(this::askAgain, pause, TimeUnit.MILLISECONDS);
        }
    }

    /** While the broker is away one list finds out whether it is back, each time another one; then all go on. */
    private void askAgain() {
        goesOn.set(false);
        goOn(away() ? 1 : paused.size());
        if (!paused.isEmpty()) {
            goOnLater();
        }
    }

    private void goOn(int lists) {
        for (int i = 0; i < lists; i++) {
            String list = paused.poll();
            if (list != null) {
                begin(list);
            }
        }
    }

    /** Whether it is the broker that does not take changes, rather than a call that went wrong. */
    private boolean away() {
        return failures.get() >= FAILURES_WHEN_AWAY;
    }

    /** While the broker is away one change is enough to find out. */
    private int most(Outbox outbox) {
        return away() ? 1 : outbox.atOnce();
    }

    private void published(Outbox outbox, long seq) {
        inMemory -= outbox.kept();
        outbox.published(seq);
        inMemory += outbox.kept();
    }

    private List<Outbox.Leaving> read(String list, Outbox outbox) {
        long after = outbox.published();
        List<String> keys = LongStream.rangeClosed(after + 1, Math.min(outbox.known(), after + most(outbox)))
                .mapToObj(seq -> Keys.change(list, seq))
                .toList();
        Map<String, Stored> stored = dapr.read(keys);
        List<Outbox.Leaving> changes = new ArrayList<>();
        for (String key : keys) {
            Stored change = stored.get(key);
            if (change == null || change.absent()) {
                break;
            }
            changes.add(
                    new Outbox.Leaving(Json.read(change.as(StoredChange.class).data(), Change.class), null));
        }
        if (changes.isEmpty()) {
            passTrimmed(list, outbox);
        }
        return changes;
    }

    /** What was trimmed had been published, by another replica: this one had not heard of it. */
    private void passTrimmed(String list, Outbox outbox) {
        long first = dapr.read(Keys.head(list)).as(Head.class).first();
        if (first <= outbox.published() + 1) {
            throw new Unavailable("change " + (outbox.published() + 1) + " of " + list, null);
        }
        synchronized (this) {
            published(outbox, first - 1);
        }
    }

    private void alone(String list, Runnable write) {
        shards.alone(new TreeSet<>(Set.of(Keys.shard(list))), System.nanoTime() + NANOS_PER_MARK, () -> {
            write.run();
            return true;
        });
    }

    private void mark(String list, Outbox outbox) {
        alone(list, () -> move(list, outbox));
    }

    private void move(String list, Outbox outbox) {
        long published = outbox.published();
        Stored shard = dapr.read(Keys.pending(Keys.shard(list)));
        if (!shard.absent() && shard.as(Pending.class).lists().containsKey(list)) {
            dapr.commit(new Transaction().replace(shard, shard.as(Pending.class).with(list, published)));
        }
        synchronized (this) {
            outbox.marked(published, System.nanoTime());
        }
    }

    /** On the ETag of a head whose last change is published: after a conflict the comparison is made again, by the next sweep. */
    private void takeOut(String list, Outbox outbox) {
        Stored head = dapr.read(Keys.head(list));
        Stored shard = dapr.read(Keys.pending(Keys.shard(list)));
        if (head.absent() || shard.absent() || head.as(Head.class).seq() != outbox.published()) {
            synchronized (this) {
                if (!head.absent()) {
                    outbox.known(head.as(Head.class).seq());
                }
            }
            adopt(list, outbox.published());
            return;
        }
        dapr.commit(new Transaction()
                .replace(head, head.as(Head.class).withPending(false))
                .replace(shard, shard.as(Pending.class).with(list, null)));
        synchronized (this) {
            if (!outbox.behind()) {
                outboxes.remove(list);
            }
        }
    }

    void stop(@Observes ShutdownEvent stopping) {
        workers.shutdown();
    }
}
