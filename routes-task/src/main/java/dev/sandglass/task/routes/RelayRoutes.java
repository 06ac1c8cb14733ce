package dev.sandglass.task.routes;

import dev.sandglass.support.Unavailable;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** Committed changes on their way to Kafka. What was just written goes out by itself; this looks after the rest. */
public class RelayRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("timer:relay?period={{sandglass.task.relay-sweep}}&delay=0")
                .routeId("task.relay.sweep")
                .description("Takes over what was left behind, moves marks, takes out lists that are quiet")
                .doTry()
                .bean("relay", "sweep")
                .doCatch(Unavailable.class)
                .log(LoggingLevel.DEBUG, "dev.sandglass", "the relay waits: ${exception.message}")
                .end();
    }
}
