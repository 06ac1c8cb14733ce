package dev.sandglass.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.Event;
import dev.sandglass.support.domain.ParkEvent;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** The CloudEvents that a sidecar delivers, as messages, for {@code kamelet:dapr-subscription-source}. */
@Singleton
@Named("daprEvents")
public class DaprEvents {
    private static final String ENTRIES = "entries";
    private static final String EVENTS = "events";
    private static final String ALONE = "alone";
    private static final String UNREADABLE = "unreadable";
    private static final String BYTES = "data_base64";
    private static final String NO_EVENT = "not a CloudEvent with JSON data";

    private final MeterRegistry meters;

    public DaprEvents(MeterRegistry meters) {
        this.meters = meters;
    }

    /**
     * Reads a delivery of the sidecar: a CloudEvent, or many in the {@code entries} of a bulk subscription (Dapr Pub/Sub API).
     *
     * @return the events as JSON; a text for one that is no JSON
     */
    public List<Object> came(Exchange exchange) {
        String text = requireNonNullElse(exchange.getMessage().getBody(String.class), "");
        JsonNode json = Json.orNone(text);
        if (!json.path(ENTRIES).isArray()) {
            return List.of(json.isMissingNode() ? text : json);
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
     * Counts the answer (Dapr counts answers to a bulk only after its last try).
     *
     * @return the answer to the sidecar for all events: {@code SUCCESS} or {@code RETRY}
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
     * Reads a delivery of the sidecar for one route: the events of the wanted types together.
     *
     * @param types separated by commas; {@code *} for all
     */
    public List<Event> wanted(Exchange exchange, @ExchangeProperty("daprTypes") String types) {
        Set<String> wanted = Set.of(types.split(","));
        List<Event> events = new ArrayList<>();
        List<Object> unreadable = new ArrayList<>();
        for (Object came : came(exchange)) {
            if (came instanceof JsonNode envelope && Event.is(envelope)) {
                Event event = new Event(envelope);
                if (wanted.contains("*") || wanted.contains(event.type())) {
                    events.add(event);
                }
            } else {
                unreadable.add(came);
            }
        }
        exchange.setProperty(UNREADABLE, unreadable);
        exchange.setProperty(EVENTS, events);
        return events;
    }

    /** True where a delivery has events for the route. */
    public boolean isAny(@Body List<Event> events) {
        return !events.isEmpty();
    }

    /** One of several events, alone. */
    public List<Event> alone(Exchange exchange, @Body Event event) {
        exchange.setProperty(ALONE, event);
        return List.of(event);
    }

    /**
     * Lets all events come again where a service that the route needs is away, or this one is about to be.
     *
     * @throws Unavailable where it is
     */
    public void comeAgainWhereItIsAway(
            Exchange exchange, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable caught) {
        Unavailable away =
                exchange.getContext().isStopping() ? Unavailable.whileThisServiceStops(caught) : Unavailable.in(caught);
        if (away != null) {
            throw away;
        }
    }

    /** An event that a route could not handle. */
    public ParkEvent failed(
            @ExchangeProperty("daprTopic") String topic,
            @ExchangeProperty(ALONE) Event alone,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable reason) {
        return park(topic, alone.envelope().toString(), why(reason));
    }

    /** A delivery that is no event. */
    public ParkEvent unreadable(@ExchangeProperty("daprTopic") String topic, @Body Object came) {
        return park(topic, came.toString(), NO_EVENT);
    }

    /** An event as a message: its data as JSON text, its attributes as the headers {@code ce-id}, {@code ce-type} and so on. */
    public void open(Exchange exchange) {
        Event event = exchange.getMessage().getBody(Event.class);
        exchange.getMessage().setHeaders(headers(event.envelope()));
        exchange.getMessage().setBody(event.data().toString());
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
     * A message of a topic that Dapr could not deliver as an event: it is no CloudEvent, or Dapr gave it up.
     *
     * @param wrapped the event Dapr made of it: its bytes are in {@code data_base64}
     */
    public ParkEvent undelivered(@Header("topic") String topic, @Body String wrapped) {
        String base64 = Json.read(wrapped, JsonNode.class).path(BYTES).asText();
        byte[] bytes = Base64.getDecoder().decode(base64);
        String event = new String(bytes, UTF_8);
        boolean text = Arrays.equals(bytes, event.getBytes(UTF_8));
        return park(
                topic,
                // All else that Dapr wraps it in is drawn by lot: each copy would be a letter.
                text ? event : Json.object().put(BYTES, base64).toString(),
                Event.is(Json.orNone(event)) ? "Dapr could not bring it to the service" : NO_EVENT);
    }

    private static ParkEvent park(String topic, String event, String why) {
        return new ParkEvent(
                topic, "events/" + topic, event, why, 1, Instant.now().truncatedTo(ChronoUnit.MILLIS));
    }

    /** The reason of a failure: a split's exception only names the part, its cause has the reason. */
    private static String why(Throwable failed) {
        Throwable reason =
                failed instanceof CamelExchangeException && failed.getCause() != null ? failed.getCause() : failed;
        return reason.getMessage() == null ? reason.getClass().getSimpleName() : reason.getMessage();
    }
}
