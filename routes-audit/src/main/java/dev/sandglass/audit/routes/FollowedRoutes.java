package dev.sandglass.audit.routes;

import org.apache.camel.builder.RouteBuilder;

/** What is kept here, task need not keep for us. */
public class FollowedRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("platform-http:/internal/followed?httpMethodRestrict=POST&headerFilterStrategy=#answerHeaders")
                .routeId("audit.invoke.followed")
                .description("How far lists are kept, for task to trim its changes by")
                .routeConfigurationId("problems")
                .bean("answers", "followed")
                .marshal()
                .json();
    }
}
