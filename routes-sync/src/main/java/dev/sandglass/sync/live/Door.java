package dev.sandglass.sync.live;

import dev.sandglass.support.Problem;
import dev.sandglass.support.Unavailable;
import dev.sandglass.sync.domain.Origins;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Who may open a socket, settled before the upgrade: a ticket good for this connection, from a page of ours. */
@Singleton
class Door implements HttpServerOptionsCustomizer {
    static final String PATH = "/live";

    private static final int FRAME = 64 * 1024;
    /** A reader that stopped shows at this much rather than at the megabytes a kernel takes by itself. */
    private static final int SEND_BUFFER = 128 * 1024;

    private final Vertx vertx;
    private final Tickets tickets;
    private final Sockets sockets;
    private final Origins origins;

    Door(
            Vertx vertx,
            Tickets tickets,
            Sockets sockets,
            @ConfigProperty(name = "sandglass.sync.allowed-origins") List<String> allowed) {
        this.vertx = vertx;
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
        router.route(PATH).order(-1).handler(this::knock);
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
            sockets.checkRoom(ticket.user());
            // What the client sends meanwhile must wait for the upgrade.
            request.pause();
            vertx.<Void>executeBlocking(
                            () -> {
                                tickets.use(ticket);
                                return null;
                            },
                            false)
                    .onSuccess(used -> open(call, ticket))
                    .onFailure(failure -> refuse(call, failure));
        } catch (Problem e) {
            refuse(call, e);
        }
    }

    private void open(RoutingContext call, Ticket ticket) {
        // Camel hands query parameters to the route as headers: the socket's id comes from us, and the ticket goes no
        // further.
        String id = sockets.expect(ticket.user(), call.request().connection());
        call.queryParams().clear().set(Sockets.ID, id);
        // The upgrade resumes the request itself; resumed before, it would sometimes have been read to its end by then.
        call.next();
    }

    private static void refuse(RoutingContext call, Throwable failure) {
        Problem problem = failure instanceof Problem said
                ? said
                : failure instanceof Unavailable away
                        ? new Problem(503, String.valueOf(away.getMessage()))
                        : new Problem(500, "The ticket could not be checked");
        HttpServerResponse answer = call.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                // What came behind a paused request is not to be taken for the next one.
                .putHeader(HttpHeaders.CONNECTION, "close");
        if (problem.status() == 503 || problem.status() == 429) {
            answer.putHeader(HttpHeaders.RETRY_AFTER, "1");
        }
        call.request().resume();
        answer.end(problem.document().toString());
    }
}
