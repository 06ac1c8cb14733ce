package dev.sandglass.task.routes;

import dev.sandglass.support.domain.Decision;
import dev.sandglass.task.domain.ReadFeed;
import dev.sandglass.task.routes.identity.Identity;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Private links, at the edge of HTTP: the address they have, and who follows one. */
@Singleton
@Named("feedLinks")
public class FeedLinks {
    private static final Pattern CALLED = Pattern.compile("https?://([A-Za-z0-9.:\\[\\]-]+)/");

    private final boolean tls;

    /** @param feed it comes by TLS where the public origin does */
    public FeedLinks(@ConfigProperty(name = "sandglass.live.url") URI feed) {
        tls = "wss".equals(feed.getScheme());
    }

    /** The public origin, by the name under which the client called it; empty where it gave none. */
    public String origin(Exchange exchange) {
        return originOf(exchange.getMessage().getHeader(Exchange.HTTP_URL, "", String.class));
    }

    /** The same of a URL. */
    public String originOf(String url) {
        Matcher called = CALLED.matcher(url);
        return called.lookingAt() ? (tls ? "https://" : "http://") + called.group(1) : "";
    }

    /** A reader of a link is not signed in; the gate has held what is asked against the contract. */
    public Decision<ReadFeed> question(Exchange exchange) {
        Message message = exchange.getMessage();
        Map<String, List<String>> query =
                Identity.parameters(message.getHeader(Exchange.HTTP_RAW_QUERY, "", String.class));
        return ReadFeed.begin(
                Objects.requireNonNull(message.getHeader("file", String.class)),
                query.containsKey("as"),
                message.getHeader("If-None-Match", String.class),
                Instant.now());
    }
}
