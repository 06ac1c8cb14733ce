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
import java.util.Set;
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

    /** An attempt, and the instant of the monotonic clock, in nanoseconds, at which it is over. */
    public record Underway(Attempt<?> attempt, long end) {
        public boolean isOpen() {
            return attempt.isOpen();
        }

        /** True where a transaction went out of which nobody knows whether it was written. */
        public boolean isUnsure() {
            return attempt.isUnsure();
        }

        boolean isOver() {
            return System.nanoTime() > end;
        }
    }

    /** @param until when it is over, by the monotonic clock in nanoseconds; null: after the limit */
    public Underway begin(@Body Decision<?> decision, @ExchangeProperty("until") @Nullable Long until) {
        return new Underway(new Attempt<>(decision), until == null ? System.nanoTime() + limit.toNanos() : until);
    }

    public boolean isOpen(@ExchangeProperty("attempt") Underway underway) {
        return underway.isOpen();
    }

    /** True where documents must be read before it goes on. */
    public boolean isLacking(@ExchangeProperty("attempt") Underway underway) {
        return !underway.attempt.wanted().isEmpty();
    }

    public Set<String> wanted(@ExchangeProperty("attempt") Underway underway) {
        return underway.attempt.wanted();
    }

    /** True where there is something to write. */
    public boolean isDecided(@Body Transaction transaction) {
        return !transaction.isEmpty();
    }

    public void saw(@ExchangeProperty("attempt") Underway underway, @Body Map<String, Stored> read) {
        underway.attempt.saw(read);
    }

    /** @throws Unavailable when the time is over and it was not written: as {@link #lookAgain} */
    public Transaction decide(
            @ExchangeProperty("attempt") Underway underway,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) @Nullable Exception caught) {
        boolean again = underway.isUnsure();
        Transaction transaction = underway.attempt.decide();
        if (again && caught instanceof Unavailable failure && !transaction.isEmpty() && underway.isOver()) {
            throw failure.conflict() && !underway.attempt.isSameAgain() ? failure : failure.unknown();
        }
        return transaction;
    }

    public void written(@ExchangeProperty("attempt") Underway underway) {
        underway.attempt.written();
    }

    /**
     * Has all be read again. Once the time is over there is one look more, if there was none since the last sending.
     *
     * @throws Unavailable when nothing was sent, or the time is over; then {@link Unavailable#isOutcomeUnknown()} where something was
     */
    public void lookAgain(
            @ExchangeProperty("attempt") Underway underway,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Unavailable failure) {
        if (!underway.isUnsure()) {
            throw failure;
        }
        if (underway.isOver() && !underway.attempt.isSent()) {
            throw failure.unknown();
        }
        underway.attempt.unsure();
    }

    public Object answer(@ExchangeProperty("attempt") Underway underway) {
        return underway.attempt.answer();
    }
}
