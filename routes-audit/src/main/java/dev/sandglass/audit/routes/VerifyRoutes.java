package dev.sandglass.audit.routes;

import org.apache.camel.builder.RouteBuilder;

/** Whether every change of a list is there, unaltered, up to the ledger's own hash. */
public class VerifyRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("platform-http:/internal/verify?httpMethodRestrict=POST&headerFilterStrategy=#answerHeaders")
                .routeId("audit.invoke.verify")
                .description("Walks a list's entries from 1 to the given number and names the first deviation")
                .routeConfigurationId("problems")
                .bean("answers", "verify")
                .marshal()
                .json();
    }
}
