package dev.sandglass.task.routes;

import dev.sandglass.support.Refused;
import dev.sandglass.support.Unavailable;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** Changes are kept as long as the contract says, and as long as a service may still ask for them. */
public class TrimChangesRoutes extends RouteBuilder {
    @Override
    public void configure() {
        onException(Unavailable.class, Refused.class)
                .handled(true)
                .log(LoggingLevel.INFO, "dev.sandglass", "trimming waits for its next turn: ${exception.message}");

        from("timer:trim-changes?period={{sandglass.task.trim-every}}&delay={{sandglass.task.trim-every}}")
                .routeId("task.timer.trim-changes")
                .description("Takes away old changes that are published and that audit and reminder have taken")
                .setBody()
                .method("trimming", "candidates")
                .filter(body().isNotNull())
                .setProperty("candidates", body())
                .to("kamelet:dapr-invoke-action?app=audit&method=internal/followed")
                .setProperty("audit", body())
                .setBody(exchangeProperty("candidates"))
                .to("kamelet:dapr-invoke-action?app=reminder&method=internal/followed")
                .setProperty("reminder", body())
                .bean("trimming", "trim");
    }
}
