package dev.sandglass.support.memory;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.ClaimEvents;
import dev.sandglass.support.domain.ClaimEvents.Claim;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.EventQueue;
import dev.sandglass.support.domain.EventQueue.Tried;
import dev.sandglass.support.domain.NotTaken;
import dev.sandglass.support.domain.OneLine;
import dev.sandglass.support.domain.ParkEvent;
import dev.sandglass.support.domain.QueueCursor.Failed;
import dev.sandglass.support.domain.RouteEvents;
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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** One queue as this replica works on it: the steps of {@code <service>.hooks.work-off} between its calls of Dapr. */
public final class QueueWork {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration LOST = Duration.ofSeconds(15);
    /** How long a queue may be left alone that whoever adds to it tells of: a replica may have ended before it looked. */
    private static final Duration ALONE = Duration.ofMinutes(2);

    /** The reason for an event that somebody took away while it waited, as old changes are and those of a person who is erased. */
    private static final String KEPT_NO_MORE = "it was taken away before it was posted";

    /** The earliest time of the next look, {@link System#nanoTime}. */
    long next = System.nanoTime();
    /** True from a look to the end of what it leads to. */
    boolean underway;

    final EventQueue queue;
    private final AtomicLong waiting = new AtomicLong();
    final @Nullable Gauge gauge;
    private final String me = UUID.randomUUID().toString();
    /** The claimed events that are not done, by number. */
    private final Map<Long, Failed> left = new ConcurrentSkipListMap<>();

    private final Map<Long, Tried> tried = new ConcurrentSkipListMap<>();
    /** After a look that found nothing to do, the time to the next. */
    private volatile Duration pause = LOOK;

    private volatile @Nullable Claim claim;
    private volatile boolean again;
    private volatile boolean stopped;
    private long othersBeat;
    private long othersSince;

    /** An event that is to be tried. */
    public record Try(Failed event, String text, JsonNode json) {
        String list() {
            return json.path("data").path("list").asText();
        }
    }

    QueueWork(EventQueue queue, MeterRegistry meters) {
        this.queue = queue;
        // Users' queues are too many for a gauge each.
        this.gauge = queue instanceof RouteEvents
                ? Gauge.builder("sandglass.hooks.waiting", waiting, AtomicLong::get)
                        .description("Events that wait for an integrators' route")
                        .tag("route", queue.name())
                        .register(meters)
                : null;
    }

    public String name() {
        return queue.name();
    }

    /** The name of the queue, for its route. */
    public static String queue(@ExchangeProperty("work") QueueWork work) {
        return work.name();
    }

    /** Where an event goes to be tried: {@link EventQueue#to}. */
    public static String receiver(@ExchangeProperty("work") QueueWork work) {
        return work.queue.to();
    }

    /** The documents that tell if its events may be tried: {@link EventQueue#keys}. */
    public Set<String> keys() {
        return queue.keys();
    }

    /** Something was added: another look follows at once. */
    void wake() {
        again = true;
        next = System.nanoTime();
    }

    /** The service stops: what fails from now on is not the route's fault. */
    void stop() {
        stopped = true;
    }

    void begin() {
        underway = true;
        again = false;
    }

    void end() {
        underway = false;
        claim = null;
        next = System.nanoTime() + (again ? 0 : pause.toNanos());
    }

    public static ClaimEvents claim(@ExchangeProperty("work") QueueWork work) {
        return work.claim();
    }

    private ClaimEvents claim() {
        long silent = othersBeat > 0 && System.nanoTime() - othersSince >= LOST.toNanos() ? othersBeat : 0;
        return new ClaimEvents(queue, me, silent, System.currentTimeMillis());
    }

    /** @return the keys of the claimed events */
    public static List<String> claimed(@ExchangeProperty("work") QueueWork work, @Body Claim claim) {
        return work.claimed(claim);
    }

