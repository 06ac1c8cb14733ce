package dev.sandglass.task.http;

import dev.sandglass.support.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * How much of the API is under way at once. What is beyond it is refused before it costs anything (429), so that what is taken is
 * answered soon, however many there are, and memory is bounded.
 */
@Singleton
class Admission {
    /** Bytes of bodies on their way in, or of requests under way. */
    private static final long MOST_BYTES = 32_000_000;

    private final int mostRequests;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final Counter refused;

    Admission(MeterRegistry metrics, @ConfigProperty(name = "sandglass.task.requests-at-once") int mostRequests) {
        this.mostRequests = mostRequests;
        metrics.gauge("sandglass.task.requests", requests);
        refused = Counter.builder("sandglass.task.requests.refused")
                .description("Requests refused with 429, since too many were under way")
                .register(metrics);
    }

    /**
     * Before a body is read: whoever sends one slowly takes its bytes, and no one's turn.
     *
     * @param atMost bytes it may have, where it does not say how many
     */
    void body(RoutingContext call, long atMost) {
        String length = call.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        boolean unknown = length == null && call.request().headers().contains(HttpHeaders.TRANSFER_ENCODING);
        take(call, bytes, unknown ? atMost : length == null ? 0 : Math.min(atMost, Long.parseLong(length)), MOST_BYTES);
    }

    /** Before the routes. */
    void request(RoutingContext call) {
        take(call, requests, 1, mostRequests);
    }

    private void take(RoutingContext call, AtomicLong taken, long more, long most) {
        if (taken.addAndGet(more) > most) {
            taken.addAndGet(-more);
            refused.increment();
            throw new Problem(429, "There is too much at once; nothing was changed");
        }
        call.addEndHandler(ended -> taken.addAndGet(-more));
    }
}
