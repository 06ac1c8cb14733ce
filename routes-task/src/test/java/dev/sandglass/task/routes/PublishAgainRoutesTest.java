package dev.sandglass.task.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sandglass.events.CloudEvent;
import dev.sandglass.events.Json;
import dev.sandglass.events.Topics;
import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Problem;
import java.time.Instant;
import java.util.List;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An event goes again on the topic it is named for, and on no other. */
class PublishAgainRoutesTest {
    private final MemoryDapr dapr = new MemoryDapr(1);
    private final Replica replica = new Replica(dapr).bind("answers", new Answers());

    @BeforeEach
    void start() {
        replica.start(new PublishAgainRoutes());
    }

    @AfterEach
    void stop() {
        replica.stop();
    }

    @Test
    void goesOnTheTopicItIsNamedFor() {
        publish(Topics.TASK_UPDATES, "home/1");
        publish(Topics.TASK_EVENTS, "home/2");
        assertEquals(List.of("home/1"), published(Topics.TASK_UPDATES));
        assertEquals(List.of("home/2"), published(Topics.TASK_EVENTS));
    }

    @Test
    void aTopicThatIsNotTheLedgersIsRefused() {
        Problem problem = assertInstanceOf(Problem.class, publish(Topics.REMINDERS, "home/1"));
        assertEquals(404, problem.status());
        assertEquals(List.of(), published(Topics.REMINDERS));
        assertEquals(List.of(), published(Topics.TASK_EVENTS));
    }

    private @Nullable Exception publish(String topic, String id) {
        CloudEvent event = new CloudEvent(
                id,
                "sandglass/task",
                "task.created",
                "home.1",
                Instant.EPOCH,
                "task-event",
                Json.object().put("list", "home"));
        Exchange exchange = replica.camel
                .createFluentProducerTemplate()
                .to("direct:publish-again")
                .withBody(Json.text(event))
                .withHeader("topic", topic)
                .send();
        return exchange.getException();
    }

    private List<String> published(String topic) {
        return dapr.published(topic).stream().map(CloudEvent::id).toList();
    }
}
