package dev.sandglass.audit.routes;

import org.apache.camel.builder.RouteBuilder;

/** Entries are looked up, redacted, shown. */
public class ShowEntriesRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("platform-http:/internal/history?httpMethodRestrict=POST&headerFilterStrategy=#answerHeaders")
                .routeId("audit.invoke.history")
                .description("A task's changes over all lists it was in, oldest first")
                .routeConfigurationId("problems")
                .bean("answers", "history")
                .to("direct:show");

        from("platform-http:/internal/entries?httpMethodRestrict=POST&headerFilterStrategy=#answerHeaders")
                .routeId("audit.invoke.entries")
                .description("The entries of several lists that answer a question, by time, a page at a time")
                .routeConfigurationId("problems")
                .bean("answers", "entries")
                .to("direct:show");
    }
}
