package dev.sandglass.recurrence.routes;

import dev.sandglass.support.Unavailable;
import org.apache.camel.builder.RouteBuilder;

/** A recurring task was completed: the next occurrence, which the completion promised, comes. */
public class CreateNextRoutes extends RouteBuilder {
    @Override
    public void configure() {
        // What goes wrong is answered, and logged, by the event source: RETRY while task is away, else it is a
        // dead letter.
        errorHandler(noErrorHandler());

        from("kamelet:dapr-subscription-source?topic=task-events&type=task.completed")
                .routeId("recurrence.event.create-next")
                .description("Completions of recurring tasks are followed by the next occurrence")
                .split(body())
                .stopOnException()
                .bean("daprEvents", "open")
                .filter()
                .jsonpath("$[?(@.rule)]")
                .setProperty("change", body())
                .doTry()
                .to("direct:follow-completion")
                .doCatch(Exception.class)
                .onWhen(simple("${exception} !is '" + Unavailable.class.getName() + "'"))
                .to("direct:leave-to-the-sweep");

        from("direct:leave-to-the-sweep")
                .routeId("recurrence.completion.leave-to-the-sweep")
                .description("A completion that task confirms is tried again by the sweep; another one fails for good")
                .setProperty("reason", exchangeProperty("CamelExceptionCaught"))
                .setHeader("successor")
                .jsonpath("$.rule.successor")
                .to("kamelet:dapr-invoke-action?app=task&verb=GET&method=internal/awaiting/${header.successor}")
                .bean("failures", "unlessTriedAgain");
    }
}
