package dev.sandglass.sync.routes.http;

import dev.sandglass.support.Decodable;
import dev.sandglass.support.OpenPaths;
import dev.sandglass.support.Problem;
import dev.sandglass.support.RouteOrder;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.sync.domain.Origins;
import dev.sandglass.sync.domain.Ticket;
import dev.sandglass.sync.domain.Use;
import dev.sandglass.sync.memory.Knocks;
import dev.sandglass.sync.memory.Sockets;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Lets a client open a socket, before the upgrade: with a ticket for this connection, from one of our pages. */
@Singleton
@Named("door")
public class Door implements HttpServerOptionsCustomizer {
    static final String PATH = "/live";

    /** The most bytes of a message, in one frame or in several. */
    static final int FRAME = 128 * 1024;
    /** A small buffer, so that a reader that stopped is seen early; a kernel would take megabytes by itself. */
    private static final int SEND_BUFFER = 128 * 1024;

    private final Vertx vertx;
    private final Knocks knocks;
    private final Tickets tickets;
    private final Sockets sockets;
    private final Origins origins;

    Door(
            Vertx vertx,
            Knocks knocks,
            Tickets tickets,
            Sockets sockets,
            @ConfigProperty(name = "sandglass.sync.allowed-origins") List<String> allowed) {
        this.vertx = vertx;
        this.knocks = knocks;
        this.tickets = tickets;
        this.sockets = sockets;
        this.origins = new Origins(Set.copyOf(allowed));
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        options.setMaxWebSocketFrameSize(FRAME)
                .setMaxWebSocketMessageSize(FRAME)
                .setSendBufferSize(SEND_BUFFER);
    }

    void guard(@Observes Router router) {
        RouteOrder.ADDRESS.on(router).handler(Door::decodable);
        RouteOrder.HEADERS.on(router, PATH).handler(call -> {
            // A client needs a ticket instead of the sidecar's token.
            OpenPaths.guard(call);
            call.next();
        });
        RouteOrder.TICKET.on(router, PATH).failureHandler(Door::failed).handler(this::knock);
    }

    static void decodable(RoutingContext call) {
        try {
            Decodable.require(call.request());
            call.next();
        } catch (Problem e) {
            refuse(call, e);
        }
    }

    private void knock(RoutingContext call) {
        HttpServerRequest request = call.request();
        try {
            if (!origins.admit(request.getHeader(HttpHeaders.ORIGIN), request.getHeader(HttpHeaders.HOST))) {
                throw new Problem(403, "Not from a page of another origin");
            }
            Ticket ticket = tickets.read(request.getParam("ticket"));
            if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
                throw new Problem(400, "This is a WebSocket");
            }
            if (!sockets.stays()) {
                throw new Problem(503, "This replica is stopping; connect again");
            }
            // The client's next bytes must wait for the upgrade.
            request.pause();
            Use use = new Use(ticket, UUID.randomUUID().toString());
            Context own = vertx.getOrCreateContext();
            knocks.add(use)
                    .whenComplete((good, failure) -> own.runOnContext(now -> {
                        if (failure != null) {
                            refuse(call, failure);
                        } else if (good.isEmpty()) {
                            refuse(
                                    call,
                                    new Problem(
                                            401, "The ticket has been used, or it or its token is over: get another"));
                        } else {
                            open(call, good.get(), use.socket());
                        }
                    }));
        } catch (Problem | Rejection e) {
            refuse(call, e);
        }
    }

    private void open(RoutingContext call, Ticket ticket, String id) {
        // Camel hands query parameters to the route as headers: we set the socket's id, and take out the ticket.
        LivePeer client = new LivePeer(id, (ConnectionBase) call.request().connection(), sockets);
        sockets.expect(id, ticket, client);
        if (!client.expect()) {
            // It went away while its ticket was used, so it has a socket in the store.
            sockets.closed(id);
            return;
        }
        call.queryParams().clear().set(Sockets.ID, id);
        // The upgrade resumes the request itself; resumed earlier, it could be read to its end before the upgrade.
        call.next();
    }

    /** The upgrade is done. */
    public void opened(@Header(Sockets.ID) String id, @Body ServerWebSocket socket) {
        if (sockets.peer(id) instanceof LivePeer client) {
            client.loop().execute(() -> client.opened(socket));
            sockets.opened(id);
        } else {
            // It came too late, and nobody would tell it anything.
            socket.close(Sockets.TRY_AGAIN, "try again");
        }
    }

    /** Handles a client that went away before its upgrade; the framework would log the address with the ticket in it. */
    private static void failed(RoutingContext call) {
        if (!call.response().ended() && !call.response().closed()) {
            refuse(call, new Problem(400, "The connection could not be opened"));
        }
    }

    static void refuse(RoutingContext call, Throwable failure) {
        Problem problem = failure instanceof Problem said
                ? said
                : failure instanceof Rejection no
                        ? Problem.of(no)
                        : failure instanceof Unavailable away
                                ? new Problem(503, String.valueOf(away.getMessage()))
                                : new Problem(500, "The ticket could not be checked");
        call.response()
                .putHeader("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                // The bytes after a paused request must not be read as the next request.
                .putHeader(HttpHeaders.CONNECTION, "close");
        call.request().resume();
        problem.answer(call.response())
                .onComplete(sent -> call.request().connection().close());
    }
}
