package dev.sandglass.support;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Holds the start until the sidecar answers, and says so meanwhile: without it a service can do nothing. */
@Singleton
class SidecarWait {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    private static final int MILLIS_BETWEEN = 100;
    private static final int TRIES_BETWEEN_WORDS = 100;

    private final Dapr dapr;

    SidecarWait(Dapr dapr) {
        this.dapr = dapr;
    }

    void await(@Observes @Priority(1) StartupEvent start) throws InterruptedException {
        // Asked to stop, Quarkus lets a start come to its end first, and this one may have none.
        Thread stop = new Thread(Thread.currentThread()::interrupt);
        Runtime.getRuntime().addShutdownHook(stop);
        for (int tries = 0; !dapr.ready(); tries++) {
            if (tries % TRIES_BETWEEN_WORDS == 0) {
                LOG.info("Waiting for the Dapr sidecar");
            }
            Thread.sleep(MILLIS_BETWEEN);
        }
        Runtime.getRuntime().removeShutdownHook(stop);
    }
}
