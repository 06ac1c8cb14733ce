package dev.sandglass.support.memory;

import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Attempt;
import dev.sandglass.support.domain.Decision;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * Attempts to write decisions: the steps of {@code direct:state.decide} between two calls of Dapr. Every change takes them several times,
 * so they are methods: a path in the simple language is looked up anew each time.
 */
@Singleton
@Named("attempts")
public class Attempts {
    private static final Duration LIMIT = Duration.ofMillis(1900);

    private final Duration limit;

    @Inject
    Attempts() {
        this(LIMIT);
    }

    /** @param limit the longest time of an attempt */
    public Attempts(Duration limit) {
        this.limit = limit;
    }

    /** @param until when it is over, by the monotonic clock in nanoseconds; null: after the limit */
    public Attempt<?> begin(@Body Decision<?> decision, @ExchangeProperty("until") @Nullable Long until) {
        return new Attempt<>(decision, until == null ? System.nanoTime() + limit.toNanos() : until);
    }

    /** True while there is work to do. */
    public boolean isOpen(@ExchangeProperty("attempt") Attempt<?> attempt) {
        return attempt.isOpen();
    }

    /** True where documents are to be read first. */
    public boolean isToRead(@ExchangeProperty("attempt") Attempt<?> attempt) {
        return !attempt.wanted().isEmpty();
    }

    /** The keys of these. */
    public Set<String> wanted(@ExchangeProperty("attempt") Attempt<?> attempt) {
        return attempt.wanted();
    }

    /** True where there is something to write. */
    public boolean isDecided(@Body Transaction transaction) {
        return !transaction.isEmpty();
    }

    public void saw(@ExchangeProperty("attempt") Attempt<?> attempt, @Body Map<String, Stored> read) {
        attempt.saw(read);
    }

    /** @throws Unavailable when the time is over and it was not written: as {@link #lookAgain} */
    public Transaction decide(
            @ExchangeProperty("attempt") Attempt<?> attempt,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) @Nullable Exception caught) {
        boolean again = attempt.isUnsure();
        Transaction transaction = attempt.decide();
        if (transaction.isEmpty()) {
            return transaction;
        }
        if (again && caught instanceof Unavailable failure && attempt.isOver(System.nanoTime())) {
            throw failure.conflict() && !attempt.isSameAgain() ? failure : failure.unknown();
        }
        attempt.sends();
        return transaction;
    }

    public void written(@ExchangeProperty("attempt") Attempt<?> attempt) {
        attempt.written();
    }

    /**
     * Has all be read again. Once the time is over there is one look more, if there was none since the last sending.
     *
     * @throws Unavailable when nothing was sent, or the time is over; then {@link Unavailable#isOutcomeUnknown()} where something was,
     *     unless the last answer was a conflict
     */
    public void lookAgain(
            @ExchangeProperty("attempt") Attempt<?> attempt,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Unavailable failure) {
        if (!attempt.isUnsure()) {
            throw failure;
        }
        if (attempt.isOver(System.nanoTime()) && !attempt.isSent()) {
            throw failure.conflict() ? failure : failure.unknown();
        }
        attempt.unsure();
    }

    public Object answer(@ExchangeProperty("attempt") Attempt<?> attempt) {
        return attempt.answer();
    }
}
