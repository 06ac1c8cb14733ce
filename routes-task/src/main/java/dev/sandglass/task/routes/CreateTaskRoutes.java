package dev.sandglass.task.routes;

import org.apache.camel.builder.RouteBuilder;

/** A new task. */
public class CreateTaskRoutes extends RouteBuilder {
    @Override
    public void configure() {
        rest("/api/tasks").post().to("direct:createTask");

        from("direct:createTask")
                .routeId("task.rest.create")
                .description("A new task goes into the ledger, and from there to everybody")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("requests", "read(*, 'createTask')")
                .to("direct:apply-new-task-rules")
                .bean("createTask")
                .bean("answers");
    }
}
