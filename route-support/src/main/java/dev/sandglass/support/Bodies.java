package dev.sandglass.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;

/** A message's body is JSON: as text (events), as a tree (new tasks) or as maps and lists (the other hooks). */
public final class Bodies {
    private Bodies() {}

    /** The body as it is sent. */
    public static String text(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body == null || body instanceof String || body instanceof byte[] || body instanceof InputStream) {
            return Objects.requireNonNullElse(exchange.getMessage().getBody(String.class), "");
        }
        return Json.text(body);
    }

    /** @throws IllegalArgumentException when the body is not JSON */
    public static JsonNode tree(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof JsonNode tree
                ? tree
                : Json.read(text(exchange), JsonNode.class);
    }

    /** Makes a tree the body, in the form the body had. */
    public static void put(Exchange exchange, JsonNode tree) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof JsonNode) {
            exchange.getMessage().setBody(tree);
        } else if (body instanceof Map || body instanceof List) {
            exchange.getMessage().setBody(Json.read(tree, Object.class));
        } else {
            exchange.getMessage().setBody(tree.toString());
        }
    }
}
