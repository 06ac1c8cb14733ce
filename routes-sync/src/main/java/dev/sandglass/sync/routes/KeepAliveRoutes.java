package dev.sandglass.sync.routes;

import dev.sandglass.sync.live.Sockets;
import org.apache.camel.builder.RouteBuilder;

/** Sockets are held open, and dead ones found. */
public class KeepAliveRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("timer:keep-alive?period=1000")
                .routeId("sync.timer.keep-alive")
                .description("Pings clients, closes the silent and those who do not read")
                .bean(Sockets.class, "tick");
    }
}
