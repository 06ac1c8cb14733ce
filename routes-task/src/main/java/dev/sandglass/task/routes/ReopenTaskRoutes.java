package dev.sandglass.task.routes;

import dev.sandglass.task.domain.ReopenTask;
import org.apache.camel.builder.RouteBuilder;

/** Reopening a task. */
public class ReopenTaskRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:reopenTask")
                .routeId("task.rest.reopen")
                .description("A task is to be done after all; an untouched successor is taken away again")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean(ReopenTask.class, "reopen(${exchangeProperty.request})")
                .to("direct:change-where-it-is")
                .bean("answers");
    }
}
