package dev.sandglass.task.routes;

import org.apache.camel.builder.RouteBuilder;

/** Signing in without an identity provider: only where things are tried out. */
public class DevTokenRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:devToken")
                .routeId("task.rest.dev-token")
                .description("A token for any name, in the local profile only")
                .routeConfigurationId("problems")
                .convertBodyTo(String.class, "UTF-8")
                .bean("requests", "read(*, 'devToken')")
                .bean("devToken")
                .bean("answers");
    }
}
