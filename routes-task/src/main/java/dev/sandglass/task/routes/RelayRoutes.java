package dev.sandglass.task.routes;

import dev.sandglass.events.Topics;
import dev.sandglass.support.Unavailable;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** Committed changes on their way to Kafka. What was just written goes out by itself; this looks after the rest. */
public class RelayRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("timer:relay?period={{sandglass.task.relay-sweep}}&delay=0")
                .routeId("task.relay.sweep")
                .description("Takes over what was left behind, moves marks, takes out lists that are quiet")
                .doTry()
                .bean("relay", "sweep")
                .doCatch(Unavailable.class)
                .log(LoggingLevel.DEBUG, "dev.sandglass", "the relay waits: ${exception.message}")
                .end();

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
                .otherwise()
                .to("kamelet:dapr-publish-sink?topic=task-events")
                .end()
                .setBody(constant("{\"status\":\"SUCCESS\"}"))
                .bean("answers");
    }
}
