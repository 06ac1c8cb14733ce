package dev.sandglass.audit.routes;

import org.apache.camel.builder.RouteBuilder;

/** Every change that is heard of is kept. */
public class KeepChangesRoutes extends RouteBuilder {
    @Override
    public void configure() {
        // What goes wrong is answered, and logged, by the event source: RETRY while a part is away; what is no change
        // is
        // a dead letter, as it came.
        errorHandler(noErrorHandler());

        from("kamelet:dapr-subscription-source?topic=task-events")
                .routeId("audit.event.keep")
                .description("Keeps each change once, those missed before it too")
                .bean("journal", "keep");
    }
}
