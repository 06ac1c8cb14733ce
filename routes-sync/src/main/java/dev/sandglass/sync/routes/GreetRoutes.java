package dev.sandglass.sync.routes;

import dev.sandglass.support.Unavailable;
import dev.sandglass.sync.live.Feeds;
import dev.sandglass.sync.live.Sockets;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** The first frames of a socket: where its lists stand, and the reminders that were fired while nobody was there. */
public class GreetRoutes extends RouteBuilder {
    @Override
    public void configure() {
        onException(Unavailable.class)
                .handled(true)
                .log(LoggingLevel.WARN, "dev.sandglass", "a client is asked to try again: ${exception.message}")
                .bean(Sockets.class, "turnAway");

        from("direct:greet")
                .routeId("sync.socket.greet")
                .description("Reads the user's lists from task, follows them, says ready")
                .setHeader("user")
                .method(Sockets.class, "user")
                .filter(header("user").isNotNull())
                .setBody(header("user"))
                .setHeader("user-path")
                .method(Sockets.class, "asPath")
                .to("kamelet:dapr-invoke-action?app=task&verb=GET&method=internal/users/${header.user-path}/lists")
                .setProperty("lists", body())
                .bean(Feeds.class, "learn")
                // What is missing in them the next comparison fetches, once for all who open a socket now.
                .split(body())
                .bean(Sockets.class, "wake")
                .end()
                .bean(Sockets.class, "greet")
                .to("direct:recall-reminders");
    }
}
