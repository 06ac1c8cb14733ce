package dev.sandglass.reminder.routes;

import dev.sandglass.reminder.ledger.Answers;
import dev.sandglass.reminder.ledger.Planner;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/** What task and sync ask by Dapr Service Invocation; they have checked who may see which lists. */
public class AnswerRoutes extends RouteBuilder {
    private static final String OPTIONS = "?httpMethodRestrict=POST&headerFilterStrategy=#answerHeaders";

    @Override
    public void configure() {
        from("platform-http:/internal/reminders" + OPTIONS)
                .routeId("reminder.invoke.list")
                .routeConfigurationId("problems")
                .description("The reminders of lists")
                .convertBodyTo(String.class)
                .bean(Answers.class, "reminders")
                .to("direct:reminder-answer");

        from("platform-http:/internal/fired" + OPTIONS)
                .routeId("reminder.invoke.fired")
                .routeConfigurationId("problems")
                .description("What was delivered in lists lately")
                .convertBodyTo(String.class)
                .bean(Answers.class, "fired")
                .to("direct:reminder-answer");

        from("platform-http:/internal/fired-for" + OPTIONS)
                .routeId("reminder.invoke.fired-for")
                .routeConfigurationId("problems")
                .description("What was fired since the sockets of users closed")
                .convertBodyTo(String.class)
                .bean(Answers.class, "firedFor")
                .to("direct:reminder-answer");

        from("platform-http:/internal/followed" + OPTIONS)
                .routeId("reminder.invoke.followed")
                .routeConfigurationId("problems")
                .description("How far lists are planned, for task to trim its changes by")
                .convertBodyTo(String.class)
                .bean(Planner.class, "followed")
                .to("direct:reminder-answer");

        from("direct:reminder-answer")
                .routeId("reminder.invoke.answer")
                .description("As JSON")
                .setHeader(Exchange.CONTENT_TYPE, constant("application/json"));
    }
}
