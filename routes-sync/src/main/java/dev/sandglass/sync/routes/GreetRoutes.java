package dev.sandglass.sync.routes;

import dev.sandglass.sync.live.Feeds;
import dev.sandglass.sync.live.Sockets;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** The first frames of a socket: where its lists stand, and the reminders that were fired while nobody was there. */
public class GreetRoutes extends RouteBuilder {
    @Override
    public void configure() {
        onException(Exception.class)
                .handled(true)
                .log(LoggingLevel.WARN, "dev.sandglass", "a client is asked to try again: ${exception.message}")
                .bean(Sockets.class, "turnAway");

        from("seda:greet?size=100000&concurrentConsumers=2")
                .routeId("sync.socket.greet")
                .description("Reads from task the lists of those who came, follows them, says ready")
                .setProperty("arrivals")
                .method(Sockets.class, "arrivals")
                // Perhaps greeted together with another one already.
                .filter(simple("${exchangeProperty.arrivals.size} > 0"))
                .setBody()
                .method(Sockets.class, "users")
                .to("kamelet:dapr-invoke-action?app=task&method=internal/users/lists")
                .setProperty("lists", body())
                .bean(Feeds.class, "learn")
                // What is missing in them the next comparison fetches, once for all who open a socket now.
                .split(body())
                .bean(Sockets.class, "wake")
                .end()
                .bean(Sockets.class, "greet")
                .to("seda:recall-reminders?size=100000");
    }
}
