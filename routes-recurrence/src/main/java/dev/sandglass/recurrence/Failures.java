package dev.sandglass.recurrence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.CloudEvent;
import dev.sandglass.events.Json;
import dev.sandglass.support.DeadLetters;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
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
    private final DeadLetters deadLetters;
    /** By task and version. Only what cannot be followed stays in it, and that is a mistake of ours. */
    private final Map<String, Integer> counted = new ConcurrentHashMap<>();

    Failures(@ConfigProperty(name = "sandglass.awaiting.tries") int tries, DeadLetters deadLetters) {
        this.tries = tries;
        this.deadLetters = deadLetters;
    }

    /** Whether a completion is still to be tried. */
    public boolean mayTry(@ExchangeProperty("change") String change) {
        return counted.getOrDefault(name(task(change)), 0) < tries;
    }

    /**
     * Counts a failure; the last one makes it a dead letter, with its reason.
     *
     * @throws dev.sandglass.support.Unavailable when that cannot be kept: it is not counted, and comes again
     */
    public void count(
            @ExchangeProperty("change") String change, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception reason) {
        String name = name(task(change));
        if (counted.getOrDefault(name, 0) == tries - 1) {
            deadLetters.park(
                    "task-events", "events/task-events", event(change), String.valueOf(reason.getMessage()), tries);
        }
        counted.merge(name, 1, Integer::sum);
    }

    // ---------------------------------------------------------------- An event that failed

    /** Asks <em>task</em> for the completed task as it is now. */
    public String question(@ExchangeProperty("change") String change) {
        ObjectNode question = Json.object();
        question.putArray("ids").add(task(change).path("id").asText());
        return question.toString();
    }

    /**
     * Nothing, where the task is completed as the event says, so that the sweep takes it up.
     *
     * @param tasks as <em>task</em> has them
     * @throws Exception the reason, where the sweep will not
     */
    public void unlessTriedAgain(
            @ExchangeProperty("change") String change, @ExchangeProperty("reason") Exception reason, @Body String tasks)
            throws Exception {
        JsonNode heard = task(change);
        for (JsonNode task : Json.read(tasks, JsonNode.class).path("tasks")) {
            if (name(task).equals(name(heard))
                    && "completed".equals(task.path("status").asText())
                    && mayTry(change)) {
                return;
            }
        }
        throw reason;
    }

    /** The completion as an event, the same at every try: the sweep's is as if it had happened just now. */
    private static String event(String change) {
        ObjectNode data = Json.read(change, ObjectNode.class);
        JsonNode task = task(change);
        Instant at = Instant.parse(task.path("completedAt").asText());
        data.put("seq", task.path("version").asLong()).put("at", at.toString());
        String id = task.path("id").asText();
        return Json.text(
                new CloudEvent(name(task), "sandglass/recurrence", "task.completed", id, at, "task-event", data));
    }

    private static JsonNode task(String change) {
        return Json.read(change, JsonNode.class).path("task");
    }

    private static String name(JsonNode task) {
        return task.path("id").asText() + "/" + task.path("version").asText();
    }
}
