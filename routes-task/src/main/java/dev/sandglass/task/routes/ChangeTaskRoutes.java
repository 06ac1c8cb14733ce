package dev.sandglass.task.routes;

import dev.sandglass.task.domain.ChangeTask;
import org.apache.camel.builder.RouteBuilder;

/** Changing and moving a task. */
public class ChangeTaskRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:changeTask")
                .routeId("task.rest.change")
                .description("A merge patch is merged field by field into the task; another list in it moves the task")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("requests", "read(*, 'changeTask')")
                .to("direct:know-user")
                .bean(ChangeTask.class, "change(${exchangeProperty.request}, ${exchangeProperty.user}, ${body})")
                .to("direct:change-where-it-is")
                .bean("answers");
    }
}
