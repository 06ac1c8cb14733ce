package dev.sandglass.support;

import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/** Lets out only the headers an answer means to have: Camel would send back whatever an exchange met on its way. */
@Singleton
@Named("answerHeaders")
public class AnswerHeaders implements HeaderFilterStrategy {
    private static final Set<String> MEANT =
            Set.of("content-type", "location", "etag", "retry-after", "allow", "cache-control", "www-authenticate");

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return !MEANT.contains(name.toLowerCase(Locale.ROOT));
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return false;
    }
}
