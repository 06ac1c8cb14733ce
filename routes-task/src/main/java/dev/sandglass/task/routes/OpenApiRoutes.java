package dev.sandglass.task.routes;

import dev.sandglass.task.routes.http.Contract;
import org.apache.camel.builder.RouteBuilder;

/** The contract, for programs. */
public class OpenApiRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:openapi")
                .routeId("task.rest.openapi")
                .description("OpenAPI 3.1 of this very API: what requests are held against")
                .routeConfigurationId("problems")
                .removeHeaders("*")
                .setHeader("Content-Type", constant("application/json"))
                .bean(Contract.class, "json");
    }
}
