package dev.sandglass.support;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Counts the requests answered within the promised times (docs/slo.md). */
@Singleton
class Latencies {
    private static final double[] PROMISED = {
        Duration.ofMillis(50).toNanos(), Duration.ofMillis(300).toNanos()
    };

    @Produces
    @Singleton
    MeterFilter promised() {
        return new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                return id.getName().equals("http.server.requests")
                        ? DistributionStatisticConfig.builder()
                                .serviceLevelObjectives(PROMISED)
                                .build()
                                .merge(config)
                        : config;
            }
        };
    }
}
