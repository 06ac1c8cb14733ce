package dev.sandglass.support.yaml;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;

/** Shows the mistakes in the integrators' routes; always UP, since the service works. */
@Liveness
class YamlHealth implements HealthCheck {
    private final Reload reload;
    private final HandOver handOver;

    YamlHealth(Reload reload, HandOver handOver) {
        this.reload = reload;
        this.handOver = handOver;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder said = HealthCheckResponse.named("dsl-yaml").up();
        Stream.concat(reload.wrongKamelets().stream(), reload.refusals().stream())
                .collect(Collectors.groupingBy(
                        Refusal::file,
                        Collectors.mapping(
                                refusal -> "line " + refusal.line() + ": " + refusal.reason(),
                                Collectors.joining("; "))))
                .forEach(said::withData);
        handOver.failing().forEach((point, why) -> said.withData("direct:" + point, why));
        if (reload.unreadable() != null) {
            said.withData("folder", reload.unreadable());
        }
        return said.build();
    }
}
