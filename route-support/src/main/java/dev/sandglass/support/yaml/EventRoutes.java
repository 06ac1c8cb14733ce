package dev.sandglass.support.yaml;

import org.apache.camel.builder.RouteBuilder;

/** How events get to integrators' routes: by way of a waiting list for each. */
public class EventRoutes extends RouteBuilder {
    @Override
    public void configure() {
        // What fails is 500, and comes again.
        errorHandler(noErrorHandler());

        from("platform-http:/hooks/events/{topic}?httpMethodRestrict=POST&headerFilterStrategy=#answerHeaders")
                .routeId("{{quarkus.application.name}}.hooks.take-events")
                .description("Events go to the waiting lists of the integrators' routes that want them")
                .setProperty("daprTopic", simple("hooks/${header.topic}"))
                .bean("daprEvents", "came")
                .bean("waitingLists", "take")
                .bean("daprEvents", "answer('SUCCESS')")
                .removeHeaders("*");

        from("platform-http:/hooks/{route}?httpMethodRestrict=POST&headerFilterStrategy=#answerHeaders")
                .routeId("{{quarkus.application.name}}.hooks.take-again")
                .description("A dead letter of an integrators' route goes to its waiting list once more")
                .bean("waitingLists", "again")
                .setBody(constant("{\"status\":\"SUCCESS\"}"))
                .removeHeaders("*");
    }
}
