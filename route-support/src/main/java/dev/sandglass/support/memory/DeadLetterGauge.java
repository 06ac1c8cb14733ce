package dev.sandglass.support.memory;

import dev.sandglass.support.domain.Letter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.apache.camel.Body;

/** The gauge {@code sandglass.dead.letters}: the number of dead letters by source at the last count. */
@Singleton
@Named("deadLetterGauge")
public class DeadLetterGauge {
    private final MultiGauge gauge;

    public DeadLetterGauge(MeterRegistry meters) {
        this.gauge = MultiGauge.builder("sandglass.dead.letters")
                .description("Events this service could not handle, by topic or route")
                .register(meters);
    }

    public void show(@Body Letter.Head letters) {
        gauge.register(
                letters.counts().entrySet().stream()
                        .map(count -> MultiGauge.Row.of(Tags.of("source", count.getKey()), count.getValue()))
                        .toList(),
                true);
    }
}
