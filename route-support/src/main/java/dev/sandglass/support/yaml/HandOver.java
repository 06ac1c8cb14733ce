package dev.sandglass.support.yaml;

import dev.sandglass.events.Json;
import dev.sandglass.support.Bodies;
import dev.sandglass.support.DaprEvents;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.OneLine;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import dev.sandglass.support.memory.QueueWork;
import dev.sandglass.support.yaml.room.NoRoom;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.util.ObjectHelper;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The points where a route of the service hands over to an integrators' route: JSON text in, JSON text out, in time. Where the route fails, is
 * late or makes no JSON, it is as if it were not there, unless who asks can come again; that is counted, shown by the health check, and logged
 * once a minute.
 */
@Singleton
@Named("handOver")
public class HandOver {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    private static final Duration BETWEEN_WORDS = Duration.ofMinutes(1);
    /** A route that was in time, and has not been for so long, is late by itself, and not for all that goes on. */
    private static final Duration TRUSTED = Duration.ofSeconds(10);

    /** So many who ask at once do not keep each other from an answer in time. */
    private static final int FEW = Runtime.getRuntime().availableProcessors();

    private final LiveFiles live;
    private final Duration limit;
    private final Duration perTry;
    private final MeterRegistry meters;
    private final Map<String, String> failing = new ConcurrentHashMap<>();
    private final Map<String, Long> said = new ConcurrentHashMap<>();
    /** The points whose routes were in time; empty where they are. */
    private final Map<String, Optional<Late>> late = new ConcurrentHashMap<>();
    /** How many ask at each point now. */
    private final Map<String, AtomicInteger> asking = new ConcurrentHashMap<>();

    /** A route that is late again and again, by the monotonic clock. */
    private record Late(long since, long last) {
        /** One that was late once, some time ago, begins anew. */
        private static Late after(Optional<Late> before, long now) {
            return new Late(
                    before.filter(was -> now - was.last < TRUSTED.toNanos())
                            .map(Late::since)
                            .orElse(now),
                    now);
        }
    }

    public HandOver(
            LiveFiles live,
            @ConfigProperty(name = "sandglass.hooks.limit") Duration limit,
            @ConfigProperty(name = "sandglass.hooks.per-try") Duration perTry,
            MeterRegistry meters) {
        this.live = live;
        this.limit = limit;
        this.perTry = perTry;
        this.meters = meters;
    }

    /** Asks the route at a point; where it has no answer, or is silent, the body stays as it is. */
    public void ask(String point, Exchange exchange) {
        passThrough(point, exchange, false);
    }

    /**
     * Asks the route at a point for a client who can come again: what the route says is not left out for all that goes on at once.
     *
     * @throws Rejection TOO_MANY where that leaves no time or no room for the route; one that has none by itself is passed over
     */
    public void askOrRefuse(String point, Exchange exchange) {
        passThrough(point, exchange, true);
    }

    private void passThrough(String point, Exchange exchange, boolean orRefuse) {
        if (live.isSilent(point)) {
            failing.remove(point);
        } else {
            answer(point, exchange, orRefuse)
                    .ifPresent(made -> exchange.getMessage().setBody(made));
        }
    }

    /** Asks the route at a point, without which it cannot go on. @throws Unavailable where it has no answer */
    public void need(String point, Exchange exchange) {
        exchange.getMessage()
                .setBody(answer(point, exchange, false).orElseThrow(() -> new Unavailable("direct:" + point, null)));
    }

    /**
     * Gives an event to the route that it waits for.
     *
     * @return false while the route is being exchanged
     * @throws Exception the failure of the route
     */
    public boolean give(@ExchangeProperty("work") QueueWork work, @Body QueueWork.Try event) throws Exception {
        try {
            boolean given = live.send(
                            Resolved.waiting(work.name()),
                            event.json().get("data").toString(),
                            DaprEvents.headers(event.json()),
                            perTry)
                    .isPresent();
            if (given) {
                count(work.name(), "done");
            }
            return given;
        } catch (Exception e) {
            count(work.name(), "failed");
            throw e;
        }
    }

    private void count(String route, String outcome) {
        meters.counter("sandglass.hooks.tries", "route", route, "outcome", outcome)
                .increment();
    }

    /** The points that fail now, each with the reason. */
    Map<String, String> failing() {
        return new TreeMap<>(failing);
    }

    private Optional<String> answer(String point, Exchange exchange, boolean orRefuse) {
        if (!live.has(point)) {
            failing.remove(point);
            return Optional.empty();
        }
        String body = Bodies.text(exchange);
        Map<String, Object> headers = headers(exchange);
        long began = System.nanoTime();
        String outcome = "failed";
        AtomicInteger asks = asking.computeIfAbsent(point, any -> new AtomicInteger());
        boolean among = asks.incrementAndGet() > FEW;
        try {
            Optional<String> made = live.send(point, body, headers, limit);
            if (made.isPresent() && Json.orNone(made.get()).isMissingNode()) {
                return failed(point, "no JSON", "what it made is no JSON", "passed over");
            }
            outcome = "done";
            failing.remove(point);
            late.put(point, Optional.empty());
            return made;
        } catch (Exception e) {
            boolean crowded = e instanceof TimeoutException || ObjectHelper.getException(NoRoom.class, e) != null;
            outcome = crowded ? "late" : "failed";
            String why = OneLine.of(e.getMessage());
            // The first of many, and the last, are late for the others as well.
            if (orRefuse && crowded && (among || asks.get() > FEW) && isTrusted(point)) {
                failed(point, "crowded", why, "refused");
                throw new Rejection(Reason.TOO_MANY, "Too much is asked of the integrators' rules at once; try again");
            }
            return failed(point, e.getClass().getName(), why, "passed over");
        } finally {
            asks.decrementAndGet();
            Timer.builder("sandglass.hooks.handed.over")
                    .description("How long integrators' routes took at the points where they are asked")
                    .tag("point", point)
                    .tag("outcome", outcome)
                    .register(meters)
                    .record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
        }
    }

    /** Tells if a route was in time until lately, now that it is late. */
    private boolean isTrusted(String point) {
        long now = System.nanoTime();
        Optional<Late> is = late.computeIfPresent(point, (name, was) -> Optional.of(Late.after(was, now)));
        return is != null && now - is.orElseThrow().since < TRUSTED.toNanos();
    }

    private Optional<String> failed(String point, String kind, @Nullable String why, String what) {
        failing.put(point, String.valueOf(why));
        long now = System.nanoTime();
        Long last = said.get(point + kind);
        if (last == null || now - last > BETWEEN_WORDS.toNanos()) {
            said.put(point + kind, now);
            LOG.errorf("direct:%s failed and is %s: %s", point, what, why);
        }
        return Optional.empty();
    }

    /** Headers about the event or the task; integrators do not see the others. */
    private static Map<String, Object> headers(Exchange exchange) {
        Map<String, Object> headers = new TreeMap<>();
        exchange.getMessage().getHeaders().forEach((name, value) -> {
            if (name.startsWith("ce-")) {
                headers.put(name, value);
            }
        });
        return headers;
    }
}
