package dev.sandglass.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.CloudEvent;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Attempt;
import dev.sandglass.support.domain.Letter;
import dev.sandglass.support.domain.Letter.Head;
import dev.sandglass.support.domain.ParkEvent;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What this service could not do with events, in its own state, so that it can be seen, counted and sent again. {@code dead-letters}
 * says how many there are; {@code dead-letters/<n>} holds one; {@code dead-letters/of/<hash>} finds it by what it holds, so that an
 * event that comes back is one letter with more tries.
 */
@Singleton
@Named("deadLetters")
public class DeadLetters {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    private static final int ROUNDS = 30;
    /** Numbers looked at for a page: most may have been settled. */
    private static final int LOOKED_AT = 1_000;

    private static final int READ_AT_ONCE = 50;
    private static final Duration RESENDING = Duration.ofSeconds(10);

    private final Dapr dapr;
    private final String app;
    private final MultiGauge gauge;

    /**
     * Some of the letters, newest first.
     *
     * @param counts all there are, by source
     * @param next to be given as {@code before} for the next page; null at the end. A page may be short, even empty, and have one.
     */
    public record Page(
            List<Letter> letters,
            Map<String, Long> counts,
            @Nullable Long next) {}

    /**
     * What became of letters sent again.
     *
     * @param sent how many were taken and are gone
     * @param failed how many are still here
     * @param next to be given as {@code from} to go on; null when all were tried
     */
    public record Resent(int sent, int failed, @Nullable Long next) {}

    public DeadLetters(Dapr dapr, MeterRegistry meters, @ConfigProperty(name = "quarkus.application.name") String app) {
        this.dapr = dapr;
        this.app = app;
        this.gauge = MultiGauge.builder("sandglass.dead.letters")
                .description("Events this service could not handle, by topic or route")
                .register(meters);
    }

    // ---------------------------------------------------------------- Parking

    /**
     * Keeps the body's one event, which the broker of a topic calls too large.
     *
     * @param again where this service publishes it again, without a leading slash
     * @throws Unavailable when it is not known to be kept
     */
    public void parkTooLarge(
            @Body List<CloudEvent> one,
            @ExchangeProperty("topic") String topic,
            @ExchangeProperty("again") String again,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Unavailable why) {
        park(topic, again, Json.text(one.get(0)), String.valueOf(why.getCause()), 1);
    }

    /**
     * Keeps an event that could not be handled. One that is here already has failed again.
     *
     * @param source the topic it came from, or the id of the route that could not handle it
     * @param path where this service takes it again, without a leading slash
     * @param event the CloudEvent as it came
     * @param why the reason, for operators
     * @param tries how often it failed just now
     * @throws Unavailable when it is not known to be kept: let the event come again
     */
    public synchronized void park(String source, String path, String event, String why, int tries) {
        Attempt<Letter> attempt = new Attempt<>(
                new ParkEvent(source, path, event, why, tries, Instant.now().truncatedTo(ChronoUnit.MILLIS)), Map.of());
        for (int round = 1; attempt.isOpen(); round++) {
            try {
                if (!attempt.wanted().isEmpty()) {
                    attempt.saw(dapr.read(attempt.wanted()));
                }
                Transaction transaction = attempt.decide();
                if (!transaction.isEmpty()) {
                    dapr.commit(transaction);
                    attempt.written();
                }
            } catch (Unavailable e) {
                // Perhaps kept, perhaps another replica was first: the store tells.
                if (round >= ROUNDS || !attempt.isUnsure()) {
                    throw e;
                }
                attempt.unsure();
            }
        }
        parked(attempt.answer());
    }

    /** Tells of a letter that {@code direct:park} kept. */
    public void parked(@Body Letter letter) {
        LOG.errorf("dead letter %d of %s, event %s: %s", letter.n(), letter.source(), letter.id(), letter.why());
    }

    // ---------------------------------------------------------------- Seeing

    /** What an operator asks to see, see {@link #letters}. */
    public record Question(
            @Nullable String source, @Nullable Long before, int limit) {}

    /** Which letters an operator means: the one of a number, or those of a source from a number on. */
    public record Order(@Nullable Long n, @Nullable String source, long from) {}

    /** @see #letters */
    public Page page(@Body Question asked) {
        return letters(asked.source, asked.before, asked.limit);
    }

    /** @see #resendOne @see #resendAll */
    public Resent resend(@Body Order order) {
        return order.n == null ? resendAll(order.source, order.from) : resendOne(order.n);
    }

    /** @see #dismiss */
    public void drop(@Body Order order) {
        dismiss(Objects.requireNonNull(order.n));
    }

