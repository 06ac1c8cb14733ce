package dev.sandglass.sync.routes.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Decodable;
import dev.sandglass.support.Labels;
import dev.sandglass.support.Problem;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.memory.FairShare;
import dev.sandglass.sync.domain.Origins;
import dev.sandglass.sync.domain.Ticket;
import dev.sandglass.sync.domain.Use;
import dev.sandglass.sync.memory.Sockets;
import dev.sandglass.sync.memory.Waiting;
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
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Lets a client open a socket, before the upgrade: with a ticket for this connection, from one of our pages. */
@Singleton
@Named("door")
public class Door implements HttpServerOptionsCustomizer {
    static final String PATH = "/live";

    /** The most bytes of a message, in one frame or in several. */
    static final int FRAME = 128 * 1024;
    /** A small buffer, so that a reader that stopped is seen early; a kernel would take megabytes by itself. */
    private static final int SEND_BUFFER = 128 * 1024;

    /** The most tickets that are checked together. */
    private static final int TOGETHER = 64;

    private static final int WAITING = 1_000;

    private final Vertx vertx;
    private final FairShare turns = new FairShare(TOGETHER, TOGETHER, WAITING);
    private final Tickets tickets;
    private final Sockets sockets;
    private final Origins origins;

    /** Clients that wait to be let in. */
    @Produces
    @Singleton
    @Named("knocks")
    final Waiting<Knock> knocks = new Waiting<>(TOGETHER);

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
        router.route().order(-300).handler(Door::decodable);
        router.route(PATH).order(-1).failureHandler(Door::failed).handler(this::knock);
    }

    static void decodable(RoutingContext call) {
        try {
            Decodable.require(call.request());
            call.next();
        } catch (Problem e) {
            Labels.as(call.request(), "none");
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
            use(call, ticket, vertx.getOrCreateContext());
        } catch (Problem | Rejection e) {
            refuse(call, e);
        }
    }

    /** A client that waits to be let in, on its own event loop. */
    public record Knock(Use use, RoutingContext call, Context own, FairShare.Turn turn) {}

    private void use(RoutingContext call, Ticket ticket, Context own) {
        Use use = new Use(ticket, UUID.randomUUID().toString());
        turns.enter(ticket.user(), turn -> knocks.add(new Knock(use, call, own, turn)));
    }

    /** The tokens whose lists tickets do not name, as a question to <em>task</em>; null where there are none. */
    public static @Nullable String tokens(@ExchangeProperty("knocks") List<Knock> together) {
        List<String> tokens = together.stream()
                .flatMap(knock -> knock.use.ticket().unknown().stream())
                .distinct()
                .toList();
        return tokens.isEmpty() ? null : Json.text(Map.of("tokens", tokens, "lists", true));
    }

    /**
     * The same with the lists of their tokens.
     *
     * @param answer {@code {"tokens":[…],"lists":{hash:[…]}}}; who has a token that is not there is refused
     */
    public static List<Knock> limited(@ExchangeProperty("knocks") List<Knock> together, @Body String answer) {
        JsonNode lists = Json.read(answer, JsonNode.class).path("lists");
        List<Knock> known = new ArrayList<>();
        for (Knock knock : together) {
            String token = knock.use.ticket().unknown().orElse(null);
            if (token == null) {
                known.add(knock);
            } else if (lists.has(token)) {
                Set<String> its =
                        lists.path(token).valueStream().map(JsonNode::asText).collect(Collectors.toSet());
                Use use = new Use(knock.use.ticket().forLists(its), knock.use.socket());
                known.add(new Knock(use, knock.call, knock.own, knock.turn));
            } else {
                knock.turn.end();
                knock.own.runOnContext(now -> refuse(knock.call, new Problem(401, "The token is withdrawn, or over")));
            }
        }
        return known;
    }

    public static List<Use> uses(@ExchangeProperty("knocks") List<Knock> together) {
        return together.stream().map(Knock::use).toList();
    }

    /** @param good of each user the sockets whose tickets are good, and were not used before */
    public void used(@ExchangeProperty("knocks") List<Knock> together, @Body List<Set<String>> good) {
        Set<String> sockets = good.stream().flatMap(Set::stream).collect(Collectors.toSet());
        for (Knock knock : together) {
            knock.turn.end();
            knock.own.runOnContext(now -> {
                if (sockets.contains(knock.use.socket())) {
                    open(knock.call, knock.use.ticket(), knock.use.socket());
                } else {
                    refuse(knock.call, new Problem(401, "The ticket has been used, or is over: get another"));
                }
            });
        }
    }

    /** The tickets could not be checked. */
    public void failed(
            @ExchangeProperty("knocks") List<Knock> together,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
        for (Knock knock : together) {
            knock.turn.end();
            knock.own.runOnContext(now -> refuse(knock.call, failure));
        }
    }

    private void open(RoutingContext call, Ticket ticket, String id) {
        // Camel hands query parameters to the route as headers: we set the socket's id, and take out the ticket.
        LivePeer client = new LivePeer(id, (ConnectionBase) call.request().connection(), sockets);
        client.expect();
        sockets.expect(id, ticket, client);
        call.queryParams().clear().set(Sockets.ID, id);
        // The upgrade resumes the request itself; resumed earlier, it could be read to its end before the upgrade.
        call.next();
    }

    /** The upgrade is done. */
    public void opened(@Header(Sockets.ID) String id, @Body ServerWebSocket socket) {
        if (sockets.peer(id) instanceof LivePeer client) {
            client.loop().execute(() -> client.opened(socket));
            sockets.opened(id);
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
