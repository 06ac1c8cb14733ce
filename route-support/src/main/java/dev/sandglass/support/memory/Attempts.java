package dev.sandglass.support.memory;

import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Attempt;
import dev.sandglass.support.domain.Decision;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Attempts to write decisions: the steps of {@code direct:decide} between two calls of Dapr. */
@Singleton
@Named("attempts")
public class Attempts {
    private final Duration limit;

    /** @param limit the longest time of an attempt, an ISO 8601 duration */
    public Attempts(@ConfigProperty(name = "sandglass.decide-limit", defaultValue = "1900ms") Duration limit) {
        this.limit = limit;
    }

    /** An attempt and its end by the monotonic clock, in nanoseconds. */
    public record Underway(Attempt<?> attempt, long end) {
        public boolean isOpen() {
            return attempt.isOpen();
        }
    }

    /** @param known documents that need not be read; null for none */
    public Underway begin(@Body Decision<?> decision, @ExchangeProperty("known") @Nullable Map<String, Stored> known) {
        return new Underway(
                new Attempt<>(decision, known == null ? Map.of() : known), System.nanoTime() + limit.toNanos());
    }

    public void saw(@ExchangeProperty("attempt") Underway underway, @Body Map<String, Stored> read) {
        underway.attempt.saw(read);
    }

    public Transaction decide(@ExchangeProperty("attempt") Underway underway) {
        return underway.attempt.decide();
    }

    public void written(@ExchangeProperty("attempt") Underway underway) {
        underway.attempt.written();
    }

    /**
     * Has all documents read again.
     *
     * @throws Unavailable when nothing was sent, or the time is over; {@link Unavailable#outcomeUnknown()} if something was sent
     */
    public void lookAgain(
            @ExchangeProperty("attempt") Underway underway,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Unavailable failure) {
        if (!underway.attempt.isUnsure()) {
            throw failure;
        }
        if (System.nanoTime() > underway.end) {
            throw failure.conflict() ? failure : failure.unknown();
        }
        underway.attempt.unsure();
    }

    public Object answer(@ExchangeProperty("attempt") Underway underway) {
        return underway.attempt.answer();
    }
}
