package dev.sandglass.sync.routes;

import dev.sandglass.support.Refused;
import dev.sandglass.sync.live.Feeds;
import dev.sandglass.sync.live.Sockets;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/**
 * A socket that resumes further back than memory reaches is given the past from the ledger, a page at a time. What the first one
 * needed is in memory for the next.
 */
public class ReplayChangesRoutes extends RouteBuilder {
    @Override
    public void configure() {
        onException(Refused.class).handled(true).bean(Sockets.class, "answerTooOld");

        onException(Exception.class)
                .handled(true)
                .log(LoggingLevel.WARN, "dev.sandglass", "${routeId}: ${exception.message}; it is asked for again")
                .bean(Sockets.class, "answerNothing");

        from("seda:replay-changes?size=100000&concurrentConsumers=4")
                .routeId("sync.socket.replay-changes")
                .description(
                        "Fetches the changes a socket asks for, unless memory has them by now, and hands them to it")
                .setProperty("replay", body())
                .filter()
                .method(Feeds.class, "lacks")
                .to("direct:fetch-changes")
                .end()
                .bean(Sockets.class, "answer");
    }
}
