package dev.sandglass.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** The CloudEvents a sidecar delivers, as messages: what {@code kamelet:dapr-event-source} is made of. */
@Singleton
@Named("daprEvents")
public class DaprEvents {
    /**
     * Opens the envelope: its attributes become the headers {@code ce-id}, {@code ce-type}, {@code ce-subject} and
     * {@code ce-time}, its data the body, as JSON text.
     *
     * @throws IllegalArgumentException when the body is not a CloudEvent with JSON data
     */
    public void open(Exchange exchange) {
        Message message = exchange.getMessage();
        JsonNode event = Json.read(message.getBody(String.class), JsonNode.class);
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
}
