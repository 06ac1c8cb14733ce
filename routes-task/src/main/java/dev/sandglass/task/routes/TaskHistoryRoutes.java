package dev.sandglass.task.routes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.task.domain.Ask;
import org.apache.camel.builder.RouteBuilder;

/** The history of a task. */
public class TaskHistoryRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:taskHistory")
                .routeId("task.rest.history")
                .description("What was done to a task, from the audit")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean(Ask.class, "history(${exchangeProperty.request})")
                .to("direct:decide")
                .to("kamelet:dapr-invoke-action?app=audit&verb=QUERY&method=internal/history")
                .convertBodyTo(JsonNode.class)
                .bean(Ask.class, "historyOf(${exchangeProperty.request}, ${body})")
                .to("direct:decide")
                .bean("answers");
    }
}
