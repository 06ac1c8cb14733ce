package dev.sandglass.audit.routes;

import java.util.List;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;

/** Nothing is shown that the integrators' redaction has not passed: where it fails, the answer is 503. */
public class RedactRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:show")
                .routeId("audit.entries.show")
                .description("Hands a page to dsl-yaml's direct:redact, and shows what comes back")
                .marshal()
                .json()
                .unmarshal()
                .json()
                // Not onException: once the other route's error handler gave up, only a doCatch still hears of it.
                .doTry()
                .to("direct:redact")
                .validate(simple("${body[entries]}").isInstanceOf(List.class))
                .marshal()
                .json()
                .endDoTry()
                .doCatch(Exception.class)
                .log(LoggingLevel.ERROR, "dev.sandglass", "redaction failed, so nothing is shown: ${exception.message}")
                .bean("answers", "withhold")
                .end();
    }
}
