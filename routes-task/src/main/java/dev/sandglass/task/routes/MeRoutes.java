package dev.sandglass.task.routes;

import dev.sandglass.task.domain.Users;
import org.apache.camel.builder.RouteBuilder;

/** The user's own settings. */
public class MeRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:getMe")
                .routeId("task.rest.get-me")
                .description("Who the user is, their time zone and Inbox")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .to("direct:know-user")
                .bean(Users.class, "get(${exchangeProperty.user})")
                .bean("answers");

        from("direct:changeMe")
                .routeId("task.rest.change-me")
                .description("Another time zone for tasks to come")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("requests", "read(*, 'changeMe')")
                .to("direct:know-user")
                .bean("users", "change(${exchangeProperty.request}, ${exchangeProperty.user}, ${body})")
                .to("direct:write")
                .bean("answers");
    }
}
