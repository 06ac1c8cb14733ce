package dev.sandglass.support.memory;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.ClaimEvents;
import dev.sandglass.support.domain.ClaimEvents.Claim;
import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.domain.OneLine;
import dev.sandglass.support.domain.ParkEvent;
import dev.sandglass.support.domain.QueueCursor.Failed;
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
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** The queue of one route as this replica works on it: the steps of {@code <service>.hooks.work-off} between its calls of Dapr. */
public final class QueueWork {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration LOST = Duration.ofSeconds(15);

    /** The earliest time of the next look, {@link System#nanoTime}. */
    long next = System.nanoTime();
    /** True from a look to the end of what it leads to. */
    boolean underway;

    private final String route;
    private final int tries;
    private final AtomicLong waiting = new AtomicLong();
    final Gauge gauge;
    private final String me = UUID.randomUUID().toString();
    /** The claimed events that are not done, by number. */
    private final Map<Long, Failed> left = new ConcurrentSkipListMap<>();

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

    /** @param tries after that many failures an event is a dead letter */
    QueueWork(String route, int tries, MeterRegistry meters) {
        this.route = route;
        this.tries = tries;
        this.gauge = Gauge.builder("sandglass.hooks.waiting", waiting, AtomicLong::get)
                .description("Events that wait for an integrators' route")
                .tag("route", route)
                .register(meters);
    }

    public String route() {
        return route;
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
        next = System.nanoTime() + (again ? 0 : LOOK.toNanos());
    }

    public ClaimEvents claim() {
        long silent = othersBeat > 0 && System.nanoTime() - othersSince >= LOST.toNanos() ? othersBeat : 0;
        return new ClaimEvents(route, me, silent, System.currentTimeMillis());
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
        left.clear();
        now.due().forEach(event -> left.put(event.n(), event));
        claim = now;
        return now.due().stream()
                .map(event -> RouteQueue.event(route, event.n()))
                .toList();
    }

    /** @return the events of each list, in order */
    public static Collection<List<Try>> byList(
            @ExchangeProperty("work") QueueWork work, @Body Map<String, Stored> events) {
        List<Try> all = new ArrayList<>();
        work.left.values().forEach(event -> {
            Stored stored = events.get(RouteQueue.event(work.route, event.n()));
            if (stored == null || stored.absent()) {
                work.left.remove(event.n());
            } else {
                String text = stored.as(String.class);
                all.add(new Try(event, text, Json.read(text, JsonNode.class)));
            }
        });
        return all.stream()
                .collect(groupingBy(Try::list, LinkedHashMap::new, toList()))
                .values();
    }

    public static void done(@ExchangeProperty("work") QueueWork work, @ExchangeProperty("try") Try done) {
        work.left.remove(done.event().n());
        work.again = true;
    }

    /** @return the dead letter that the event is now; null where it is tried again */
    public static @Nullable ParkEvent failed(
            @ExchangeProperty("work") QueueWork work, @ExchangeProperty("try") Try failed, Exception why) {
        return work.stopped
                ? null
                : work.failed(failed, OneLine.of(why.getMessage() == null ? why.toString() : why.getMessage()));
    }

    private @Nullable ParkEvent failed(Try failed, String why) {
        Failed event = failed.event();
        // Milliseconds: 1, 2, 4 … seconds.
        long pause = 1_000L << Math.min(event.tries(), 12);
        left.put(event.n(), new Failed(event.n(), event.tries() + 1, System.currentTimeMillis() + pause));
        again = true;
        return event.tries() + 1 < tries
                ? null
                : new ParkEvent(
                        route,
                        "hooks/" + route,
                        failed.text(),
                        why,
                        tries,
                        Instant.now().truncatedTo(ChronoUnit.MILLIS));
    }

    /** @see Claim#outcome */
    public static Decision<Boolean> outcome(@ExchangeProperty("work") QueueWork work) {
        return Objects.requireNonNull(work.claim).outcome(List.copyOf(work.left.values()));
    }

    /** Shows that this replica is at work, if it is. */
    Optional<Decision<Boolean>> beat() {
        return Optional.ofNullable(claim).filter(now -> !now.due().isEmpty()).map(Claim::beat);
    }
}
