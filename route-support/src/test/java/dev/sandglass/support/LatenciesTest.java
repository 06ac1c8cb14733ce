package dev.sandglass.support;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The metrics for the objectives of docs/slo.md. */
class LatenciesTest {
    @Test
    void requestsAreCountedByTheTimesThatArePromisedAndNothingElseIs() {
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        metrics.config().meterFilter(new Latencies().promised());
        metrics.timer("http.server.requests").record(Duration.ofMillis(100));
        metrics.timer("something.else").record(Duration.ofMillis(100));

        String shown = metrics.scrape();
        assertTrue(shown.contains("http_server_requests_seconds_bucket{le=\"0.05\",} 0"), shown);
        assertTrue(shown.contains("http_server_requests_seconds_bucket{le=\"0.3\",} 1"), shown);
        assertFalse(shown.contains("something_else_seconds_bucket"), shown);
    }
}
