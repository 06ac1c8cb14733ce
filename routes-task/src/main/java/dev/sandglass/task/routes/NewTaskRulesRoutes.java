package dev.sandglass.task.routes;

import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** The integrators' rules on new tasks, before the ledger sees them. */
public class NewTaskRulesRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:apply-new-task-rules")
                .routeId("task.rules.apply")
                .description(
                        "A new task passes through dsl-yaml's direct:new-task-rules; where that fails, it goes on as it came")
                .setProperty("asItCame", simple("${body.deepCopy}"))
                .doTry()
                .to("direct:new-task-rules?block=false&failIfNoConsumers=false")
                .doCatch(Exception.class)
                .log(
                        LoggingLevel.ERROR,
                        "dev.sandglass",
                        "the rules on new tasks failed and are passed over: ${exception.message}")
                .to("micrometer:counter:sandglass.task.rules.failed")
                .setBody(exchangeProperty("asItCame"))
                .end();
    }
}
