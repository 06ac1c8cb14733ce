package dev.sandglass.task.routes;

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
                .bean("changeTask")
                .to("direct:change-task")
                .bean("answers");
    }
}
