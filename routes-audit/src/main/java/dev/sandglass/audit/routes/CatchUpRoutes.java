package dev.sandglass.audit.routes;

import dev.sandglass.support.Unavailable;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** Neither a hole nor a lost last change outlives the next comparison with the ledger. */
public class CatchUpRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("timer:catch-up?delay=0&period={{sandglass.catch-up}}")
                .routeId("audit.timer.catch-up")
                .description("Compares the ledger's numbers with ours and fetches from task what was missed")
                .doTry()
                .bean("journal", "catchUp")
                .doCatch(Unavailable.class)
                .log(LoggingLevel.WARN, "dev.sandglass", "catching up waits: ${exception.message}")
                .end();
    }
}
