package dev.sandglass.task.routes;

import dev.sandglass.support.Refused;
import dev.sandglass.support.Unavailable;
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
                .setHeader("user-path")
                .method("liveTicket", "userPath")
                .doTry()
                .to("kamelet:dapr-invoke-action?app=sync&verb=GET&limit=500"
                        + "&method=internal/users/${header.user-path}/sockets")
                .doCatch(Unavailable.class, Refused.class)
                // No answer, no objection: sync counts again before it upgrades a connection.
                .setBody(constant("{}"))
                .end()
                .bean("liveTicket", "checkRoom")
                .bean("liveTicket", "ticket")
                .bean("answers");
    }
}
