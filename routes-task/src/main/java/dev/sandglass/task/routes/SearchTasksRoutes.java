package dev.sandglass.task.routes;

import dev.sandglass.task.domain.FindTasks;
import org.apache.camel.builder.RouteBuilder;

/** Finding tasks by a filter that is too long for an address. */
public class SearchTasksRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:searchTasks")
                .routeId("task.rest.search")
                .description("Tasks are found by a filter that is the body")
                .bean("identity", "identify")
                .bean("requests", "read(*, 'searchTasks')")
                .setProperty("query")
                .method("cursors", "parameters(*, *, 'findTasks')")
                .to("direct:know-user")
                .to("direct:find-tasks")
                .bean(FindTasks.class, "answer")
                .bean("cursors", "seal(*, *, 'findTasks')")
                .bean(FindTasks.class, "once(${exchangeProperty.request}, ${body})")
                .to("direct:write")
                .bean("answers");
    }
}
