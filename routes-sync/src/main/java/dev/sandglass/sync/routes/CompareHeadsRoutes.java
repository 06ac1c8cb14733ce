package dev.sandglass.sync.routes;

import dev.sandglass.support.Unavailable;
import dev.sandglass.sync.live.Feeds;
import dev.sandglass.sync.live.Sockets;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** The feed does not depend on the broker: what it does not bring, the ledger tells, a second later. */
public class CompareHeadsRoutes extends RouteBuilder {
    @Override
    public void configure() {
        onException(Unavailable.class)
                .handled(true)
                .log(LoggingLevel.WARN, "dev.sandglass", "${routeId}: ${exception.message}");

        from("timer:compare-heads?period={{sandglass.sync.compare}}")
                .routeId("sync.timer.compare-heads")
                .description("Compares the followed lists with task's: numbers, members, whether they are there")
                .setBody()
                .method(Feeds.class, "questions")
                .split(body())
                .setProperty("question", body())
                .to("kamelet:dapr-invoke-action?app=task&method=internal/heads")
                .bean(Feeds.class, "compare")
                .to("direct:spread-news");

        from("timer:compare-lists?period={{sandglass.sync.compare}}")
                .routeId("sync.timer.compare-lists")
                .description("Reads the lists of some connected users in turn, for those they have joined unheard")
                .setBody()
                .method(Sockets.class, "someUsers")
                .filter(body().isNotNull())
                .to("kamelet:dapr-invoke-action?app=task&method=internal/users/lists")
                .bean(Feeds.class, "learn")
                .split(body())
                .bean(Sockets.class, "wake");
    }
}
