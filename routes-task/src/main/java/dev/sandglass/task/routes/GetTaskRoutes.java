package dev.sandglass.task.routes;

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
                .bean("getTask")
                .to("direct:decide")
                .bean("answers");
    }
}
