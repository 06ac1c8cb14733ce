package dev.sandglass.task.identity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Problem;
import dev.sandglass.task.ledger.Once;
import dev.sandglass.task.usecase.Request;
import io.netty.handler.codec.http.QueryStringDecoder;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** Finds out who asks, and on which terms: the first step of every route of the API. */
@Singleton
@Named("identity")
public class Identity {
    private static final String SCHEME = "bearer ";

    private final Tokens tokens;
    private final Pseudonyms pseudonyms;

    Identity(Tokens tokens, Pseudonyms pseudonyms) {
        this.tokens = tokens;
        this.pseudonyms = pseudonyms;
    }

    /**
     * Puts the {@link Request} into the exchange property {@code request}, the parameters of the query into {@code query}, and makes
     * the body text.
     *
     * @throws Problem 401
     */
    public void identify(Exchange exchange) {
        Message message = exchange.getMessage();
        String body = Objects.requireNonNullElse(message.getBody(String.class), "");
        message.setBody(body);
        exchange.setProperty("query", query(message.getHeader(Exchange.HTTP_RAW_QUERY, "", String.class)));
        Tokens.Bearer bearer = bearer(message.getHeader("Authorization", String.class));
        pseudonyms.note(bearer.user());
        String key = message.getHeader("Idempotency-Key", String.class);
        String path = message.getHeader(Exchange.HTTP_PATH, String.class);
        String method = message.getHeader(Exchange.HTTP_METHOD, String.class);
        boolean changes = !"GET".equals(method);
        Once once = key == null || !changes ? null : Once.of(bearer.user(), method + " " + path, key, body);
        exchange.setProperty(
                "request",
                new Request(
                        bearer.user(),
                        bearer.roles(),
                        once,
                        message.getHeader("If-Match", String.class),
                        bearer.until()));
    }

    /**
     * The same for another service that asks in the name of the user in its path. An order to make something is
     * {@code {"key": what it is known by when it comes again, "task": {…}}}; the body becomes the task.
     *
     * @throws Problem 400 where it is no order, 422 where key or task are missing
     */
    public void onBehalf(Exchange exchange) {
        Message message = exchange.getMessage();
        String user = Objects.requireNonNull(message.getHeader("user", String.class));
        exchange.setProperty("query", query(message.getHeader(Exchange.HTTP_RAW_QUERY, "", String.class)));
        Once once = null;
        if (!"GET".equals(message.getHeader(Exchange.HTTP_METHOD, String.class))) {
            JsonNode order = order(message.getBody(String.class));
            String task = order.path("task").toString();
            once = Once.of(user, "internal/tasks", order.path("key").asText(), task);
            message.setBody(task);
        }
        exchange.setProperty("request", new Request(user, Set.of(), once, null));
    }

    private static JsonNode order(@Nullable String body) {
        try {
            JsonNode order = Json.read(Objects.requireNonNullElse(body, ""), JsonNode.class);
            if (order.path("key").asText().isEmpty() || !order.path("task").isObject()) {
                throw Problem.wrong("", "an order has a key and a task");
            }
            return order;
        } catch (IllegalArgumentException e) {
            throw new Problem(400, "The order is no JSON: " + e.getMessage());
        }
    }

    /** @throws Problem 403 for those without the role {@code operator} */
    public void operator(Exchange exchange) {
        operator(exchange.getProperty("request", Request.class).roles());
    }

    /**
     * The same of one of whom no more than the header {@code Authorization} is known yet.
     *
     * @throws Problem 401, 403
     * @throws dev.sandglass.support.Unavailable while the issuer of the tokens is away
     */
    public void admitOperator(@Nullable String authorization) {
        operator(bearer(authorization).roles());
    }

    /**
     * Whose the header {@code Authorization} is.
     *
     * @throws Problem 401
     * @throws dev.sandglass.support.Unavailable while the issuer of the tokens is away
     */
    public String user(@Nullable String authorization) {
        return bearer(authorization).user();
    }

    private static void operator(Set<String> roles) {
        if (!roles.contains("operator")) {
            throw new Problem(403, "This is for operators");
        }
    }

    /** As it was sent: among the headers of an exchange a client's own headers could stand for parameters. */
    private static Map<String, String> query(String raw) {
        Map<String, String> query = new HashMap<>();
        new QueryStringDecoder(raw, false).parameters().forEach((name, values) -> query.put(name, values.get(0)));
        return query;
    }

    private Tokens.Bearer bearer(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new Problem(401, "Authorization: Bearer <token> is missing");
        }
        return tokens.verify(authorization.substring(SCHEME.length()).strip());
    }
}
