package dev.sandglass.task.routes;

import dev.sandglass.task.domain.CreateTask;
import org.apache.camel.builder.RouteBuilder;

/** A new task. */
public class CreateTaskRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:createTask")
                .routeId("task.rest.create")
                .description("A new task goes into the ledger, and from there to everybody")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("requests", "read(*, 'createTask')")
                .to("direct:write-new-task")
                .bean("answers");

        from("direct:write-new-task")
                .routeId("task.ledger.write-new-task")
                .description(
                        "The integrators' rules are applied, and the task is written into its list or the user's Inbox")
                .errorHandler(noErrorHandler())
                .to("direct:apply-rules")
                .filter()
                .method(CreateTask.class, "namesNoList")
                .to("direct:know-user")
                .end()
                .bean("createTask", "create(${exchangeProperty.request}, ${exchangeProperty.user}, ${body})")
                .to("direct:write");
    }
}
