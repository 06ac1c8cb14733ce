package dev.sandglass.task.routes.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toUnmodifiableSet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Problem;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.task.domain.Grant;
import dev.sandglass.task.domain.Once;
import dev.sandglass.task.domain.Request;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;
import org.jspecify.annotations.Nullable;

/** Makes the request of a call: the first step of every route of the API. The gate has found the user before. */
@Singleton
@Named("identity")
public class Identity {
    /** An Idempotency-Key makes these repeatable; a PUT is so anyway. */
    private static final Set<String> KEYED = Set.of("POST", "PATCH", "DELETE");

    private static final String GRANT = "grant";

    private final Pseudonyms pseudonyms;

    Identity(Pseudonyms pseudonyms) {
        this.pseudonyms = pseudonyms;
    }

    /** The user of a token, as the gate hands it to the routes. */
    public static User user(Tokens.Bearer bearer) {
        return User.create(new JsonObject()
                .put("user", bearer.user())
                .put("roles", new JsonArray(List.copyOf(bearer.roles())))
                .put("until", bearer.until().getEpochSecond())
                .put(GRANT, bearer.grant()));
    }

    /** The name of a user that the gate has let in. */
    public static String name(User user) {
        return user.principal().getString("user");
    }

    /**
     * Puts the {@link Request} into the exchange property {@code request}, the parameters of the query into {@code query}, and makes
     * the body text.
     *
     * @throws Problem 401 where the call did not pass the gate
     */
    public void identify(Exchange exchange) {
        Message message = exchange.getMessage();
        // With an empty body the gate takes any type, and Camel takes its charset, even one that does not exist.
        exchange.removeProperty(Exchange.CHARSET_NAME);
        String body = Objects.requireNonNullElse(message.getBody(String.class), "");
        message.setBody(body);
        String raw = message.getHeader(Exchange.HTTP_RAW_QUERY, "", String.class);
        exchange.setProperty("query", Cursors.opened(query(raw)));
        User known = message.getHeader(VertxPlatformHttpConstants.AUTHENTICATED_USER, User.class);
        if (known == null) {
            throw new Problem(401, "This call needs a token: Authorization: Bearer …");
        }
        String user = name(known);
        Set<String> roles = known.principal().getJsonArray("roles").stream()
                .map(String::valueOf)
                .collect(toUnmodifiableSet());
        pseudonyms.note(user);
        Grant grant = (Grant) known.principal().getValue(GRANT);
        String key = message.getHeader("Idempotency-Key", String.class);
        String path = message.getHeader(Exchange.HTTP_PATH, String.class);
        String method = message.getHeader(Exchange.HTTP_METHOD, String.class);
        Once once = key == null || !KEYED.contains(method)
                ? null
                : Once.of(user, method + " " + path + Grant.mark(grant), key, raw.isEmpty() ? body : body + "\n" + raw);
        Instant until = Instant.ofEpochSecond(known.principal().getLong("until"));
        exchange.setProperty(
                "request",
                new Request(
                        user,
                        roles,
                        grant,
                        once,
                        message.getHeader("If-Match", String.class),
                        "GET".equals(method) ? message.getHeader("If-None-Match", String.class) : null,
                        until,
                        Instant.now(),
                        message.getHeader("id", "", String.class),
                        message.getHeader("user", message.getHeader("link", "", String.class), String.class)));
    }

    /**
     * The same for another service that asks for the user in its path. An order for a new task is {@code {"key": …, "task": {…}}};
     * the key tells that an order comes again; the body becomes the task.
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
        exchange.setProperty("request", new Request(user, Set.of(), once, null, Instant.now()));
    }

    private static JsonNode order(@Nullable String body) {
        try {
            JsonNode order = Json.read(Objects.requireNonNullElse(body, ""), JsonNode.class);
            if (order.path("key").asText().isEmpty() || !order.path("task").isObject()) {
                throw Problem.of(Rejection.wrong("", "an order has a key and a task"));
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

    /** @throws Problem 403 for those without the role {@code operator} */
    public static void operator(Set<String> roles) {
        if (!roles.contains("operator")) {
            throw new Problem(403, "This is for operators");
        }
    }

    /** The parameters of a query, decoded; a {@code ;} separates nothing (WHATWG URL). */
    public static Map<String, List<String>> parameters(String raw) {
        return new QueryStringDecoder(raw, UTF_8, false, Integer.MAX_VALUE, true).parameters();
    }

    /** Reads the query as sent: in the headers of an exchange a client's header could pass for a parameter. */
    private static Map<String, String> query(String raw) {
        Map<String, String> query = new HashMap<>();
        parameters(raw).forEach((name, values) -> query.put(name, values.get(0)));
        return query;
    }
}
