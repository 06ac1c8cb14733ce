package dev.sandglass.task.routes;

import dev.sandglass.task.domain.FindTasks;
import org.apache.camel.builder.RouteBuilder;

/** Searching, filtering and sorting tasks. */
public class FindTasksRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:findTasks")
                .routeId("task.rest.find")
                .description("Tasks of all lists of the user, searched and sorted in memory")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .to("direct:know-user")
                .to("direct:find-tasks")
                .bean(FindTasks.class, "answer")
                .bean("cursors", "seal(*, *, 'findTasks')")
                .bean("answers");
    }
}
