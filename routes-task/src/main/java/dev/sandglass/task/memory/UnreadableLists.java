package dev.sandglass.task.memory;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.task.domain.ForServices.Legible;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Body;
import org.jboss.logging.Logger;

/**
 * Counts and logs documents of lists that cannot be read and are left out of answers: each once in ten minutes, for other services ask
 * every second.
 */
@Singleton
@Named("unreadableLists")
public class UnreadableLists {
    /** Documents; where so many are damaged, an operator needs no longer list. */
    static final int MOST = 1_000;

    static final long NANOS_BETWEEN_WORDS = Duration.ofMinutes(10).toNanos();

    private static final Logger LOG = Logger.getLogger("dev.sandglass");

    private final Counter unreadable;
    /** Documents that were told of, each with the time. */
    private final Map<String, Long> told = new HashMap<>();

    public UnreadableLists(MeterRegistry meters) {
        unreadable = meters.counter("sandglass.lists.unreadable");
    }

    /** @return the answer on the others */
    public ObjectNode leaveOut(@Body Legible answer) {
        tell(answer.unreadable(), System.nanoTime());
        return answer.answer();
    }

    /** @param now by the monotonic clock, nanoseconds */
    synchronized void tell(Map<String, String> leftOut, long now) {
        told.values().removeIf(at -> now - at >= NANOS_BETWEEN_WORDS);
        leftOut.forEach((key, why) -> {
            if (told.size() < MOST && told.putIfAbsent(key, now) == null) {
                unreadable.increment();
                LOG.warnf("%s cannot be read and is left out: %s", key, why);
            }
        });
    }
}
