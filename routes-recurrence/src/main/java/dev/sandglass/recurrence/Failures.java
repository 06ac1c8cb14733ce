package dev.sandglass.recurrence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.CloudEvent;
import dev.sandglass.events.Json;
import dev.sandglass.support.domain.ParkEvent;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * How often the sweep failed at each completion, so that one that cannot be followed becomes a dead letter. Counted in memory: a
 * restart, which may bring a mended version, tries all again.
 */
@Singleton
@Named("failures")
public class Failures {
    private final int tries;
    /** By the occurrence that does not come. */
    private final Map<String, Integer> counted = new ConcurrentHashMap<>();

    Failures(@ConfigProperty(name = "sandglass.awaiting.tries") int tries) {
        this.tries = tries;
    }

    /**
     * Forgets what is not waited for any more.
     *
     * @param awaiting {@code {"changes":[…]}}, all completions whose next occurrence has not come
     */
    public void forget(@Body String awaiting) {
        Set<String> still = new HashSet<>();
        Json.read(awaiting, JsonNode.class).path("changes").forEach(change -> still.add(occurrence(change)));
        counted.keySet().retainAll(still);
    }

    /** Whether a completion is still to be tried. */
    public boolean mayTry(@ExchangeProperty("change") String change) {
        return counted.getOrDefault(occurrence(change), 0) < tries;
    }

    /** Whether a failure now is the last. */
    public boolean last(@ExchangeProperty("change") String change) {
        return counted.getOrDefault(occurrence(change), 0) == tries - 1;
    }

    /** The dead letter it becomes. */
    public ParkEvent letter(
            @ExchangeProperty("change") String change, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception reason) {
        return new ParkEvent(
                "task-events",
                "events/task-events",
                event(change),
                String.valueOf(reason.getMessage()),
                tries,
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
    }

    public void count(@ExchangeProperty("change") String change) {
        counted.merge(occurrence(change), 1, Integer::sum);
    }

    /**
     * Nothing, where the completion is the one that <em>task</em> waits for to be followed, so that the sweep takes it up.
     *
     * @param awaited {@code {"changes":[…]}}, as <em>task</em> has it
     * @throws Exception the reason, where the sweep will not
     */
    public void unlessTriedAgain(
            @ExchangeProperty("change") String change,
            @ExchangeProperty("reason") Exception reason,
            @Body String awaited)
            throws Exception {
        JsonNode heard = Json.read(change, JsonNode.class);
        if (!heard.equals(Json.read(awaited, JsonNode.class).path("changes").path(0)) || !mayTry(change)) {
            throw reason;
        }
    }

    /** The completion as it was published. */
    private static String event(String change) {
        ObjectNode data = Json.read(change, ObjectNode.class);
        return Json.text(new CloudEvent(
                data.path("list").asText() + "/" + data.path("seq").asText(),
                "sandglass/task",
                data.path("event").asText(),
                data.at("/task/id").asText(),
                Instant.parse(data.path("at").asText()),
                "task-event",
                data));
    }

    private static String occurrence(String change) {
        return occurrence(Json.read(change, JsonNode.class));
    }

    private static String occurrence(JsonNode change) {
        return change.at("/rule/successor").asText();
    }
}