    private List<String> claimed(Claim now) {
        waiting.set(now.waiting());
        if (othersBeat != now.cursor().beat()) {
            othersBeat = now.cursor().beat();
            othersSince = System.nanoTime();
        }
        pause = pause(now);
        tried.clear();
        left.clear();
        now.due().forEach(event -> left.put(event.n(), event));
        claim = now;
        return now.due().stream().map(event -> queue.event(event.n())).toList();
    }

    private Duration pause(Claim now) {
        if (!queue.isInOrder()) {
            return LOOK;
        }
        if (now.waiting() == 0) {
            return Duration.ofMillis(ThreadLocalRandom.current().nextLong(ALONE.toMillis() / 2, ALONE.toMillis()));
        }
        long until =
                now.cursor().again().isEmpty() ? 0 : now.cursor().again().get(0).at() - System.currentTimeMillis();
        return Duration.ofMillis(Math.max(LOOK.toMillis(), Math.min(until, ALONE.toMillis())));
    }

    /** @return the events of each list, in order */
    public static Collection<List<Try>> byList(
            @ExchangeProperty("work") QueueWork work, @Body Map<String, Stored> events) {
        List<Try> all = new ArrayList<>();
        work.left.values().forEach(event -> {
            Stored stored = events.get(work.queue.event(event.n()));
            if (stored == null || stored.absent()) {
                work.left.remove(event.n());
                work.tried.put(event.n(), new Tried(event.n(), "", now(), event.tries(), KEPT_NO_MORE, null));
                work.again = true;
            } else {
                String text = work.queue.text(stored);
                all.add(new Try(event, text, Json.read(text, JsonNode.class)));
            }
        });
        return all.stream()
                .collect(groupingBy(Try::list, LinkedHashMap::new, toList()))
                .values();
    }

    /** False where one before it failed, and they go in their order. */
    public static boolean isNext(@ExchangeProperty("work") QueueWork work, @Body Try next) {
        return !work.queue.isInOrder()
                || work.left.keySet().iterator().next() == next.event().n();
    }

    /** @param passed true where the receiver does not want to have it */
    public static void done(
            @ExchangeProperty("work") QueueWork work,
            @ExchangeProperty("try") Try done,
            @ExchangeProperty("passed") @Nullable Boolean passed) {
        long n = done.event().n();
        if (passed == null) {
            work.tried.merge(n, work.tried(done, null, null), (failed, now) -> failed.last());
        }
        work.left.remove(n);
        work.again = true;
    }

    private Tried tried(Try event, @Nullable String reason, @Nullable Instant again) {
        return new Tried(
                event.event().n(),
                event.json().path("type").asText(),
                now(),
                event.event().tries() + 1,
                reason,
                again);
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /** @return the dead letter that the event is now; null where it is tried again */
    public static @Nullable ParkEvent failed(
            @ExchangeProperty("work") QueueWork work, @ExchangeProperty("try") Try failed, Exception why) {
        return work.stopped
                ? null
                : work.failed(
                        failed,
                        OneLine.of(why.getMessage() == null ? why.toString() : why.getMessage()),
                        why instanceof NotTaken refused && refused.isLast());
    }

    private @Nullable ParkEvent failed(Try failed, String why, boolean last) {
        Failed event = failed.event();
        Failed later = event.failedAgain(System.currentTimeMillis());
        left.put(event.n(), later);
        tried.put(event.n(), tried(failed, why, Instant.ofEpochMilli(later.at())));
        again = true;
        return event.tries() + 1 < queue.tries() && !last
                ? null
                : new ParkEvent(queue.name(), queue.path(), failed.text(), why, event.tries() + 1, now());
    }

    /** @see Claim#outcome */
    public static Decision<Boolean> outcome(@ExchangeProperty("work") QueueWork work) {
        return Objects.requireNonNull(work.claim)
                .outcome(List.copyOf(work.left.values()), List.copyOf(work.tried.values()));
    }

    /** Shows that this replica is at work, if it is. */
    Optional<Decision<Boolean>> beat() {
        return Optional.ofNullable(claim).filter(now -> !now.due().isEmpty()).map(Claim::beat);
    }
}
