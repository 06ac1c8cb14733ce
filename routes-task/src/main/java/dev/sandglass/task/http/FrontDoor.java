package dev.sandglass.task.http;

import dev.sandglass.support.Problem;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * The public origin: a port of its own with the page, {@code /api} and what foreign servers post to ({@code /hooks/in}), and nothing
 * else. What the sidecar and the operator call (events, jobs, internal methods, health, metrics) is on the service's own port only.
 */
@Singleton
class FrontDoor {
    /** The page's files are flat; a path with a dot segment is none of them. */
    private static final Pattern PUBLIC =
            Pattern.compile("/|/api/.*|/[a-z0-9-]+\\.(html|js|css|svg|png|ico|webmanifest)");

    private static final String POLICY = "default-src 'self'; connect-src 'self' ws: wss:; frame-ancestors 'none'";

    /** Bytes; a search in letters that take several when escaped comes to that. */
    private static final int LONGEST_LINE = 32_768;

    /** How long answers under way may take once the service stops. */
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean leaving;

    private final Vertx vertx;
    private final String host;
    private final int port;
    private final Pattern open;
    private @Nullable Router router;
    private @Nullable HttpServer server;

    FrontDoor(
            Vertx vertx,
            @ConfigProperty(name = "quarkus.http.host") String host,
            @ConfigProperty(name = "sandglass.public.port") int port,
            @ConfigProperty(name = "sandglass.open-paths") Pattern open) {
        this.vertx = vertx;
        this.host = host;
        this.port = port;
        this.open = open;
    }

    void know(@Observes Router routes) {
        router = routes;
        // Among the router's own handlers, so that both see the same path, whatever is escaped in it.
        routes.route().order(-200).handler(this::admit);
    }

    void open(@Observes @Priority(Integer.MAX_VALUE) StartupEvent start) throws Exception {
        server = vertx.createHttpServer(
                        new HttpServerOptions().setHost(host).setPort(port).setMaxInitialLineLength(LONGEST_LINE))
                .requestHandler(Objects.requireNonNull(router))
                .invalidRequestHandler(FrontDoor::unreadable)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }

    /** Clients that keep their connection are to take another with their next request: this one ends with the service. */
    void leave(@Observes ShutdownDelayInitiatedEvent stopping) {
        leaving = true;
    }

    /** First of all that stop: answers under way need what is behind them. */
    void close(@Observes @Priority(1) ShutdownEvent stop) throws InterruptedException {
        leaving = true;
        long end = System.nanoTime() + LAST_ANSWERS.toNanos();
        while (underWay.get() > 0 && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        if (server != null) {
            server.close();
        }
    }

    private void admit(RoutingContext call) {
        boolean here = call.request().localAddress().port() == port;
        if (here) {
            underWay.incrementAndGet();
            call.addEndHandler(ended -> underWay.decrementAndGet());
            if (leaving) {
                call.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
        }
        if (!here || open.matcher(call.normalizedPath()).matches()) {
            call.response().putHeader("Content-Security-Policy", POLICY).putHeader("X-Content-Type-Options", "nosniff");
            call.next();
        } else {
            answer(call.response(), new Problem(404, "There is nothing here"));
        }
    }

    /** What is no HTTP, or too long for it, does not get as far as the routes. */
    private static void unreadable(HttpServerRequest request) {
        answer(request.response(), new Problem(400, "The address or the headers cannot be read, or are too long"))
                .onComplete(sent -> request.connection().close());
    }

    private static Future<Void> answer(HttpServerResponse response, Problem problem) {
        return response.setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .end(problem.document().toString());
    }
}
