package dev.sandglass.task.routes;

import dev.sandglass.events.Topics;
import dev.sandglass.support.Problem;
import org.apache.camel.builder.RouteBuilder;

/** An event that was too large for the broker once. */
public class PublishAgainRoutes extends RouteBuilder {
    @Override
    public void configure() {
        rest("/internal/publish/{topic}").post().to("direct:publish-again");

        from("direct:publish-again")
                .routeId("task.relay.publish-again")
                .description("An event that was too large, and so a dead letter, is tried again")
                .routeConfigurationId("problems")
                .convertBodyTo(String.class)
                .setHeader("ce-key")
                .jsonpath("$.data.list")
                .choice()
                .when(header("topic").isEqualTo(Topics.TASK_UPDATES))
                .to("kamelet:dapr-publish-sink?topic=task-updates")
                .when(header("topic").isEqualTo(Topics.TASK_EVENTS))
                .to("kamelet:dapr-publish-sink?topic=task-events")
                .otherwise()
                .throwException(new Problem(404, "The ledger has no such topic"))
                .end()
                .setBody(constant("{\"status\":\"SUCCESS\"}"))
                .bean("answers");
    }
}
