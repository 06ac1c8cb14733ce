package dev.sandglass.task.routes;

import dev.sandglass.task.domain.CompleteTask;
import org.apache.camel.builder.RouteBuilder;

/** Completing a task. */
public class CompleteTaskRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:completeTask")
                .routeId("task.rest.complete")
                .description("A task is done; the next occurrence of a recurring one follows by event")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean(CompleteTask.class, "complete(${exchangeProperty.request})")
                .to("direct:change-where-it-is")
                .bean("answers");
    }
}
