package dev.sandglass.task.routes;

import dev.sandglass.task.domain.Ask;
import org.apache.camel.builder.RouteBuilder;

/** The reminders and what became of them. */
public class FindRemindersRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:findReminders")
                .routeId("task.rest.find-reminders")
                .description("Reminders of the user's lists, planned, delivered, failed")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .to("direct:know-user")
                .bean(Ask.class, "reminders(${exchangeProperty.user}, ${exchangeProperty.query})")
                .to("direct:read-lists")
                .to("kamelet:dapr-invoke-action?app=reminder&verb=QUERY&method=internal/reminders")
                .bean("answers");
    }
}
