package dev.sandglass.task.routes;

import org.apache.camel.builder.RouteBuilder;

/** Tickets for the live feed. */
public class LiveTicketRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:liveTicket")
                .routeId("task.rest.live-ticket")
                .description("A ticket opens one WebSocket within a minute; until then it counts as one")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .setProperty("reservation")
                .method("liveTicket", "reservation")
                .setBody(exchangeProperty("reservation"))
                .to("kamelet:dapr-invoke-action?app=sync&method=internal/tickets")
                .bean("liveTicket", "ticket")
                .to("direct:write")
                .bean("answers");
    }
}
