package dev.sandglass.sync.routes;

import dev.sandglass.sync.live.Sockets;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/** What task asks before it gives a ticket. */
public class CountSocketsRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("platform-http:/internal/users/{user}/sockets?httpMethodRestrict=GET&headerFilterStrategy=#answerHeaders")
                .routeId("sync.invoke.count-sockets")
                .routeConfigurationId("problems")
                .description("How many sockets a user holds here, and may hold")
                .setBody()
                .method(Sockets.class, "count")
                .setHeader(Exchange.CONTENT_TYPE, constant("application/json"));
    }
}
