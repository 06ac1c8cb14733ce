package dev.sandglass.task.memory;

import dev.sandglass.events.Change;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Keyed;
import dev.sandglass.support.domain.ParkEvent;
import dev.sandglass.support.memory.Backlog;
import dev.sandglass.task.domain.Batch;
import dev.sandglass.task.domain.Changes;
import dev.sandglass.task.domain.Departure;
import dev.sandglass.task.domain.Departure.Leaving;
import dev.sandglass.task.domain.Departures;
import dev.sandglass.task.domain.Draft;
import dev.sandglass.task.domain.Keys;
import dev.sandglass.task.domain.Marks;
import dev.sandglass.task.domain.Marks.Mark;
import dev.sandglass.task.domain.Pending;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The lists with changes that are not published yet, as far as this replica looks after them: those it writes itself, and those that
 * another left behind in {@code pending/<shard>}. The route {@code task.relay.publish} takes them in turn, each list at one place at a
 * time.
 */
@Singleton
@Named("outboxes")
public class Outboxes implements Backlog {
    private static final Logger LOG = Logger.getLogger("dev.sandglass.relay");
    /** Characters over all lists, about those of 1,000 changes; during an outage the rest lies in the ledger alone. */
    private static final int MOST_IN_MEMORY = 4_000_000;

    /** Changes of different lists that leave together. */
    private static final int MOST_TOGETHER = 100;

    private static final int CHANGES_PER_MARK = 1_000;
    private static final long NANOS_PER_MARK = TimeUnit.SECONDS.toNanos(5);
    private static final long NANOS_QUIET = TimeUnit.SECONDS.toNanos(5);
    /** Longer than a mark of a replica that works may stand still. */
    private static final long NANOS_LEFT_BEHIND = TimeUnit.SECONDS.toNanos(8);

    /** Somewhat less than two sweeps. */
    private static final long NANOS_PER_LOOK = TimeUnit.MILLISECONDS.toNanos(3_500);

    private static final int FAILURES_WHEN_AWAY = 3;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final Map<String, Outbox> outboxes = new HashMap<>();
    private final Map<String, Seen> seen = new HashMap<>();
    /** Lists whose turn it is. */
    private final Queue<String> ready = new ArrayDeque<>();
    /**
     * Lists whose last attempt failed; their turn comes again. Were each to ask on its own, an outage would cost more the more lists
     * wait, and Dapr's Kafka client would go on refusing for ten seconds after it (its breaker, one for each partition: three errors
     * open it).
     */
    private final Queue<String> paused = new ArrayDeque<>();

    private long pausedUntil;
    private int failures;
    /** Characters. */
    private long inMemory;

    private boolean first = true;
    private long lookedAt;

    /** A mark of another replica's, and since when it has stood there, by the monotonic clock. */
    private record Seen(long mark, long since) {}

    public Outboxes(MeterRegistry metrics) {
        metrics.gauge("sandglass_relay_waiting", this, Outboxes::waiting);
    }

    private synchronized long waiting() {
        return outboxes.values().stream()
                .mapToLong(outbox -> outbox.known - outbox.published)
                .sum();
    }

    /** Takes changes that were just written. */
    public synchronized void written(@Body Batch.Decided decided) {
        for (Draft.Recorded recorded : decided.written()) {
            Change change = recorded.change();
            written(change, recorded.trace(), decided.draft().publishedBefore(change.list()));
        }
    }

    /**
     * Takes a change that was just written.
     *
     * @param before all changes up to here are published; -1 where only the mark that another replica made says that
     */
    synchronized void written(Change change, @Nullable String trace, long before) {
        long now = System.nanoTime();
        Outbox outbox = outboxes.get(change.list());
        if (outbox == null) {
            outbox = new Outbox(before, before, now);
            outboxes.put(change.list(), outbox);
        }
        outbox.heard(change.seq(), now);
        if (inMemory < MOST_IN_MEMORY && !away()) {
            Leaving leaving = new Leaving(change, trace);
            outbox.keep(leaving);
            inMemory += leaving.weight();
        }
        begin(change.list(), outbox);
    }

    private void begin(String list, Outbox outbox) {
        if (outbox.behind() && outbox.start()) {
            ready.add(list);
            notifyAll();
        }
    }

