package dev.sandglass.task.routes.http;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.sandglass.support.Labels;
import dev.sandglass.support.OpenPaths;
import dev.sandglass.support.Problem;
import dev.sandglass.support.RouteOrder;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * The public origin: a port of its own with the page, {@code /api}, the tools of assistants ({@code /mcp}), CalDAV
 * ({@code /dav}), private links ({@code /feeds}) and what foreign servers post to ({@code /hooks/in}), and nothing else. What the sidecar
 * and the operator call (events, jobs, internal methods, health, metrics) is on the service's own port only.
 */
@Singleton
class FrontDoor {
    /** The page's files are flat. */
    private static final Pattern PAGE = Pattern.compile("/[^/]*");

    private static final String COUNTED = "sandglass.counted";
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    /** Bytes; a search in letters that take several when escaped comes to that. */
    private static final int LONGEST_LINE = 32_768;

    /** Bytes of a connection that are read before it is another's turn: whoever sends most is not served most. */
    private static final int BYTES_IN_TURN = 1_024;

    /** Bytes of an answer that the system keeps for a client that does not read; by itself it keeps megabytes, which nobody counts. */
    private static final int SENT_AHEAD = 131_072;

    /** How long a stranger waits for a refusal: to make one costs more than to ask for it, and each connection has one at a time. */
    private static final int REFUSAL_MILLIS = 20;
    /** How long a call without a token waits to be looked at. */
    private static final int STRANGER_MILLIS = 5;

    /** How long answers under way may take once the service stops. */
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final Map<String, Caller> byAddress = new ConcurrentHashMap<>();
    private volatile boolean leaving;

    private final Vertx vertx;
    private final MeterRegistry metrics;
    private final Wire.Limits limits;
    private final int mostConnections;
    private final int mostPerAddress;
    private final HttpServerOptions options;
    private final OpenPaths open;
    private final Map<String, String> headers;
    private @Nullable Router router;
    private @Nullable HttpServer server;

    /**
     * The connections of one address.
     *
     * @param inHeads bytes of heads that have not ended yet
     * @param idle connections without a request under way, the longest so first
     */
    private record Caller(AtomicInteger connections, AtomicLong inHeads, Set<Wire> idle) {
        Caller() {
            this(new AtomicInteger(), new AtomicLong(), Collections.synchronizedSet(new LinkedHashSet<>()));
        }

        boolean closeIdle() {
            Wire longest;
            synchronized (idle) {
                longest = idle.stream().findFirst().orElse(null);
                idle.remove(longest);
            }
            if (longest != null) {
                longest.makeRoom();
            }
            return longest != null;
        }
    }

    FrontDoor(
            Vertx vertx,
            MeterRegistry metrics,
            @ConfigProperty(name = "quarkus.http.host") String host,
            @ConfigProperty(name = "sandglass.public.port") int port,
            OpenPaths open,
            @ConfigProperty(name = "sandglass.live.url") URI feed,
            @ConfigProperty(name = "sandglass.public.head-limit") Duration head,
            @ConfigProperty(name = "sandglass.public.body-limit") Duration body,
            @ConfigProperty(name = "sandglass.public.idle") Duration idle,
            @ConfigProperty(name = "sandglass.public.connections") int connections,
            @ConfigProperty(name = "sandglass.public.connections-per-address") int perAddress) {
        this.vertx = vertx;
        this.metrics = metrics;
        this.open = open;
        require(!head.isNegative() && !head.isZero(), "sandglass.public.head-limit", head);
        require(!body.isNegative() && !body.isZero(), "sandglass.public.body-limit", body);
        require(!idle.isNegative() && !idle.isZero(), "sandglass.public.idle", idle);
        require(connections > 0, "sandglass.public.connections", connections);
        require(perAddress > 0, "sandglass.public.connections-per-address", perAddress);
        limits = new Wire.Limits(head, body);
        mostConnections = connections;
        mostPerAddress = perAddress;
        headers = PageHeaders.of(feed);
        options = new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setMaxInitialLineLength(LONGEST_LINE)
                .setHttp2ClearTextEnabled(false)
                .setSendBufferSize(SENT_AHEAD)
                .setIdleTimeoutUnit(MILLISECONDS)
                .setIdleTimeout((int) idle.toMillis());
        metrics.gauge("sandglass.public.connections", this.connections);
    }

    private static void require(boolean some, String setting, Object value) {
        if (!some) {
            throw new IllegalStateException(setting + " is " + value + "; it must be more than nothing");
        }
    }

    void know(@Observes Router routes) {
        router = routes;
        // Among the router's own handlers, so that both see the same path, whatever is escaped in it.
        RouteOrder.PUT_OFF.on(routes).failureHandler(this::putOff);
        RouteOrder.FRONT_DOOR.on(routes).handler(this::admit);
        RouteOrder.NOTHING.on(routes).handler(this::nothing);
    }

