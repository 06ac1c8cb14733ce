package dev.sandglass.recurrence.routes;

import dev.sandglass.events.Change;
import dev.sandglass.recurrence.domain.NextOccurrence;
import dev.sandglass.support.Refused;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;

/** From a completion of a recurring task to its next occurrence, by way of the integrators' rules. */
public class FollowCompletionRoutes extends RouteBuilder {
    @Override
    public void configure() {
        errorHandler(noErrorHandler());

        from("direct:follow-completion")
                .routeId("recurrence.completion.follow")
                .description("Computes when the promised occurrence is due and has it come; twice is the same as once")
                .setHeader("successor")
                .jsonpath("$.rule.successor")
                .bean("handOver", "ask('which-recur', *)")
                .setProperty("recurs", body())
                .setBody(exchangeProperty("change"))
                .unmarshal()
                .json(JsonLibrary.Jackson, Change.class)
                .choice()
                .when(exchangeProperty("recurs").isEqualTo("false"))
                .bean(NextOccurrence.class, "none")
                .otherwise()
                .bean(NextOccurrence.class, "of")
                .to("direct:move")
                .end()
                .doTry()
                .to("kamelet:dapr-invoke-action?app=task&method=internal/occurrences/${header.successor}")
                .doCatch(Refused.class)
                .onWhen(simple("${exception.status} in '404,409'"))
                .log(
                        LoggingLevel.DEBUG,
                        "dev.sandglass",
                        "${header.successor} was settled otherwise: ${exception.message}")
                .end();

        from("direct:move")
                .routeId("recurrence.completion.move")
                .description("Asks dsl-yaml's direct:next-due whether the date shall be another one, as off a holiday")
                .setProperty("occurrence", body())
                .filter(simple("${body.due} != null"))
                .bean(NextOccurrence.class, "question(*, ${exchangeProperty.change})")
                .bean("handOver", "ask('next-due', *)")
                .bean(NextOccurrence.class, "moved(*, ${exchangeProperty.occurrence})")
                .end();
    }
}
