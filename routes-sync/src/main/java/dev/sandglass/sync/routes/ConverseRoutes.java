package dev.sandglass.sync.routes;

import dev.sandglass.sync.live.Sockets;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** A socket opens, speaks, closes. Who may open one is settled before, at the door. */
public class ConverseRoutes extends RouteBuilder {
    @Override
    public void configure() {
        onException(Exception.class)
                .handled(true)
                .log(LoggingLevel.WARN, "dev.sandglass", "${routeId}: ${exception.message}");

        from("vertx-websocket:/live?fireWebSocketConnectionEvents=true")
                .routeId("sync.socket.converse")
                .description("A client's socket: it is greeted, its words are taken, it is let go")
                .choice()
                .when(simple("${header.CamelVertxWebsocket.event} == 'OPEN'"))
                .bean(Sockets.class, "opened")
                .to("seda:greet?size=100000")
                .when(simple("${header.CamelVertxWebsocket.event} == 'MESSAGE'"))
                .bean(Sockets.class, "said")
                .when(simple("${header.CamelVertxWebsocket.event} == 'CLOSE'"))
                .bean(Sockets.class, "closed");
    }
}
