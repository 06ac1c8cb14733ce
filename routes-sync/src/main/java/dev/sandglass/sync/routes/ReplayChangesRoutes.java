package dev.sandglass.sync.routes;

import dev.sandglass.support.Refused;
import dev.sandglass.sync.live.Feeds;
import dev.sandglass.sync.live.Fetches;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/**
 * A socket that resumes further back than memory reaches is given the past from the ledger, a page at a time. What one fetches is for
 * all who wait for the same list, and is in memory for the next.
 */
public class ReplayChangesRoutes extends RouteBuilder {
    @Override
    public void configure() {
        onException(Refused.class).handled(true).bean(Fetches.class, "tooOld");

        onException(Exception.class)
                .handled(true)
                .log(LoggingLevel.WARN, "dev.sandglass", "${routeId}: ${exception.message}; it is asked for again")
                .bean(Fetches.class, "failed");

        from("seda:replay-changes?size=100000&concurrentConsumers=4")
                .routeId("sync.socket.replay-changes")
                .description(
                        "Fetches the changes sockets ask for, unless memory has them by now, and hands them over; of each list one page at a time")
                .setProperty("replay", body())
                .filter()
                .method(Fetches.class, "begin")
                .filter()
                .method(Feeds.class, "lacks")
                .to("direct:fetch-changes")
                .end()
                .bean(Fetches.class, "done");
    }
}
