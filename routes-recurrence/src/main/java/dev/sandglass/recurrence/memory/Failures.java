package dev.sandglass.recurrence.memory;

import dev.sandglass.events.Json;
import dev.sandglass.recurrence.domain.Completion;
import dev.sandglass.support.domain.ParkEvent;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Counts the sweep's failures at each completion, so that one that cannot be followed becomes a dead letter. It counts in memory: a
 * restart, which may bring a repaired version, tries all again.
 */
@Singleton
@Named("failures")
public class Failures {
    private final int tries;
    /** The failures, by the next occurrence that does not come. */
    private final Map<String, Integer> counted = new ConcurrentHashMap<>();

    Failures(@ConfigProperty(name = "sandglass.awaiting.tries") int tries) {
        this.tries = tries;
    }

    /** The completions to try: without those that failed too often. It forgets failures of others. */
    public List<Completion> toTry(@Body List<Completion> awaited) {
        counted.keySet().retainAll(awaited.stream().map(Completion::successor).collect(Collectors.toSet()));
        return awaited.stream().filter(this::mayTry).toList();
    }

    /** @return true where a failure now is the last one allowed */
    public boolean last(@ExchangeProperty("completion") Completion completion) {
        return counted.getOrDefault(completion.successor(), 0) == tries - 1;
    }

    /** The dead letter of a completion. */
    public ParkEvent letter(
            @ExchangeProperty("completion") Completion completion,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception reason) {
        return new ParkEvent(
                "task-events",
                "events/task-events",
                Json.text(completion.event()),
                String.valueOf(reason.getMessage()),
                tries,
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
    }

    public void count(@ExchangeProperty("completion") Completion completion) {
        counted.merge(completion.successor(), 1, Integer::sum);
    }

    /**
     * Does nothing where <em>task</em> still waits for this completion, so that the sweep tries it again.
     *
     * @param awaited as <em>task</em> has it
     * @throws Exception the reason, where the sweep will not try it
     */
    public void unlessTriedAgain(
            @ExchangeProperty("completion") Completion completion,
            @ExchangeProperty("reason") Exception reason,
            @Body List<Completion> awaited)
            throws Exception {
        if (!awaited.contains(completion) || !mayTry(completion)) {
            throw reason;
        }
    }

    private boolean mayTry(Completion completion) {
        return counted.getOrDefault(completion.successor(), 0) < tries;
    }
}
