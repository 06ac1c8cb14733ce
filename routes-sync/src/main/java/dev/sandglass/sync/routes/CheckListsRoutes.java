package dev.sandglass.sync.routes;

import dev.sandglass.sync.live.Feeds;
import dev.sandglass.sync.live.Sockets;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** A client that names a list which is not its user's, or not any more, is told. */
public class CheckListsRoutes extends RouteBuilder {
    @Override
    public void configure() {
        onException(Exception.class)
                .handled(true)
                .log(LoggingLevel.WARN, "dev.sandglass", "a client is asked to try again: ${exception.message}")
                .bean(Sockets.class, "unchecked");

        from("seda:check-lists?size=100000&concurrentConsumers=2")
                .routeId("sync.socket.check-lists")
                .description(
                        "Reads from task the lists of a user who named others, and says gone of those that are not in it")
                .setProperty("check", body())
                .setBody()
                .method(Sockets.class, "user")
                .to("kamelet:dapr-invoke-action?app=task&method=internal/users/lists")
                .bean(Feeds.class, "learn")
                .split(body())
                .bean(Sockets.class, "wake")
                .end()
                .bean(Sockets.class, "checked");
    }
}
