package dev.sandglass.recurrence.routes;

import org.apache.camel.builder.RouteBuilder;

/** A recurring task was completed: its next occurrence is made. */
public class CreateNextRoutes extends RouteBuilder {
    @Override
    public void configure() {
        // What goes wrong is answered, and logged, by the event source: RETRY while task is away, else it is a
        // dead letter.
        errorHandler(noErrorHandler());

        from("kamelet:dapr-subscription-source?topic=task-events&type=task.completed")
                .routeId("recurrence.event.create-next")
                .description("Completions of recurring tasks are followed by the next occurrence")
                .filter()
                .jsonpath("$.task[?(@.recurrence != null)]")
                .to("direct:follow");
    }
}
