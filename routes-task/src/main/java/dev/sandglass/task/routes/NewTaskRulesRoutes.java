package dev.sandglass.task.routes;

import dev.sandglass.support.Problem;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** The integrators' rules on new tasks, before the ledger sees them. */
public class NewTaskRulesRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:apply-rules")
                .routeId("task.rules.apply")
                .description(
                        "A new task passes through dsl-yaml's direct:new-task-rules; where that fails, it goes on as it came")
                .setProperty("asItCame", body())
                .bean("handOver", "ask('new-task-rules', *)")
                .filter(body().isInstanceOf(String.class))
                .doTry()
                .bean("requests", "read(*, 'createTask')")
                .doCatch(Problem.class)
                .log(
                        LoggingLevel.ERROR,
                        "dev.sandglass",
                        "the rules made something else of a new task and are passed over: ${exception.message}")
                .setBody(exchangeProperty("asItCame"))
                .end();
    }
}
