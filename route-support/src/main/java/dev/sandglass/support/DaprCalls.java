package dev.sandglass.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.CloudEvent;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Keyed;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** The sidecar's calls as steps of a route, which the Kamelets use. A message's body is JSON text or an object to be written as JSON. */
@Singleton
@Named("daprCalls")
public class DaprCalls {
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

    private static final Duration POST_LIMIT = Duration.ofSeconds(10);

    private final Dapr dapr;

    public DaprCalls(Dapr dapr) {
        this.dapr = dapr;
    }

    /**
     * Publishes the body.
     *
     * @throws Unavailable when the broker does not take it in time
     */
    public void publish(Exchange exchange, @ExchangeProperty("topic") String topic) {
        CloudEvent event = exchange.getMessage().getBody() instanceof CloudEvent made
                ? made
                : Json.read(Bodies.text(exchange), CloudEvent.class);
        String key = exchange.getMessage().getHeader("ce-key", event.subject(), String.class);
        dapr.publish(topic, Objects.requireNonNull(key, "an event without subject needs the header ce-key"), event);
    }

    /**
     * Publishes the events of the body, those of one key one after the other.
     *
     * @return the places, from 0, of the events that the broker may not have
     * @throws Unavailable when the broker did not take them in time; it may have taken some all the same
     */
    public Set<Integer> publishMany(@Body List<Keyed> events, @ExchangeProperty("topic") String topic) {
        return events.isEmpty() ? Set.of() : dapr.publish(topic, events);
    }

    /**
     * The documents under the body's keys.
     *
     * @throws Unavailable when the state store does not answer in time
     */
    public Map<String, Stored> get(@Body Collection<String> keys) {
        return dapr.read(keys);
    }

    /**
     * Writes the body, a {@link Transaction}.
     *
     * @throws Unavailable when it is not known to have been written
     */
    public void transaction(@Body Transaction transaction) {
        dapr.commit(transaction);
    }

    /**
     * @param limit milliseconds; empty: {@code sandglass.dapr.invoke-limit}
     * @throws Refused when the service says no
     * @throws Unavailable when it cannot be reached in time
     */
    public void invoke(
            Exchange exchange,
            @ExchangeProperty("app") String app,
            @ExchangeProperty("verb") String verb,
            @ExchangeProperty("method") String method,
            @ExchangeProperty("limit") String limit) {
        String body = "GET".equals(verb) ? null : Bodies.text(exchange);
        JsonNode answer = dapr.invoke(app, verb, method, body, limit(limit));
        exchange.getMessage().setBody(answer.toString());
    }

    /** @throws Unavailable when there is no scheduler */
    public void schedule(Exchange exchange, @ExchangeProperty("job") String job, @ExchangeProperty("at") String at) {
        dapr.schedule(job, at, Json.read(Bodies.text(exchange), JsonNode.class));
    }

    /**
     * @param limit milliseconds; empty: {@code sandglass.dapr.invoke-limit}
     * @throws Unavailable when the binding does not take it in time
     */
    public void bind(
            Exchange exchange,
            @ExchangeProperty("binding") String binding,
            @ExchangeProperty("operation") String operation,
            @ExchangeProperty("limit") String limit) {
        dapr.bind(binding, operation, Bodies.text(exchange), metadata(exchange), limit(limit));
    }

    private static Map<String, String> metadata(Exchange exchange) {
        Map<String, String> metadata = new HashMap<>();
        exchange.getMessage().getHeaders().forEach((name, value) -> {
            if (name.startsWith("binding-")) {
                // A line break in a subject could begin another header of a mail.
                metadata.put(
                        name.substring("binding-".length()),
                        CONTROL.matcher(String.valueOf(value)).replaceAll(" "));
            }
        });
        return metadata;
    }

    /**
     * Posts the body to a URL.
     *
     * @throws Unavailable when the answer is not 2xx, with the words of Dapr's HTTP binding as its cause, or does not come within 10 s
     */
    public void post(Exchange exchange, @ExchangeProperty("url") String url) {
        URI address = URI.create(url);
        int status = dapr.post(address, Bodies.text(exchange), metadata(exchange), POST_LIMIT);
        if (status < 200 || status >= 300) {
            throw new Unavailable(
                    address.getScheme() + "://" + address.getRawAuthority(),
                    new IOException("received status code " + status));
        }
    }

    /**
     * The names of the bindings there are.
     *
     * @throws Unavailable when the sidecar does not answer
     */
    public Set<String> bindings() {
        return dapr.bindings();
    }

    /**
     * Asks a language model; its answer, JSON text, is the new body.
     *
     * @param limit milliseconds
     * @throws Unavailable when it does not answer in time
     */
    public void converse(
            Exchange exchange, @ExchangeProperty("component") String component, @ExchangeProperty("limit") long limit) {
        JsonNode answer = dapr.converse(component, Bodies.text(exchange), Duration.ofMillis(limit));
        exchange.getMessage().setBody(answer.toString());
    }

    private static @Nullable Duration limit(String millis) {
        return millis.isEmpty() ? null : Duration.ofMillis(Long.parseLong(millis));
    }

    /**
     * Puts a secret into an exchange property: the body and the headers, which may be logged, never hold it.
     *
     * @throws Unavailable when the secret store does not answer
     * @throws IllegalStateException when there is no such secret
     */
    public void secret(
            Exchange exchange,
            @ExchangeProperty("secretName") String name,
            @ExchangeProperty("property") String property) {
        exchange.setProperty(property, dapr.secret(name));
    }
}
