package dev.sandglass.support;

import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * Lets out only the headers that belong to an answer, and lets in only the headers that routes read from a request. Without it, Camel
 * would send back all headers of the exchange, and would mistake a client's header or parameter for a part of the path, its own property
 * or a step's result of the same name. Parts of the path, method and query are not headers of a client and still come in.
 */
@Singleton
@Named("answerHeaders")
public class AnswerHeaders implements HeaderFilterStrategy {
    private static final Set<String> MEANT = Set.of(
            "content-type",
            "location",
            "etag",
            "retry-after",
            "allow",
            "cache-control",
            "www-authenticate",
            "x-robots-tag");
    private static final Set<String> READ =
            Set.of("if-match", "if-none-match", "idempotency-key", "mcp-protocol-version", "mcp-method", "mcp-name");

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return !MEANT.contains(name.toLowerCase(Locale.ROOT));
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return !READ.contains(name.toLowerCase(Locale.ROOT));
    }
}
