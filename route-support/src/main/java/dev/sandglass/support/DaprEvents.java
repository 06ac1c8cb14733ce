package dev.sandglass.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
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
        JsonNode event = read(text);
        message.setHeaders(headers(event));
        message.setBody(event.get("data").toString());
    }

    /** An event's attributes as headers of a message: {@code ce-id}, {@code ce-type}, {@code ce-subject} and {@code ce-time}. */
    public static Map<String, Object> headers(JsonNode event) {
        Map<String, Object> headers = new HashMap<>();
        for (String attribute : List.of("id", "type", "subject", "time")) {
            if (event.hasNonNull(attribute)) {
                headers.put("ce-" + attribute, event.get(attribute).asText());
            }
        }
        return headers;
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

    /**
     * Makes a dead letter of what Dapr could not bring as an event of a topic: no CloudEvent, or one it gave up.
     *
     * @param wrapped the event Dapr made of it: its bytes are in {@code data_base64}
     * @throws Unavailable while the state store is away
     */
    public void parkUndelivered(@Header("topic") String topic, @Body String wrapped) {
        byte[] bytes = Base64.getDecoder()
                .decode(Json.read(wrapped, JsonNode.class).path("data_base64").asText());
        String event = new String(bytes, UTF_8);
        String why = "Dapr could not bring it to the service";
        try {
            read(event);
        } catch (IllegalArgumentException e) {
            why = why(e);
        }
        // What is no text is kept as Dapr wrapped it.
        boolean text = Arrays.equals(bytes, event.getBytes(UTF_8));
        deadLetters.park(topic, "events/" + topic, text ? event : wrapped, why, 1);
    }

    private static JsonNode read(String text) {
        JsonNode event = Json.read(text, JsonNode.class);
        if (!event.path("id").isTextual()
                || !event.path("type").isTextual()
                || !event.path("data").isContainerNode()) {
            throw new IllegalArgumentException("not a CloudEvent with JSON data");
        }
        return event;
    }

    private static String why(Throwable reason) {
        return reason.getMessage() == null ? reason.getClass().getSimpleName() : reason.getMessage();
    }
}