    @Override
    public synchronized @Nullable Departures take(Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        while (true) {
            long now = System.nanoTime();
            if (!paused.isEmpty() && now - pausedUntil >= 0) {
                // While the broker is away one list finds out whether it is back, each time another one.
                goOn(away() ? 1 : paused.size());
            }
            List<Departure> next = next();
            if (!next.isEmpty()) {
                return new Departures(next);
            } else if (now - end >= 0) {
                return null;
            } else {
                long until = paused.isEmpty() ? end : Math.min(end, pausedUntil);
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, until - now));
            }
        }
    }

    /** The first whose turn it is; with those that can leave along with it. */
    private List<Departure> next() {
        List<Departure> next = new ArrayList<>();
        int size = 0;
        boolean joins = true;
        while (joins && !ready.isEmpty()) {
            Outbox outbox = outboxes.get(ready.element());
            if (outbox == null) {
                ready.remove();
            } else {
                // While the broker is away one change is enough to find out.
                int most = away() ? 1 : outbox.atOnce;
                Departure one = new Departure(ready.element(), outbox.published, outbox.known, most, outbox.next(most));
                // A list that did not go out goes alone; what is in memory does not wait for what has to be read.
                joins = !away()
                        && outbox.isWide()
                        && (next.isEmpty() || next.get(0).isRead() == one.isRead());
                int together = one.isRead() ? Changes.READ_AT_ONCE : MOST_TOGETHER;
                if (next.isEmpty() || joins && size + one.weight() <= together) {
                    ready.remove();
                    next.add(one);
                    size += one.weight();
                } else {
                    joins = false;
                }
            }
        }
        return next;
    }

    private void goOn(int lists) {
        for (int i = 0; i < lists; i++) {
            ready.add(paused.remove());
        }
        pause();
        notifyAll();
    }

    private void pause() {
        pausedUntil = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(Math.min(LONGEST_PAUSE_MILLIS, 100L << Math.min(failures, 5)));
    }

    /** True where something must be read before anything can leave. */
    public boolean isToRead(@ExchangeProperty("departures") Departures departures) {
        return departures.isToRead();
    }

    /** The keys of that. */
    public Set<String> wanted(@ExchangeProperty("departures") Departures departures) {
        return departures.wanted();
    }

    /** True where something leaves. */
    public boolean isToPublish(@ExchangeProperty("departures") Departures departures) {
        return departures.size() > 0;
    }

    /** The changes that leave, for <em>task-updates</em>. */
    public List<Keyed> updates(@ExchangeProperty("departures") Departures departures) {
        return departures.updates();
    }

    /** The changes that leave, for <em>task-events</em>. */
    public List<Keyed> events(@ExchangeProperty("departures") Departures departures) {
        return departures.events();
    }

    public Departures read(@ExchangeProperty("departures") Departures departures, @Body Map<String, Stored> documents) {
        return departures.read(documents);
    }

    /**
     * Takes what became of departures.
     *
     * @param updates how many of each are certainly on <em>task-updates</em>; null where there was nothing to publish
     * @param events how many of each are certainly on <em>task-events</em>
     * @return the marks that are to be moved by now; none mostly
     */
    public synchronized List<Marks> left(
            @ExchangeProperty("departures") Departures departures,
            @ExchangeProperty("updates") @Nullable List<Integer> updates,
            @ExchangeProperty("events") @Nullable List<Integer> events) {
        int before = failures;
        List<Mark> marks = new ArrayList<>();
        for (int i = 0; i < departures.all().size(); i++) {
            int certain = updates == null || events == null ? 0 : Math.min(updates.get(i), events.get(i));
            marks.addAll(left(departures.all().get(i), certain));
        }
        failures = Math.min(failures, before + 1);
        return Marks.of(marks, Instant.now());
    }

    private List<Mark> left(Departure departure, int certain) {
        Outbox outbox = outboxes.get(departure.list());
        if (outbox == null) {
            return List.of();
        }
        if (departure.after() < 0) {
            if (departure.known() >= 0 && outbox.known > departure.known()) {
                // A change came behind the look at what is pending: look again.
                outbox.stop();
                begin(departure.list(), outbox);
            } else {
                // Whatever it was, it is published.
                inMemory -= outbox.kept;
                outboxes.remove(departure.list());
            }
            return List.of();
        }
        outbox.known(departure.known());
        if (departure.size() == 0 && departure.after() == outbox.published && outbox.behind()) {
            failed(departure, 0, "the store lacks change " + (departure.after() + 1) + " of " + departure.list());
            return List.of();
        }
        published(outbox, departure.upTo(certain));
        if (certain > 0 || departure.size() == 0) {
            outbox.widen();
            if (away()) {
                // It was the broker, not the size of what was sent to it.
                paused.stream().map(outboxes::get).filter(Objects::nonNull).forEach(Outbox::widenAll);
                ready.addAll(paused);
                paused.clear();
                notifyAll();
            }
            failures = 0;
        }
        if (certain < departure.size()) {
            failed(departure, certain == 0 ? departure.size() : 0, "the broker did not take all");
        } else {
            outbox.stop();
            begin(departure.list(), outbox);
        }
        return outbox.published - outbox.mark >= CHANGES_PER_MARK
                ? List.of(new Mark(departure.list(), outbox.published, false))
                : List.of();
    }

    /** Takes that nothing left. */
    public synchronized void stayed(
            @ExchangeProperty("departures") Departures departures,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception why) {
        int before = failures;
        // Lists that cannot be read together are read alone, for they may be too large.
        int least = departures.all().size() > 1 ? 1 : 0;
        departures.all().forEach(one -> failed(one, Math.max(least, one.size()), String.valueOf(why.getMessage())));
        failures = Math.min(failures, before + 1);
    }

    /** The body's one event, which the broker of a topic calls too large. */
    public ParkEvent tooLarge(
            @Body List<Keyed> one,
            @ExchangeProperty("topic") String topic,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Unavailable why) {
        return new ParkEvent(
                topic,
                "internal/publish/" + topic,
                Json.text(one.get(0).event()),
                String.valueOf(why.getCause()),
                1,
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
    }

    private void failed(Departure departure, int tried, String why) {
        Outbox outbox = outboxes.get(departure.list());
        if (outbox == null) {
            return;
        }
        if (tried > 0) {
            outbox.narrow(tried);
        }
        failures++;
        if (failures == 1) {
            LOG.warnf("Changes wait in the ledger: %s", why);
        }
        if (paused.isEmpty()) {
            pause();
        }
        paused.add(departure.list());
        notifyAll();
    }

    /** Tells if it is the broker that does not take changes, rather than a call that went wrong. */
    private boolean away() {
        return failures >= FAILURES_WHEN_AWAY;
    }

    private void published(Outbox outbox, long seq) {
        inMemory -= outbox.kept;
        outbox.published(seq);
        inMemory += outbox.kept;
    }

    /** The marks that are to be moved, and the quiet lists that are to go out. */
    public synchronized List<Marks> marks() {
        long now = System.nanoTime();
        List<Mark> marks = new ArrayList<>();
        outboxes.forEach((list, outbox) -> mark(list, outbox, now).ifPresent(marks::add));
        return Marks.of(marks, Instant.now());
    }

    /** Tells if it is time to look for what other replicas left behind: all shards are read for it. */
    public synchronized boolean isToLook() {
        long now = System.nanoTime();
        boolean due = first || now - lookedAt > NANOS_PER_LOOK;
        lookedAt = due ? now : lookedAt;
        return due;
    }

    /** All keys under which lists are that wait. */
    public Collection<String> shards() {
        return IntStream.range(0, Keys.SHARDS).mapToObj(Keys::pending).toList();
    }

    /**
     * Takes over what was left behind.
     *
     * @param shards as {@link #shards()} names them
     * @return the lists that were taken over
     */
    public synchronized Set<String> lookAfter(@Body Map<String, Stored> shards) {
        long now = System.nanoTime();
        Map<String, Seen> still = new HashMap<>();
        Set<String> taken = new HashSet<>();
        // The services that follow the ledger ask for the same documents, and it is told then which cannot be read.
        Map<String, String> unreadable = new HashMap<>();
        for (Stored shard : shards.values()) {
            if (shard.absent()) {
                continue;
            }
            shard.as(Pending.class, unreadable)
                    .ifPresent(pending -> pending.lists().forEach((list, mark) -> {
                        if (outboxes.containsKey(list)) {
                            return;
                        }
                        Seen before = seen.get(list);
                        Seen current = before != null && before.mark == mark ? before : new Seen(mark, now);
                        still.put(list, current);
                        if (first || now - current.since > NANOS_LEFT_BEHIND) {
                            Outbox found = new Outbox(-1, 0, now);
                            outboxes.put(list, found);
                            begin(list, found);
                            taken.add(list);
                        }
                    }));
        }
        seen.keySet().retainAll(still.keySet());
        seen.putAll(still);
        first = false;
        return taken;
    }

    private Optional<Mark> mark(String list, Outbox outbox, long now) {
        boolean quiet = !outbox.behind() && now - outbox.activeAt > NANOS_QUIET;
        boolean move = outbox.published > outbox.mark && now - outbox.markedAt > NANOS_PER_MARK;
        return quiet || move ? Optional.of(new Mark(list, outbox.published, quiet)) : Optional.empty();
    }

    /** Takes what became of marks. */
    public synchronized void marked(@Body List<Marks.Made> all) {
        all.forEach(this::marked);
    }

    private void marked(Marks.Made made) {
        String list = made.mark().list();
        Outbox outbox = outboxes.get(list);
        if (outbox == null) {
            return;
        }
        outbox.marked(made.mark().upTo(), System.nanoTime());
        outbox.known(made.known());
        if (made.gone() && !outbox.behind()) {
            outboxes.remove(list);
        } else {
            begin(list, outbox);
        }
    }
}
