package dev.sandglass.sync.routes;

import dev.sandglass.sync.live.Feeds;
import dev.sandglass.sync.live.Shown;
import dev.sandglass.sync.live.Sockets;
import org.apache.camel.builder.RouteBuilder;

/** Changes out of the ledger: at most a thousand above a number. */
public class FetchChangesRoutes extends RouteBuilder {
    @Override
    public void configure() {
        // What goes wrong is for whoever asked.
        errorHandler(noErrorHandler());

        from("direct:fetch-changes")
                .routeId("sync.feed.fetch-changes")
                .description(
                        "Fetches changes of a list above a number from task, as clients get to see them; the sockets have them then")
                .setHeader("list", simple("${body.list}"))
                .setHeader("after", simple("${body.after}"))
                .to(
                        "kamelet:dapr-invoke-action?app=task&verb=GET&method=internal/lists/${header.list}/changes/${header.after}")
                .bean(Feeds.class, "read")
                .setProperty("past", body())
                .setBody(simple("${body.frames}"))
                .split(body(), new InOrder())
                .stopOnException()
                .to("direct:show-frame")
                .end()
                .setProperty("past")
                .method(Shown.class, "all")
                .bean(Feeds.class, "take")
                .bean(Sockets.class, "wake");
    }
}
