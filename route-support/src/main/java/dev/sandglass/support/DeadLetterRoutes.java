package dev.sandglass.support;

import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;

/** The dead letters of a service: what Dapr could not bring, and what operators ask, by way of <em>task</em>. */
public class DeadLetterRoutes extends RouteBuilder {
    private static final String CALL = "?httpMethodRestrict=POST&headerFilterStrategy=#answerHeaders";

    @Override
    public void configure() {
        String service = getContext().resolvePropertyPlaceholders("{{quarkus.application.name}}");

        from("platform-http:/dead-letters/{topic}" + CALL)
                .routeId(service + ".dead-letters.park")
                .description("What Dapr could not bring to the service as an event of a topic is a dead letter")
                .errorHandler(noErrorHandler())
                .doTry()
                .bean("daprEvents", "parkUndelivered")
                .setBody(constant("{\"status\":\"SUCCESS\"}"))
                .doCatch(Unavailable.class)
                .setBody(constant("{\"status\":\"RETRY\"}"))
                .end()
                .removeHeaders("*")
                .setHeader("Content-Type", constant("application/json"));

        from("timer:dead-letters-count?delay=0&period={{sandglass.dead-letters.count}}")
                .routeId(service + ".dead-letters.count")
                .description("The gauge sandglass_dead_letters is brought up to date, whichever replica parked")
                .errorHandler(noErrorHandler())
                .doTry()
                .bean("deadLetters", "count")
                .doCatch(Unavailable.class)
                .end();

        from("platform-http:/internal/dead-letters" + CALL)
                .routeId(service + ".dead-letters.show")
                .description("Dead letters of the service, newest first, a page at a time")
                .routeConfigurationId("problems")
                .unmarshal()
                .json(JsonLibrary.Jackson, DeadLetters.Question.class)
                .bean("deadLetters", "page")
                .marshal()
                .json(JsonLibrary.Jackson);

        from("platform-http:/internal/dead-letters/resend" + CALL)
                .routeId(service + ".dead-letters.resend")
                .description("One dead letter, or those of a source, are sent to the service again")
                .routeConfigurationId("problems")
                .unmarshal()
                .json(JsonLibrary.Jackson, DeadLetters.Order.class)
                .bean("deadLetters", "resend")
                .marshal()
                .json(JsonLibrary.Jackson);

        from("platform-http:/internal/dead-letters/dismiss" + CALL)
                .routeId(service + ".dead-letters.dismiss")
                .description("A dead letter is dropped for good")
                .routeConfigurationId("problems")
                .unmarshal()
                .json(JsonLibrary.Jackson, DeadLetters.Order.class)
                .bean("deadLetters", "drop")
                .setBody(constant("{}"));
    }
}
