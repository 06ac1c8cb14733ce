package dev.sandglass.task.routes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.task.domain.ForServices;
import org.apache.camel.builder.RouteBuilder;

/** The lists of users, of whom some may be new. */
public class ListsOfUsersRoutes extends RouteBuilder {
    @Override
    public void configure() {
        rest("/internal/users/lists").post().to("direct:listsOf");

        from("direct:listsOf")
                .routeId("task.invoke.lists-of")
                .description("The lists of users, for their sockets")
                .routeConfigurationId("problems")
                .convertBodyTo(JsonNode.class)
                .setProperty("asked", body())
                .bean(ForServices.class, "listsOf(${exchangeProperty.asked})")
                .to("direct:read-lists")
                .filter(simple("${body.strangers.size} > 0"))
                .split(simple("${body.strangers}"))
                .to("direct:give-inbox")
                .end()
                .bean(ForServices.class, "listsOf(${exchangeProperty.asked})")
                .to("direct:read-lists")
                .end()
                .setBody(simple("${body.answer}"))
                .bean("answers");
    }
}
