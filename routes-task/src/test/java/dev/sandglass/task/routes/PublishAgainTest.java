package dev.sandglass.task.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sandglass.events.CloudEvent;
import dev.sandglass.events.Json;
import dev.sandglass.events.Topics;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.ProblemDocuments;
import java.time.Instant;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An event goes again on the topic it is named for, and on no other. */
class PublishAgainTest {
    private final MemoryDapr dapr = new MemoryDapr(1);
    private final Replica replica = new Replica(dapr).bind("problemDocuments", new ProblemDocuments());

    @BeforeEach
    void start() {
        replica.start("publish-again");
    }

    @AfterEach
    void stop() {
        replica.stop();
    }

    @Test
    void goesOnTheTopicItIsNamedFor() {
        assertEquals(200, publish(Topics.TASK_UPDATES, "home/1"));
        assertEquals(200, publish(Topics.TASK_EVENTS, "home/2"));
        assertEquals(List.of("home/1"), published(Topics.TASK_UPDATES));
        assertEquals(List.of("home/2"), published(Topics.TASK_EVENTS));
    }

    @Test
    void aTopicThatIsNotTheLedgersIsRefused() {
        assertEquals(404, publish(Topics.REMINDERS, "home/1"));
        assertEquals(List.of(), published(Topics.REMINDERS));
        assertEquals(List.of(), published(Topics.TASK_EVENTS));
    }

    private int publish(String topic, String id) {
        CloudEvent event = new CloudEvent(
                id,
                "sandglass/task",
                "task.created",
                "home.1",
                Instant.EPOCH,
                "task-event",
                Json.object().put("list", "home"));
        return replica.camel
                .createFluentProducerTemplate()
                .to("platform-http:/internal/publish/{topic}")
                .withBody(Json.text(event))
                .withHeader("topic", topic)
                .send()
                .getMessage()
                .getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    }

    private List<String> published(String topic) {
        return dapr.published(topic).stream().map(CloudEvent::id).toList();
    }
}
