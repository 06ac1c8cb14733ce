package dev.sandglass.support;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;

/** The CloudEvents a sidecar delivers, as messages: what {@code kamelet:dapr-subscription-source} is made of. */
@Singleton
@Named("daprEvents")
public class DaprEvents {
    private static final String AS_IT_CAME = "daprEvent";

    private final DeadLetters deadLetters;

    DaprEvents(DeadLetters deadLetters) {
        this.deadLetters = deadLetters;
    }

    /**
     * Opens the envelope: its attributes become the headers {@code ce-id}, {@code ce-type}, {@code ce-subject} and
     * {@code ce-time}, its data the body, as JSON text.
     *
     * @throws IllegalArgumentException when the body is not a CloudEvent with JSON data
     */
    public void open(Exchange exchange) {
        Message message = exchange.getMessage();
        String text = requireNonNullElse(message.getBody(String.class), "");
        exchange.setProperty(AS_IT_CAME, text);
        JsonNode event = Json.read(text, JsonNode.class);
        if (!event.path("id").isTextual()
                || !event.path("type").isTextual()
                || !event.path("data").isContainerNode()) {
            throw new IllegalArgumentException("not a CloudEvent with JSON data");
        }
        message.removeHeaders("*");
        for (String attribute : new String[] {"id", "type", "subject", "time"}) {
            if (event.hasNonNull(attribute)) {
                message.setHeader("ce-" + attribute, event.get(attribute).asText());
            }
        }
        message.setBody(event.get("data").toString());
    }

    /**
     * Makes the event of which this exchange is a dead letter, its reason being what was caught last.
     *
     * @throws Unavailable while the state store is away
     */
    public void park(
            @ExchangeProperty("daprTopic") String topic,
            @ExchangeProperty(AS_IT_CAME) String event,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable reason) {
        deadLetters.park(topic, "events/" + topic, event, why(reason), 1);
    }

    private static String why(Throwable reason) {
        return reason.getMessage() == null ? reason.getClass().getSimpleName() : reason.getMessage();
    }
}