    /**
     * Letters, newest first.
     *
     * @param source of this topic or route only; null for all
     * @param before below this number only; null from the newest
     * @param limit at most so many
     * @throws Unavailable while the state store is away
     */
    public Page letters(@Nullable String source, @Nullable Long before, int limit) {
        Head head = Head.of(dapr.read(Head.KEY));
        long n = before == null ? head.next() : Math.min(before, head.next());
        long end = Math.max(head.first(), n - LOOKED_AT);
        List<Letter> found = new ArrayList<>();
        while (n > end) {
            long from = Math.max(end, n - READ_AT_ONCE);
            Map<Long, Letter> some = read(from, n);
            while (n > from) {
                Letter letter = some.get(--n);
                if (letter != null && (source == null || source.equals(letter.source()))) {
                    found.add(letter);
                    if (found.size() == limit) {
                        return new Page(found, head.counts(), n > head.first() ? n : null);
                    }
                }
            }
        }
        return new Page(found, head.counts(), n > head.first() ? n : null);
    }

    /**
     * How many letters there are, by source. The gauge {@code sandglass.dead.letters} says the same afterwards.
     *
     * @throws Unavailable while the state store is away
     */
    public Map<String, Long> count() {
        Map<String, Long> counts = Head.of(dapr.read(Head.KEY)).counts();
        gauge.register(
                counts.entrySet().stream()
                        .map(count -> MultiGauge.Row.of(Tags.of("source", count.getKey()), count.getValue()))
                        .toList(),
                true);
        return counts;
    }

    private Map<Long, Letter> read(long from, long to) {
        Map<Long, Letter> letters = new TreeMap<>();
        dapr.read(LongStream.range(from, to).mapToObj(Letter::key).toList()).values().stream()
                .filter(stored -> !stored.absent())
                .map(stored -> stored.as(Letter.class))
                .forEach(letter -> letters.put(letter.n(), letter));
        return letters;
    }

    // ---------------------------------------------------------------- Sending again, dismissing

    /**
     * Sends one letter again: the service gets its event as it came. It is gone once it was taken and did not come back here.
     *
     * @return neither sent nor failed where there is no such letter
     * @throws Unavailable while the state store is away
     */
    public Resent resendOne(long n) {
        Stored stored = dapr.read(Letter.key(n));
        boolean sent = !stored.absent() && deliver(stored);
        return new Resent(sent ? 1 : 0, sent || stored.absent() ? 0 : 1, null);
    }

    /**
     * Sends letters again, in the order they came, for ten seconds at most.
     *
     * @param source of this topic or route only; null for all
     * @param from from this number on; 0 for all
     * @throws Unavailable while the state store is away
     */
    public Resent resendAll(@Nullable String source, long from) {
        return resendAll(source, from, RESENDING);
    }

    Resent resendAll(@Nullable String source, long from, Duration limit) {
        Head head = Head.of(dapr.read(Head.KEY));
        long end = System.nanoTime() + limit.toNanos();
        int sent = 0;
        int failed = 0;
        for (long n = Math.max(head.first(), from); n < head.next(); n++) {
            if (System.nanoTime() - end > 0) {
                return new Resent(sent, failed, n);
            }
            Stored stored = dapr.read(Letter.key(n));
            if (!stored.absent()
                    && (source == null || source.equals(stored.as(Letter.class).source()))) {
                if (deliver(stored)) {
                    sent++;
                } else {
                    failed++;
                }
            }
        }
        return new Resent(sent, failed, null);
    }

    private boolean deliver(Stored stored) {
        Letter letter = stored.as(Letter.class);
        try {
            JsonNode answer = dapr.invoke(app, "POST", letter.path(), letter.event(), RESENDING);
            // An event that fails again writes its letter before it is answered, so that what was read is no longer
            // there.
            return "SUCCESS".equals(answer.path("status").asText()) && remove(stored);
        } catch (Unavailable | Refused e) {
            LOG.warnf("dead letter %d of %s could not be sent again: %s", letter.n(), letter.source(), e.getMessage());
            return false;
        }
    }

    /**
     * Drops a letter for good; where there is none, nothing.
     *
     * @throws Unavailable when it is not known to be gone
     */
    public void dismiss(long n) {
        Stored stored = dapr.read(Letter.key(n));
        while (!stored.absent() && !remove(stored)) {
            stored = dapr.read(Letter.key(n));
        }
    }

    /** @return false when the letter was written meanwhile */
    private synchronized boolean remove(Stored stored) {
        Letter letter = stored.as(Letter.class);
        for (int round = 1; ; round++) {
            Stored head = dapr.read(Head.KEY);
            try {
                dapr.commit(new Transaction()
                        .replace(head, Head.of(head).without(letter))
                        .delete(stored)
                        .delete(Letter.index(letter.source(), letter.event())));
                return true;
            } catch (Unavailable e) {
                Stored now = dapr.read(stored.key());
                if (now.absent()) {
                    return true;
                }
                if (!now.equals(stored)) {
                    return false;
                }
                if (round == ROUNDS) {
                    throw e;
                }
            }
        }
    }
}
