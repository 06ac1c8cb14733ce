package dev.sandglass.task.routes;

import dev.sandglass.support.Problem;
import org.apache.camel.builder.RouteBuilder;

/** What is for operators only. */
public class OperatorRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("platform-http:/api/ops?matchOnUriPrefix=true&headerFilterStrategy=#answerHeaders")
                .routeId("task.rest.operate")
                .description("Others do not learn what there is: they are refused before anything is looked for")
                .routeConfigurationId("problems")
                .bean("identity", "identify")
                .bean("identity", "operator")
                .throwException(new Problem(404, "There is nothing here"));
    }
}
