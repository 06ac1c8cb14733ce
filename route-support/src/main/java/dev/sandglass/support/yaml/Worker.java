package dev.sandglass.support.yaml;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.DaprEvents;
import dev.sandglass.support.OneLine;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.ParkEvent;
import dev.sandglass.support.domain.QueueCursor;
import dev.sandglass.support.domain.RouteQueue;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Works off the queue of one route: tries what is due, in the order of each list's events, several lists side by side; what
 * fails waits longer each time, what failed often enough becomes a dead letter. Of several replicas one works; a worker that is not
 * heard of any more is followed by another.
 */
final class Worker implements Runnable {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    private static final int EVENTS_AT_ONCE = 16;
    private static final int FAILED_AT_MOST = 1_000;
    private static final int TRIES_TO_WRITE = 5;
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration BEAT = Duration.ofSeconds(5);
    private static final Duration LOST = Duration.ofSeconds(15);

    private final String route;
    private final Dapr dapr;
    private final LiveFiles live;
    private final Consumer<ParkEvent> park;
    private final Limits limits;
    private final ExecutorService threads;
    private final MeterRegistry meters;
    private final AtomicLong waiting = new AtomicLong();
    private final Gauge gauge;
    private final String me = UUID.randomUUID().toString();
    private final Semaphore work = new Semaphore(0);
    private volatile boolean stopped;
    private long othersBeat = -1;
    private long othersSince;

    /**
     * @param tries after which an event is a dead letter
     * @param perTry how long one may take
     */
    record Limits(int tries, Duration perTry) {}

    Worker(
            String route,
            Dapr dapr,
            LiveFiles live,
            Consumer<ParkEvent> park,
            Limits limits,
            ExecutorService threads,
            MeterRegistry meters) {
        this.route = route;
        this.dapr = dapr;
        this.live = live;
        this.park = park;
        this.limits = limits;
        this.threads = threads;
        this.meters = meters;
        this.gauge = Gauge.builder("sandglass.hooks.waiting", waiting, AtomicLong::get)
                .description("Events that wait for an integrators' route")
                .tag("route", route)
                .register(meters);
    }

    /** Something may have been added. */
    void wake() {
        work.release();
    }

    /** Ends after what is under way. */
    void stop() {
        stopped = true;
        // While it is there, a later worker of the route would get this one's.
        meters.remove(gauge);
        wake();
    }

    @Override
    public void run() {
        try {
            workOffUntilStopped();
        } finally {
            // The next worker may begin at once.
            sign(null);
        }
    }

