package dev.sandglass.task.routes;

import org.apache.camel.builder.RouteBuilder;

/** Tickets for the live feed. */
public class LiveTicketRoutes extends RouteBuilder {
    @Override
    public void configure() {
        rest("/api/live/ticket").post().to("direct:liveTicket");

        from("direct:liveTicket")
                .routeId("task.rest.live-ticket")
                .description("A ticket opens one WebSocket within a minute")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("liveTicket")
                .bean("answers");
    }
}
