package dev.sandglass.support;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the parts that a service needs: its sidecar, which others find by the service's name, its secrets and the state store. The
 * port is open from the start, and answers 503 until all of them were there once: a 404 would be a success for Dapr. After that, only
 * the sidecar decides about readiness; while the state store is away, each call is answered 503. Where it was emptied meanwhile, it gets
 * its witness again.
 *
 * <p>Where both end together (in a pod), it asks the sidecar to leave before its service. By itself the sidecar would go after its
 * service, and other sidecars, which keep their connections to it, would get no answer in between. If they learn that it leaves, they
 * connect to another replica.
 */
@Readiness
@Singleton
class SidecarWait implements HealthCheck {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    private static final String SIDECAR = "the Dapr sidecar";
    private static final int MILLIS_WAITING = 100;
    private static final int MILLIS_READY = 2_000;
    private static final int TRIES_BETWEEN_WORDS = 100;

    private final Dapr dapr;
    private final Event<SidecarUp> up;
    private final String app;
    private final boolean leavesFirst;
    private final Thread thread = new Thread(this::watch, "sidecar-wait");
    private volatile boolean open;
    /** True once others find the sidecar; it stays so until the sidecar is started again. */
    private volatile boolean found;
    /** A part that is away while the witness that a read missed is to be written; null where none is missed. */
    private volatile @Nullable String unwitnessed;

    private volatile @Nullable String missing = SIDECAR;
    /** The missing brokers. Work goes on without them: events wait in the ledger and at the broker. */
    private volatile Set<String> brokers = Set.of(SIDECAR);

    /** @param app the service's app id */
    SidecarWait(
            Dapr dapr,
            Event<SidecarUp> up,
            @ConfigProperty(name = "quarkus.application.name") String app,
            @ConfigProperty(name = "sandglass.sidecar.leaves-first") boolean leavesFirst) {
        this.dapr = dapr;
        this.up = up;
        this.app = app;
        this.leavesFirst = leavesFirst;
    }

    void begin(@Observes @Priority(1) StartupEvent start) {
        // If all parts are there already, the service is ready when the port opens.
        missing = missing();
        thread.setDaemon(true);
        thread.start();
    }

    void stop(@Observes ShutdownEvent stopping) {
        thread.interrupt();
    }

    /** Has the sidecar leave after all observers that may still need it. */
    void leave(@Observes @Priority(Integer.MAX_VALUE - 1) ShutdownEvent stopping) throws InterruptedException {
        if (leavesFirst) {
            dapr.leave();
        }
    }

    void guard(@Observes Router router) {
        RouteOrder.SIDECAR.on(router).handler(this::check);
    }

    @Override
    public HealthCheckResponse call() {
        String now = missing;
        String store = unwitnessed;
        HealthCheckResponseBuilder said = HealthCheckResponse.named("sidecar").status(now == null);
        if (now != null) {
            said.withData("waitsFor", now);
        } else if (store != null) {
            said.withData("waitsFor", store);
        } else if (!brokers.isEmpty()) {
            said.withData("waitsFor", "the broker of " + String.join(", ", brokers) + "; works on without");
        }
        return said.build();
    }

    private void check(RoutingContext call) {
        if (open || call.normalizedPath().startsWith("/q/")) {
            call.next();
        } else {
            new Problem(503, app + " starts, and waits for " + missing).answer(call.response());
        }
    }

    private void watch() {
        try {
            int tries = 0;
            while (true) {
                missing = missing();
                if (missing == null) {
                    tries = 0;
                } else if (tries++ % TRIES_BETWEEN_WORDS == 0) {
                    LOG.infof("Waiting for %s", missing);
                }
                Thread.sleep(missing == null ? MILLIS_READY : MILLIS_WAITING);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error(e.getMessage());
            Quarkus.asyncExit(1);
        }
    }

    private @Nullable String missing() {
        if (!dapr.ready()) {
            found = false;
            brokers = Set.of(SIDECAR);
            return SIDECAR;
        }
        found = found || dapr.finds(app);
        if (!found) {
            return "the Dapr sidecar to be found by the name " + app;
        }
        if (open) {
            witness();
        } else {
            try {
                up.fire(new SidecarUp());
                dapr.beginState();
                open = true;
            } catch (Unavailable e) {
                return e.part();
            }
        }
        brokers = brokers.isEmpty() ? brokers : dapr.awaitedBrokers();
        return null;
    }

    /** The service stays ready meanwhile: each call is answered for itself. */
    private void witness() {
        try {
            if (dapr.beginState()) {
                LOG.warn(
                        "The state store had lost its witness, and has it again: was it emptied, or went back to an older state?");
            }
            unwitnessed = null;
        } catch (Unavailable e) {
            unwitnessed = e.part();
        }
    }
}
