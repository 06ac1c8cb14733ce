package dev.sandglass.support;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Asks the sidecar to leave before its service, where both end together (in a pod). By itself the sidecar would go after its service,
 * and other sidecars, which keep their connections to it, would get no answer in between. If they learn that it leaves, they connect to
 * another replica.
 */
@Singleton
class SidecarLeaves {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Dapr dapr;
    private final boolean first;

    SidecarLeaves(Dapr dapr, @ConfigProperty(name = "sandglass.sidecar.leaves-first") boolean first) {
        this.dapr = dapr;
        this.first = first;
    }

    /** Asks after all other observers, which may still need it. */
    void ask(@Observes @Priority(Integer.MAX_VALUE) ShutdownEvent stop) throws InterruptedException {
        if (!first) {
            return;
        }
        dapr.leave();
        for (long end = System.nanoTime() + PATIENCE.toNanos(); dapr.ready() && System.nanoTime() < end; ) {
            Thread.sleep(20);
        }
    }
}