    void open(@Observes @Priority(Integer.MAX_VALUE) StartupEvent start) throws Exception {
        server = vertx.createHttpServer(options)
                .connectionHandler(this::connect)
                .requestHandler(this::queue)
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

    /** Before its first byte is read. */
    private void connect(HttpConnection connection) {
        String address = Wire.from(connection.remoteAddress());
        Caller caller = byAddress.compute(address, (key, known) -> {
            Caller here = known == null ? new Caller() : known;
            here.connections.incrementAndGet();
            return here;
        });
        boolean room = (connections.incrementAndGet() <= mostConnections & caller.connections.get() <= mostPerAddress)
                || greediest(caller).closeIdle();
        ConnectionBase wire = (ConnectionBase) connection;
        // Not closeHandler: there is one only, and it may be another's.
        wire.closeFuture().onComplete(closed -> {
            connections.decrementAndGet();
            byAddress.computeIfPresent(
                    address, (key, known) -> known.connections.decrementAndGet() == 0 ? null : known);
        });
        ChannelHandlerContext own = wire.channelHandlerContext();
        own.channel()
                .config()
                .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(BYTES_IN_TURN).maxMessagesPerRead(1));
        own.pipeline().replace("httpDecoder", "httpDecoder", new StrictDecoder(options, caller.inHeads));
        // The idle limit starts anew with each byte that the client sends.
        own.pipeline().addBefore("handler", "answers", new WriteTimeoutHandler(options.getIdleTimeout(), MILLISECONDS));
        Problem refusal = room ? null : new Problem(503, "There are too many connections; try again in a moment");
        own.pipeline().addBefore("handler", "wire", new Wire(limits, refusal, headers, caller.idle, this::count));
    }

    /** The caller that has to make room for a new connection: somebody with few is not put out by somebody with many. */
    private Caller greediest(Caller newest) {
        return newest.connections.get() > mostPerAddress
                ? newest
                : Collections.max(byAddress.values(), Comparator.comparingInt(known -> known.connections.get()));
    }

    private void count(int status) {
        Counter.builder("sandglass.public.refused")
                .description("Requests and connections that ended before anybody looked at them")
                .tag("status", Integer.toString(status))
                .register(metrics)
                .increment();
    }

    /** A connection has one answer in memory at most, however many it asks for. */
    private void queue(HttpServerRequest request) {
        ConnectionBase wire = (ConnectionBase) request.connection();
        if (Wire.isRead(wire)) {
            pace(request);
            return;
        }
        request.pause();
        Wire.whenRead(wire, vertx).onSuccess(read -> {
            request.resume();
            pace(request);
        });
    }

    private void pace(HttpServerRequest request) {
        if (request.headers().contains(HttpHeaders.AUTHORIZATION)) {
            meet(request);
        } else {
            after(STRANGER_MILLIS, request, () -> meet(request));
        }
    }

    /** A connection has one call under way, so a stranger's ten connections do not take the processor. */
    private void after(int millis, HttpServerRequest request, Runnable next) {
        request.pause();
        vertx.setTimer(millis, late -> {
            if (!request.response().closed()) {
                request.resume();
                next.run();
            }
        });
    }

    /** A request that is no call of a path does not get as far as the routes. */
    private void meet(HttpServerRequest request) {
        String expectation = request.getHeader(HttpHeaders.EXPECT);
        String path = request.path();
        headers.forEach(request.response()::putHeader);
        if (expectation != null && !expectation.equalsIgnoreCase("100-continue")) {
            Labels.as(request, "none");
            Problems.answer(request, new Problem(417, "Nothing but 100-continue can be expected here"));
        } else if (path == null || !path.startsWith("/")) {
            // CONNECT, and OPTIONS of the whole server.
            Labels.as(request, "none");
            Problems.answer(request, Problems.notAllowed(request.response(), Set.of("GET", "HEAD", "POST")));
        } else {
            Objects.requireNonNull(router).handle(request);
        }
    }

    private boolean here(RoutingContext call) {
        return call.request().localAddress().port() == options.getPort();
    }

    private void admit(RoutingContext call) {
        HttpServerRequest request = call.request();
        boolean here = here(call);
        if (here) {
            if (call.get(COUNTED) == null) {
                // A HEAD comes here twice, and its first end handlers go.
                call.put(COUNTED, true);
                underWay.incrementAndGet();
            }
            call.addEndHandler(ended -> underWay.decrementAndGet());
            if (leaving) {
                call.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
            headers.forEach(call.response()::putHeader);
        }
        boolean guarded = OpenPaths.isGuarded(call);
        boolean page = here && !guarded && PAGE.matcher(call.normalizedPath()).matches();
        if (here && !guarded) {
            Labels.as(request, page ? "/{file}" : "/hooks/in/{name}");
        }
        if (here && !open.has(call)) {
            call.fail(Problems.nothing());
        } else if (page && !READING.contains(request.method())) {
            call.fail(Problems.notAllowed(call.response(), Set.of("GET", "HEAD")));
        } else {
            call.next();
        }
    }

    private void putOff(RoutingContext call) {
        if (!here(call) || call.user() != null) {
            call.next();
        } else {
            after(REFUSAL_MILLIS, call.request(), call::next);
        }
    }

    private void nothing(RoutingContext call) {
        if (here(call)) {
            call.fail(Problems.nothing());
        } else {
            call.next();
        }
    }
}