    private void workOffUntilStopped() {
        while (!stopped) {
            try {
                if (!workOff()) {
                    work.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                    work.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            } catch (Throwable e) {
                try {
                    Thread.sleep(LOOK.toMillis());
                    LOG.warnf("the events of route %s wait: %s", route, OneLine.of(e.getMessage()));
                } catch (InterruptedException interrupted) {
                    return;
                }
            }
        }
    }

    /** @return whether there was something to do */
    private boolean workOff() throws InterruptedException {
        Map<String, Stored> heads = dapr.read(List.of(RouteQueue.in(route), RouteQueue.out(route)));
        Stored in = Objects.requireNonNull(heads.get(RouteQueue.in(route)));
        Stored stored = Objects.requireNonNull(heads.get(RouteQueue.out(route)));
        if (in.absent() || !live.has(Resolved.waiting(route))) {
            return false;
        }
        QueueCursor out = QueueCursor.of(stored);
        long next = in.as(RouteQueue.class).next();
        waiting.set(next - out.first() + out.again().size());
        List<QueueCursor.Failed> due = out.due(next, System.currentTimeMillis(), EVENTS_AT_ONCE, FAILED_AT_MOST);
        if (due.isEmpty() || othersWork(out)) {
            return false;
        }
        QueueCursor mine = out.workedBy(me);
        dapr.commit(new Transaction().replace(stored, mine));
        write(mine, due, tryAll(due));
        return true;
    }

    private boolean othersWork(QueueCursor out) {
        if (out.worker() == null || out.worker().equals(me)) {
            return false;
        }
        if (out.beat() != othersBeat) {
            othersBeat = out.beat();
            othersSince = System.nanoTime();
        }
        return System.nanoTime() - othersSince < LOST.toNanos();
    }

    /** @return those to be tried again */
    private List<QueueCursor.Failed> tryAll(List<QueueCursor.Failed> due) throws InterruptedException {
        Map<String, Stored> events = dapr.read(
                due.stream().map(event -> RouteQueue.event(route, event.n())).toList());
        Map<String, List<QueueCursor.Failed>> byList = due.stream()
                .collect(groupingBy(
                        event -> list(events.get(RouteQueue.event(route, event.n()))), LinkedHashMap::new, toList()));
        List<Future<List<QueueCursor.Failed>>> lists = new ArrayList<>();
        for (List<QueueCursor.Failed> some : byList.values()) {
            lists.add(threads.submit(() -> tryInOrder(some, events)));
        }
        List<QueueCursor.Failed> failed = new ArrayList<>();
        for (Future<List<QueueCursor.Failed>> list : lists) {
            failed.addAll(await(list, () -> sign(me)));
        }
        return failed;
    }

    private static String list(@Nullable Stored event) {
        return event == null || event.absent()
                ? ""
                : Json.read(event.as(String.class), JsonNode.class)
                        .path("data")
                        .path("list")
                        .asText();
    }

    private List<QueueCursor.Failed> tryInOrder(Collection<QueueCursor.Failed> some, Map<String, Stored> events)
            throws InterruptedException {
        List<QueueCursor.Failed> failed = new ArrayList<>();
        for (QueueCursor.Failed event : some) {
            Stored stored = events.get(RouteQueue.event(route, event.n()));
            if (stored != null && !stored.absent()) {
                String why = tried(stored.as(String.class));
                meters.counter("sandglass.hooks.tries", "route", route, "outcome", why == null ? "done" : "failed")
                        .increment();
                if (why != null && !parked(event, stored.as(String.class), why)) {
                    failed.add(new QueueCursor.Failed(
                            event.n(), event.tries() + 1, System.currentTimeMillis() + pause(event)));
                }
            }
        }
        return failed;
    }

    /** Milliseconds: 1, 2, 4 … seconds. */
    private static long pause(QueueCursor.Failed event) {
        return 1_000L << Math.min(event.tries(), 12);
    }

    /** @return why it failed; null when it is done */
    private @Nullable String tried(String text) throws InterruptedException {
        JsonNode event = Json.read(text, JsonNode.class);
        try {
            return live.send(
                                    Resolved.waiting(route),
                                    event.get("data").toString(),
                                    DaprEvents.headers(event),
                                    limits.perTry)
                            .isPresent()
                    ? null
                    : "the route is not there";
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            return OneLine.of(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    /** @return whether it is a dead letter now */
    private boolean parked(QueueCursor.Failed event, String text, String why) {
        if (event.tries() + 1 < limits.tries) {
            return false;
        }
        try {
            park.accept(new ParkEvent(
                    route,
                    "hooks/" + route,
                    text,
                    why,
                    limits.tries,
                    Instant.now().truncatedTo(ChronoUnit.MILLIS)));
            return true;
        } catch (Unavailable e) {
            return false;
        }
    }

    /**
     * Says that this worker lives, or lets go. Where it cannot, its silence says the latter.
     *
     * @param who this worker; null: nobody
     */
    private void sign(@Nullable String who) {
        try {
            Stored stored = dapr.read(RouteQueue.out(route));
            if (me.equals(QueueCursor.of(stored).worker())) {
                dapr.commit(
                        new Transaction().replace(stored, QueueCursor.of(stored).workedBy(who)));
            }
        } catch (Unavailable e) {
            LOG.debugf("not written that route %s is worked on by %s: %s", route, who, e.getMessage());
        }
    }

    /** Writes down what was done; where another took over meanwhile it is his to do, once more. */
    private void write(QueueCursor claimed, List<QueueCursor.Failed> tried, List<QueueCursor.Failed> failed) {
        for (int tries = 1; ; tries++) {
            Stored stored = dapr.read(RouteQueue.out(route));
            QueueCursor out = QueueCursor.of(stored);
            if (!me.equals(out.worker())
                    || out.first() != claimed.first()
                    || !out.again().equals(claimed.again())) {
                return;
            }
            QueueCursor after = out.after(tried, failed);
            Transaction transaction = new Transaction()
                    .replace(stored, after.workedBy(after.again().isEmpty() ? null : me));
            tried.stream()
                    .filter(event -> failed.stream().noneMatch(other -> other.n() == event.n()))
                    .forEach(event -> transaction.delete(RouteQueue.event(route, event.n())));
            try {
                dapr.commit(transaction);
                return;
            } catch (Unavailable e) {
                if (tries == TRIES_TO_WRITE) {
                    throw e;
                }
            }
        }
    }

    private static <T> T await(Future<T> result, Runnable meanwhile) throws InterruptedException {
        while (true) {
            try {
                return result.get(BEAT.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                meanwhile.run();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
    }
}
