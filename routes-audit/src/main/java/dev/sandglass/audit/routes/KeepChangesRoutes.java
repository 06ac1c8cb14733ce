package dev.sandglass.audit.routes;

import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** Every change that is heard of is kept. */
public class KeepChangesRoutes extends RouteBuilder {
    @Override
    public void configure() {
        // What goes wrong is answered, and logged, by the event source: RETRY while a part is away.
        errorHandler(noErrorHandler());

        from("kamelet:dapr-subscription-source?topic=task-events")
                .routeId("audit.event.keep")
                .description("Keeps each change once, those missed before it too; what is no change is kept as it came")
                .doTry()
                .bean("journal", "keep")
                .doCatch(IllegalArgumentException.class)
                .log(
                        LoggingLevel.ERROR,
                        "dev.sandglass",
                        "${header.ce-id} is no change, kept as it came: ${exception.message}")
                .bean("journal", "park")
                .end();
    }
}
