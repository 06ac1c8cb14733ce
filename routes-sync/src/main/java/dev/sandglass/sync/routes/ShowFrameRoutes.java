package dev.sandglass.sync.routes;

import dev.sandglass.sync.live.Shown;
import org.apache.camel.builder.RouteBuilder;

/** Between what happened and what clients get to see of it stands a step of the integrators'. */
public class ShowFrameRoutes extends RouteBuilder {
    @Override
    public void configure() {
        errorHandler(noErrorHandler());

        from("direct:show-frame")
                .routeId("sync.feed.show-frame")
                .description(
                        "Hands a change to dsl-yaml's direct:visible-frame, once for all sockets; within 500 ms, or it goes as it is")
                .setProperty("frame", body())
                .setBody(simple("${body.text}"))
                .bean("handOver", "ask('visible-frame', *)")
                .bean(Shown.class, "one");
    }
}
