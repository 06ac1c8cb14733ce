package dev.sandglass.task.routes.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Problem;
import dev.sandglass.support.RouteOrder;
import dev.sandglass.task.routes.FeedLinks;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.ExchangeProperty;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The rules of the Model Context Protocol for {@code /mcp} beside the gate: no page of others calls it, and a client without a token is
 * told where one is to be had (RFC 9728).
 */
@Singleton
@Named("mcpDoor")
public class McpDoor {
    static final String MCP = "/mcp";
    static final String METADATA = "/.well-known/oauth-protected-resource";

    private final Optional<String> issuer;
    private final Set<String> origins;
    private final FeedLinks links;

    McpDoor(
            @ConfigProperty(name = "sandglass.identity.issuer") Optional<String> issuer,
            @ConfigProperty(name = "sandglass.task.allowed-origins") Optional<List<String>> origins,
            FeedLinks links) {
        this.issuer = issuer;
        this.origins = Set.copyOf(origins.orElse(List.of()));
        this.links = links;
    }

    void guard(@Observes Router router) {
        RouteOrder.MCP.on(router, MCP).handler(this::check);
    }

    private void check(RoutingContext call) {
        HttpServerRequest request = call.request();
        String own = links.originOf(request.scheme() + "://" + request.getHeader(HttpHeaders.HOST) + "/");
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (issuer.isPresent() && !own.isEmpty()) {
            call.addHeadersEndHandler(answer -> {
                if (call.response().getStatusCode() == 401) {
                    call.response()
                            .putHeader("WWW-Authenticate", "Bearer resource_metadata=\"" + own + METADATA + "\"");
                }
            });
        }
        if (origin != null && !origin.equals(own) && !origins.contains(origin)) {
            throw new Problem(403, "Pages of this origin may not call; sandglass.task.allowed-origins says which may");
        }
        call.next();
    }

    /**
     * Names the issuer of the tokens that are good here.
     *
     * @throws Problem 404 where nobody does
     */
    public String metadata(@ExchangeProperty("origin") String origin) {
        ObjectNode metadata = Json.object().put("resource", origin + MCP).put("resource_name", "Sandglass");
        metadata.putArray("authorization_servers").add(issuer.orElseThrow(Problems::nothing));
        metadata.putArray("bearer_methods_supported").add("header");
        return metadata.toString();
    }
}
