package dev.sandglass.task.routes;

import dev.sandglass.task.domain.FindTasks;
import org.apache.camel.builder.RouteBuilder;

/** One task. */
public class GetTaskRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:getTask")
                .routeId("task.rest.get")
                .description("One task as it is now")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean(FindTasks.class, "one(${exchangeProperty.request})")
                .to("direct:decide")
                .bean("answers");
    }
}
