package dev.sandglass.sync.routes;

import dev.sandglass.support.Refused;
import dev.sandglass.support.Unavailable;
import dev.sandglass.sync.live.Feeds;
import dev.sandglass.sync.live.Sockets;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** News of lists, to the sockets of those concerned; where changes are missing in between, they are fetched first. */
public class SpreadNewsRoutes extends RouteBuilder {
    @Override
    public void configure() {
        onException(Unavailable.class)
                .handled(true)
                .log(
                        LoggingLevel.WARN,
                        "dev.sandglass",
                        "${routeId}: ${exception.message}; the next comparison fetches it");

        onException(Refused.class).handled(true).bean(Feeds.class, "skip").bean(Sockets.class, "wake");

        from("direct:spread-news")
                .routeId("sync.feed.spread-news")
                .description("Wakes the sockets concerned by news of lists, having fetched what is missing")
                .split(body())
                .choice()
                .when(simple("${body.hole}"))
                .to("direct:fetch-changes")
                .otherwise()
                .bean(Sockets.class, "wake");
    }
}
