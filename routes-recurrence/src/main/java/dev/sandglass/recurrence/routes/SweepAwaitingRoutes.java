package dev.sandglass.recurrence.routes;

import dev.sandglass.support.Unavailable;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** What events missed: promised occurrences that have not come. */
public class SweepAwaitingRoutes extends RouteBuilder {
    @Override
    public void configure() {
        errorHandler(noErrorHandler());

        from("timer:sweep-awaiting?delay=0&period={{sandglass.awaiting.sweep}}")
                .routeId("recurrence.timer.sweep-awaiting")
                .description("Asks task which completions still wait for their next occurrence, and follows each")
                .doTry()
                .to("kamelet:dapr-invoke-action?app=task&verb=GET&method=internal/awaiting")
                .bean("failures", "forget")
                .split()
                .jsonpathWriteAsString("$.changes[*]")
                .stopOnException()
                .to("direct:follow-awaiting")
                .endDoTry()
                .doCatch(Unavailable.class)
                .log(LoggingLevel.WARN, "dev.sandglass", "the sweep waits: ${exception.message}")
                .end();

        from("direct:follow-awaiting")
                .routeId("recurrence.completion.follow-awaiting")
                .description(
                        "One completion of the sweep: where it fails the others go on; after its tries it is a dead letter")
                .setProperty("change", body())
                .filter()
                .method("failures", "mayTry")
                .doTry()
                .to("direct:follow-completion")
                .doCatch(Exception.class)
                .onWhen(simple("${exception} !is 'dev.sandglass.support.Unavailable'"))
                .filter()
                .method("failures", "last")
                .bean("failures", "letter")
                .to("direct:park")
                .end()
                .bean("failures", "count")
                .end();
    }
}
