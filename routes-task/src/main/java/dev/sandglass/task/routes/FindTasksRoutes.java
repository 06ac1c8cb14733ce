package dev.sandglass.task.routes;

import org.apache.camel.builder.RouteBuilder;

/** Searching, filtering and sorting tasks. */
public class FindTasksRoutes extends RouteBuilder {
    @Override
    public void configure() {
        rest("/api/tasks").get().to("direct:findTasks");

        from("direct:findTasks")
                .routeId("task.rest.find")
                .description("Tasks of all lists of the user, searched and sorted in memory")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("findTasks")
                .bean("cursors", "seal(*, *, 'findTasks')")
                .bean("answers");
    }
}
