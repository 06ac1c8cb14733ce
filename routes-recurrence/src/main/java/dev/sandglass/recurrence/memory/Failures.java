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
 * How often the sweep failed at each completion, so that one that cannot be followed becomes a dead letter. Counted in memory: a
 * restart, which may bring a mended version, tries all again.
 */
@Singleton
@Named("failures")
public class Failures {
    private final int tries;
    /** By the occurrence that does not come. */
    private final Map<String, Integer> counted = new ConcurrentHashMap<>();

    Failures(@ConfigProperty(name = "sandglass.awaiting.tries") int tries) {
        this.tries = tries;
    }

    /** Forgets what is not waited for any more; the others are still to be tried, unless they failed too often. */
    public List<Completion> toTry(@Body List<Completion> awaited) {
        counted.keySet().retainAll(awaited.stream().map(Completion::successor).collect(Collectors.toSet()));
        return awaited.stream().filter(this::mayTry).toList();
    }

    /** @return true where a failure now is the last */
    public boolean last(@ExchangeProperty("completion") Completion completion) {
        return counted.getOrDefault(completion.successor(), 0) == tries - 1;
    }

    /** The dead letter it becomes. */
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
     * Nothing, where the completion is the one that <em>task</em> waits for to be followed, so that the sweep takes it up.
     *
     * @param awaited as <em>task</em> has it
     * @throws Exception the reason, where the sweep will not
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
