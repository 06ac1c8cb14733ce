package dev.sandglass.sync.routes;

import dev.sandglass.sync.domain.Frame;
import dev.sandglass.sync.live.Feeds;
import org.apache.camel.builder.RouteBuilder;

/** What changes is at every open socket of every member of its list a moment later. */
public class FanOutChangeRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("kamelet:dapr-subscription-source?topic=task-updates")
                .routeId("sync.event.fan-out-change")
                .description(
                        "A change that is news goes to the sockets of its list; what is missing before it is fetched")
                .split(body())
                .stopOnException()
                .bean("daprEvents", "open")
                .bean(Frame.class, "read")
                .filter()
                .method(Feeds.class, "isNews")
                .to("direct:show-frame")
                .bean(Feeds.class, "hear")
                .to("direct:spread-news");
    }
}
