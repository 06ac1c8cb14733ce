package dev.sandglass.task.http;

import dev.sandglass.support.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * How much of the API is under way at once. What is beyond it is refused before it costs anything (429), so that what is taken is
 * answered soon, however many there are, and memory is bounded.
 */
@Singleton
class Admission {
    private final int mostRequests;
    private final AtomicInteger requests = new AtomicInteger();
    private final Counter refused;

    Admission(MeterRegistry metrics, @ConfigProperty(name = "sandglass.task.requests-at-once") int mostRequests) {
        this.mostRequests = mostRequests;
        metrics.gauge("sandglass.task.requests", requests);
        refused = Counter.builder("sandglass.task.requests.refused")
                .description("Requests refused with 429, since too many were under way")
                .register(metrics);
    }

    /** Before the routes. */
    void request(RoutingContext call) {
        if (requests.incrementAndGet() > mostRequests) {
            requests.decrementAndGet();
            refused.increment();
            throw new Problem(429, "There is too much at once; nothing was changed");
        }
        call.addEndHandler(ended -> requests.decrementAndGet());
    }
}
