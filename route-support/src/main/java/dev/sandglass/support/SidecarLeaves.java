package dev.sandglass.support;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Where sidecar and service end together (a pod): the sidecar is asked to leave before its service does. By itself it goes once its
 * service is gone, and the sidecars of others, which keep the connection they have, would be answered by nobody in between. Told that it
 * leaves, they connect to another replica.
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

    /** After all others, which may still need it. */
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
