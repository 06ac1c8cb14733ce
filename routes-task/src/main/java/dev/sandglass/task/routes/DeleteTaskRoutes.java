package dev.sandglass.task.routes;

import dev.sandglass.task.domain.ChangeTask;
import org.apache.camel.builder.RouteBuilder;

/** Deleting a task. */
public class DeleteTaskRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:deleteTask")
                .routeId("task.rest.delete")
                .description("A task goes; its history stays")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean(ChangeTask.class, "delete(${exchangeProperty.request})")
                .to("direct:change-where-it-is")
                .bean("answers");
    }
}
