package dev.sandglass.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
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
import org.jspecify.annotations.Nullable;

/** The CloudEvents a sidecar delivers, as messages: what {@code kamelet:dapr-subscription-source} is made of. */
@Singleton
@Named("daprEvents")
public class DaprEvents {
    private static final String AS_IT_CAME = "daprEvent";
    private static final String ENTRIES = "entries";

    private final DeadLetters deadLetters;
    private final MeterRegistry meters;

    DaprEvents(DeadLetters deadLetters, MeterRegistry meters) {
        this.deadLetters = deadLetters;
        this.meters = meters;
    }

    /**
     * What the sidecar brings: a CloudEvent, or many in the {@code entries} of a bulk subscription (Dapr Pub/Sub API).
     *
     * @return the events, as JSON, or as a text where one is none
     */
    public List<Object> came(Exchange exchange) {
        String text = requireNonNullElse(exchange.getMessage().getBody(String.class), "");
        JsonNode json;
        try {
            json = Json.read(text, JsonNode.class);
        } catch (IllegalArgumentException e) {
            return List.of(text);
        }
        if (!json.path(ENTRIES).isArray()) {
            exchange.setProperty(AS_IT_CAME, text);
            return List.of(json);
        }
        List<Object> events = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (JsonNode entry : json.get(ENTRIES)) {
            events.add(entry.path("event"));
            ids.add(entry.path("entryId").asText());
        }
        exchange.setProperty(ENTRIES, ids);
        return events;
    }

    /**
     * Counts the answer (Dapr counts those to a bulk only when its last try is over).
     *
     * @return what the sidecar is told of all that came: {@code SUCCESS} or {@code RETRY}
     */
    public String answer(
            String status,
            @ExchangeProperty("daprTopic") String topic,
            @ExchangeProperty(ENTRIES) @Nullable List<String> ids) {
        meters.counter("sandglass.events.answers", "topic", topic, "answer", status)
                .increment();
        if (ids == null) {
            return Json.object().put("status", status).toString();
        }
        ObjectNode answer = Json.object();
        ArrayNode statuses = answer.putArray("statuses");
        ids.forEach(id -> statuses.addObject().put("entryId", id).put("status", status));
        return answer.toString();
    }

    /**
     * Opens the envelope: its attributes become the headers {@code ce-id}, {@code ce-type}, {@code ce-subject} and
     * {@code ce-time}, its data the body, as JSON text.
     *
     * @throws IllegalArgumentException when the body is not a CloudEvent with JSON data
     */
    public void open(Exchange exchange) {
        Message message = exchange.getMessage();
        if (exchange.getProperty(AS_IT_CAME) == null) {
            exchange.setProperty(AS_IT_CAME, message.getBody());
        }
        JsonNode event = event(message.getBody());
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
            @ExchangeProperty(AS_IT_CAME) Object event,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable reason) {
        deadLetters.park(topic, "events/" + topic, event.toString(), why(reason), 1);
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
            event(Json.read(event, JsonNode.class));
        } catch (IllegalArgumentException e) {
            why = why(e);
        }
        // What is no text is kept as Dapr wrapped it.
        boolean text = Arrays.equals(bytes, event.getBytes(UTF_8));
        deadLetters.park(topic, "events/" + topic, text ? event : wrapped, why, 1);
    }

    private static JsonNode event(Object came) {
        if (came instanceof JsonNode event
                && event.path("id").isTextual()
                && event.path("type").isTextual()
                && event.path("data").isContainerNode()) {
            return event;
        }
        throw new IllegalArgumentException("not a CloudEvent with JSON data");
    }

    private static String why(Throwable reason) {
        return reason.getMessage() == null ? reason.getClass().getSimpleName() : reason.getMessage();
    }
}
